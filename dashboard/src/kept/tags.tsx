import { useState, type FormEvent } from 'react';
import { Problem } from '../accounts/problem';
import type { Session } from '../api/types';
import { count } from '../format';
import { link } from '../router';
import { Button, Popover } from '../ui/controls';
import { Icon } from '../ui/icons';
import { useAddTag, useRemoveTag, useSetWatched, useTags } from './use-kept';
import './kept.css';

const MAX_TAG = 40;
const SUGGESTED = 8;

/** The tags of a session, each with a link to the sessions that have it, and a field for more. */
export function Tags({ session }: { session: Session }) {
  const remove = useRemoveTag(session);
  const tags = session.tags ?? [];
  return (
    <span className="row session-tags">
      {tags.map((tag) => (
        <span key={tag} className="chip">
          <a className="cut" href={link('/sessions', { tag })} title={`Sessions with the tag ${tag}`}>
            {tag}
          </a>
          <button
            type="button"
            aria-label={`Remove the tag ${tag}`}
            disabled={remove.isPending}
            onClick={() => remove.mutate(tag)}
          >
            <Icon name="close" size={14} />
          </button>
        </span>
      ))}
      <Popover
        title="Add a tag"
        button={(open, isOpen) => (
          <Button small look="quiet" icon="tag" label="Add a tag" onClick={open} aria-expanded={isOpen} />
        )}
      >
        {(close) => <AddTag session={session} close={close} />}
      </Popover>
    </span>
  );
}

function AddTag({ session, close }: { session: Session; close: () => void }) {
  const add = useAddTag(session);
  const [typed, setTyped] = useState('');
  const known = useTags();
  const asked = typed.trim().toLowerCase();
  const suggested = known.filter(({ tag }) => tag.includes(asked) && !session.tags?.includes(tag)).slice(0, SUGGESTED);
  const choose = (tag: string) => add.mutate(tag, { onSuccess: close });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (asked) choose(asked);
  };
  return (
    <form onSubmit={submit}>
      <input
        className="field picker-search"
        aria-label="Tag"
        placeholder="Tag…"
        maxLength={MAX_TAG}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {suggested.map(({ tag, sessions }) => (
        <button key={tag} type="button" className="item" onClick={() => choose(tag)}>
          <span className="cut">{tag}</span>
          <span className="count">{count(sessions)}</span>
        </button>
      ))}
      <p className="menu-title">Press Enter to add the tag.</p>
      <Problem error={add.error} />
    </form>
  );
}

/** Whether one has watched the session; by hand. */
export function WatchedButton({ session }: { session: Session }) {
  const set = useSetWatched(session);
  const isWatched = session.isWatched ?? false;
  return (
    <Button
      icon="check"
      label={isWatched ? 'Watched by you' : 'Mark as watched'}
      aria-pressed={isWatched}
      disabled={set.isPending}
      onClick={() => set.mutate(!isWatched)}
    />
  );
}
