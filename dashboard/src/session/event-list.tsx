import { useMemo, useState } from 'react';
import { clock } from '../format';
import { Segments } from '../ui/controls';
import { Icon } from '../ui/icons';
import { Empty } from '../ui/states';
import type { Kind, Moment } from './events';
import { FollowedList } from './followed-list';

type Shown = 'all' | 'main' | 'problems';

const KINDS: Record<Shown, ReadonlySet<Kind> | null> = {
  all: null,
  main: new Set<Kind>(['page', 'click', 'custom', 'error', 'invalid', 'rage']),
  problems: new Set<Kind>(['error', 'invalid', 'rage']),
};

interface Props {
  moments: Moment[];
  from: number;
  at: number;
  isPending: boolean;
  error: unknown;
  onSeek: (at: number) => void;
}

/** The events, in step with the player. A click seeks to an event. */
export function EventList({ moments, from, at, isPending, error, onSeek }: Props) {
  const [shown, setShown] = useState<Shown>('main');
  const [text, setText] = useState('');
  const [open, setOpen] = useState<string | null>(null);
  const kinds = KINDS[shown];
  const rows = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    return moments.filter(
      ({ kind, title, detail }) =>
        (!kinds || kinds.has(kind)) && (!wanted || `${title} ${detail}`.toLowerCase().includes(wanted)),
    );
  }, [moments, kinds, text]);
  return (
    <div className="events">
      <div className="events-head">
        <Segments
          label="Which events"
          value={shown}
          onChange={setShown}
          options={[
            ['main', 'Main'],
            ['problems', 'Problems'],
            ['all', 'All'],
          ]}
        />
        <input
          className="field grow"
          type="search"
          placeholder="Search events"
          aria-label="Search events"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <FollowedList
        rows={rows}
        at={at}
        isPending={isPending}
        error={error}
        open={open}
        onOpen={setOpen}
        onSeek={onSeek}
        classOf={({ kind }) => `kind-${kind}`}
        titleOf={({ title }) => title}
        empty={
          <Empty icon="events" title={moments.length ? 'No matching events' : 'No events'}>
            {moments.length
              ? 'Choose “All”, or search for something else.'
              : 'No interactions are stored for this session.'}
          </Empty>
        }
        row={(moment) => (
          <>
            <span className="time number">{clock(moment.at - from)}</span>
            <i className="dot">
              <Icon name={moment.icon} size={14} />
            </i>
            <span className="grow">
              <b className="cut foreign">{moment.title}</b>
              {moment.detail && (
                <span className="cut detail foreign" title={moment.detail}>
                  {moment.detail}
                </span>
              )}
            </span>
          </>
        )}
        details={({ event }) => (
          <pre className="data" tabIndex={0}>
            {JSON.stringify({ type: event.type, url: event.url, ...(event.data as object) }, null, 1)}
          </pre>
        )}
      />
    </div>
  );
}
