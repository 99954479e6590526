import { useRef } from 'react';
import { ListCsv } from '../analytics/list-csv';
import type { Interaction } from '../api/types';
import { dateTime, plural } from '../format';
import { link, navigate, useSearch } from '../router';
import { useListKeys } from '../sessions/use-list-keys';
import { useTimeZone } from '../settings';
import { Button, Card } from '../ui/controls';
import { Icon } from '../ui/icons';
import { More } from '../ui/pages';
import { SearchMode, useByMeaning } from '../ui/search-mode';
import { Empty, Failed, Skeleton } from '../ui/states';
import { Badges } from './badges';
import { authorOf, INTENTS, productsOf, storyOf, TAGS, wordsOf } from './read';
import { FILTERS, useInteractions, type Filter } from './use-interactions';

const CONFIDENCES = ['0.5', '0.7', '0.9'];

/** Interactions with filters: newest first, or by meaning the most similar first. */
export function Feed() {
  const query = useInteractions();
  const { rows } = query;
  const list = useRef<HTMLOListElement>(null);
  const selected = useListKeys(
    rows.length,
    (index) => list.current?.children[index]?.scrollIntoView({ block: 'nearest' }),
    (index) => rows[index]?.hasSession && navigate(sessionOf(rows[index])),
  );
  return (
    <div className="stack">
      <Filters />
      {query.note && <p role="status">{query.note}</p>}
      <Card
        title={titleOf(query)}
        actions={
          <ListCsv
            small
            list="interactions"
            name={query.isRanked && !query.note ? 'interactions-most-similar' : undefined}
            {...query.source}
          />
        }
        flush
      >
        {query.isError && !query.data ? (
          <Failed error={query.error} retry={() => void query.refetch()} />
        ) : query.isPending ? (
          <Skeleton height={320} />
        ) : !rows.length ? (
          <Nothing />
        ) : (
          <ol className="feed" ref={list}>
            {rows.map((one, index) => (
              <Row key={one.id} interaction={one} isSelected={index === selected} />
            ))}
          </ol>
        )}
        <More query={query} />
      </Card>
    </div>
  );
}

function titleOf({ isRanked, note, total }: ReturnType<typeof useInteractions>): string {
  if (isRanked && !note) return 'Most similar interactions';
  return total === undefined ? 'Interactions' : plural(total, 'interaction');
}

function Filters() {
  const [search, change] = useSearch();
  const label = useByMeaning() ? 'Describe what happened, in English' : 'Words in the summary';
  const field = (name: Filter) => ({
    className: 'field',
    value: search.get(name) ?? '',
    onChange: ({ target }: { target: { value: string } }) => change({ [name]: target.value }, { replace: true }),
  });
  return (
    <div className="row interaction-filters">
      <input
        {...field('q')}
        className="field grow"
        id="search"
        type="search"
        aria-label={label}
        placeholder={label}
        maxLength={200}
      />
      <SearchMode />
      <select {...field('intent')} aria-label="Intent">
        <option value="">Any intent</option>
        {INTENTS.map(([name, label]) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
      </select>
      <select {...field('tag')} aria-label="Tag">
        <option value="">Any tag</option>
        {TAGS.map((tag) => (
          <option key={tag} value={tag}>
            {wordsOf(tag)}
          </option>
        ))}
      </select>
      <select {...field('confidence')} aria-label="Confidence">
        <option value="">Any confidence</option>
        {CONFIDENCES.map((least) => (
          <option key={least} value={least}>
            {Number(least) * 100}% and more
          </option>
        ))}
      </select>
      <input {...field('product')} type="search" aria-label="Product id" placeholder="Product id" maxLength={200} />
    </div>
  );
}

function Nothing() {
  const [search, change] = useSearch();
  if (!FILTERS.some((name) => search.get(name)))
    return (
      <Empty icon="letters" title="No interactions">
        They appear a few seconds after a session has ended. No session ended in this time range.
      </Empty>
    );
  const none = Object.fromEntries(FILTERS.map((name) => [name, null]));
  return (
    <Empty
      icon="letters"
      title="No matching interactions"
      actions={<Button onClick={() => change(none)}>Clear filters</Button>}
    >
      Choose a longer time range, or fewer filters.
    </Empty>
  );
}

const sessionOf = ({ id }: Interaction): string => link(`/sessions/${encodeURIComponent(id)}`);

function Row({ interaction, isSelected }: { interaction: Interaction; isSelected: boolean }) {
  const zone = useTimeZone();
  const { id, hasSession, summary, summarySource, timestamp } = interaction;
  const products = productsOf(storyOf(interaction));
  return (
    <li className={`interaction ${isSelected ? 'selected' : ''}`} data-interaction={id}>
      <div className="row">
        <Badges interaction={interaction} />
        <time className="muted number">{dateTime(timestamp, zone)}</time>
      </div>
      <p className="foreign">{summary ?? 'No summary'}</p>
      <div className="row muted">
        <span className="grow foreign cut">{products.join(', ')}</span>
        <small className="foreign" title={summarySource ?? undefined}>
          {authorOf(summarySource)}
        </small>
        {hasSession && (
          <a className="button small" href={sessionOf(interaction)}>
            <Icon name="play" size={14} /> Session
          </a>
        )}
      </div>
    </li>
  );
}
