import type { UseQueryResult } from '@tanstack/react-query';
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { ApiError } from '../api/client';
import type { Interaction, Session } from '../api/types';
import { dateTime, pathOf } from '../format';
import { authorOf } from '../interactions/read';
import type { Product } from '../products/types';
import { link } from '../router';
import { nameOf } from '../sessions/visitor';
import { useTimeZone } from '../settings';
import { Button, Dialog } from '../ui/controls';
import { Skeleton } from '../ui/states';
import { RANGE, useFound } from './use-found';
import './search.css';

/** One box for sessions, interactions and products. Arrow keys move, Enter opens. */
export default function SearchBox({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const inside = useRef<HTMLDivElement>(null);
  const found = useFound(typed);
  const places = (): HTMLElement[] => [...(inside.current?.querySelectorAll<HTMLElement>('input, a[href]') ?? [])];
  const pressed = (event: KeyboardEvent) => {
    const all = places();
    const at = all.indexOf(document.activeElement as HTMLElement);
    if (event.key === 'ArrowDown') all[Math.min(at + 1, all.length - 1)]?.focus();
    else if (event.key === 'ArrowUp') all[Math.max(at - 1, 0)]?.focus();
    // Only what belongs to the text that is there now.
    else if (event.key === 'Enter' && at === 0 && found.asked === typed.trim().replace(/\s+/g, ' ')) all[1]?.click();
    // In a field of this type, Escape would only clear the text.
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
  };
  return (
    <Dialog
      title="Search"
      onClose={onClose}
      footer={
        <>
          <p className="muted grow search-keys">
            <kbd>↑</kbd> <kbd>↓</kbd> choose, <kbd>Enter</kbd> opens, <kbd>Esc</kbd> closes
          </p>
          <Button onClick={onClose}>Close</Button>
        </>
      }
    >
      {/* oxlint-disable-next-line no-static-element-interactions -- the keys move between the links inside. */}
      <div className="search-box stack" ref={inside} onKeyDown={pressed}>
        <input
          className="field"
          type="search"
          aria-label="Search sessions, interactions and products"
          placeholder="A user, a page, an id, a product, or what happened"
          maxLength={200}
          autoComplete="off"
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
        {found.asked && <Groups found={found} onClose={onClose} />}
      </div>
    </Dialog>
  );
}

function Groups({ found, onClose }: { found: ReturnType<typeof useFound>; onClose: () => void }) {
  const { asked, words, sessions, interactions, products } = found;
  return (
    <div className="search-groups" onClick={(event) => (event.target as Element).closest('a') && onClose()}>
      <Group
        title="Sessions"
        query={sessions}
        rowsOf={(page) => page.sessions}
        row={(one) => <SessionRow key={one.id} session={one} />}
        all={link('/sessions', { text: asked, range: RANGE })}
        none="No session of the last 90 days has this user, page, id or text."
      />
      <Group
        title="Interactions"
        query={interactions}
        rowsOf={(page) => page.interactions}
        noteOf={(page) => page.note}
        row={(one) => <InteractionRow key={one.id} interaction={one} />}
        all={link('/interactions', { q: words, range: RANGE })}
        none="No summary has these words or a similar meaning."
      />
      <Group
        title="Products"
        query={products}
        rowsOf={(page) => page.products}
        noteOf={(page) => page.note}
        row={(one) => <ProductRow key={one.id} product={one} />}
        all={link('/products', { q: words })}
        none="No product has these words or a similar meaning."
      />
    </div>
  );
}

function Group<P, T>({
  title,
  query,
  rowsOf,
  noteOf,
  row,
  all,
  none,
}: {
  title: string;
  query: UseQueryResult<P>;
  rowsOf: (page: P) => T[];
  /** Says that what is here was found by words only. */
  noteOf?: (page: P) => string | null | undefined;
  row: (one: T) => ReactNode;
  all: string;
  none: string;
}) {
  const rows = query.data ? rowsOf(query.data) : [];
  const note = query.data && noteOf?.(query.data);
  return (
    <section aria-label={title} aria-busy={query.isPending}>
      <h3>{title}</h3>
      {note && <p role="status">{note}</p>}
      {query.isError ? (
        <p className="problem">{query.error instanceof ApiError ? query.error.message : 'The search failed.'}</p>
      ) : query.isPending ? (
        <Skeleton height={30} />
      ) : rows.length ? (
        <>
          <ul>{rows.map(row)}</ul>
          <a className="search-all" href={all}>
            All {title.toLowerCase()} with these words
          </a>
        </>
      ) : (
        <p className="muted">{note ? 'Nothing has all of these words.' : none}</p>
      )}
    </section>
  );
}

function SessionRow({ session }: { session: Session }) {
  const zone = useTimeZone();
  return (
    <Found
      href={link(`/sessions/${encodeURIComponent(session.id)}`)}
      title={nameOf(session)}
      more={session.initialUrl ? pathOf(session.initialUrl) : ''}
      at={dateTime(session.startedAt, zone)}
    />
  );
}

function InteractionRow({ interaction }: { interaction: Interaction }) {
  const zone = useTimeZone();
  const { id, hasSession, summary, summarySource, timestamp } = interaction;
  const href = hasSession
    ? link(`/sessions/${encodeURIComponent(id)}`)
    : link('/interactions', { from: timestamp, to: timestamp + 1 });
  return (
    <Found
      href={href}
      title={summary ?? 'No summary'}
      more={summary ? authorOf(summarySource) : ''}
      at={dateTime(timestamp, zone)}
    />
  );
}

function ProductRow({ product: { id, name, category } }: { product: Product }) {
  return <Found href={link('/products', { q: id })} title={name} more={category ?? ''} at={id} />;
}

/** Visitors and sites wrote the texts. */
function Found({ href, title, more, at }: { href: string; title: string; more: string; at: string }) {
  return (
    <li>
      <a className="search-row" href={href}>
        <span className="grow cut foreign">{title}</span>
        {more && <span className="cut muted foreign">{more}</span>}
        <small className="muted number cut">{at}</small>
      </a>
    </li>
  );
}
