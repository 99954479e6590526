import { clock } from '../format';
import { Icon } from '../ui/icons';
import { Empty } from '../ui/states';
import type { Kind, Moment } from './events';
import { SearchedList } from './searched-list';

const KINDS = [
  ['main', 'Main'],
  ['problems', 'Problems'],
  ['all', 'All'],
] as const;

const SHOWN: Record<'main' | 'problems', ReadonlySet<Kind>> = {
  main: new Set<Kind>(['page', 'click', 'custom', 'error', 'invalid', 'rage']),
  problems: new Set<Kind>(['error', 'invalid', 'rage']),
};

interface Props {
  moments: Moment[];
  from: number;
  at: number;
  isPending: boolean;
  error: unknown;
  retry: () => void;
  onSeek: (at: number) => void;
}

/** The events, in step with the player. A click seeks to an event. */
export function EventList({ moments, from, ...place }: Props) {
  return (
    <SearchedList
      {...place}
      rows={moments}
      name="events"
      icon="events"
      kinds={KINDS}
      isOf={({ kind }, shown) => shown === 'all' || SHOWN[shown].has(kind)}
      textOf={({ title, detail }) => `${title} ${detail}`}
      classOf={({ kind }) => `kind-${kind}`}
      titleOf={({ title }) => title}
      none={
        <Empty icon="events" title="No events">
          No events are stored for this session.
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
  );
}
