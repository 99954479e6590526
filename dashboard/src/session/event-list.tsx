import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { clock } from '../format';
import { Segments } from '../ui/controls';
import { Icon } from '../ui/icons';
import { Empty, Failed, Skeleton } from '../ui/states';
import { indexAt, type Kind, type Moment } from './events';

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
  const current = indexAt(rows, at + 20);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 46,
    overscan: 10,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const isPointed = useRef(false);
  useEffect(() => {
    // The list does not scroll while the pointer is over it.
    if (current >= 0 && !isPointed.current) virtual.scrollToIndex(current, { align: 'auto' });
  }, [current, virtual]);

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
      <div
        className="events-scroll"
        ref={scroller}
        onPointerEnter={() => (isPointed.current = true)}
        onPointerLeave={() => (isPointed.current = false)}
        tabIndex={-1}
      >
        {isPending &&
          Array.from({ length: 8 }, (_, index) => (
            <div key={index} className="event-waiting">
              <Skeleton height={16} width={`${80 - index * 6}%`} />
            </div>
          ))}
        {!!error && <Failed error={error} />}
        {!isPending && !rows.length && (
          <Empty icon="events" title={moments.length ? 'No matching events' : 'No events'}>
            {moments.length
              ? 'Choose “All”, or search for something else.'
              : 'No interactions are stored for this session.'}
          </Empty>
        )}
        <ol style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start, key }) => {
            const moment = rows[index];
            if (!moment) return null;
            return (
              <li
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                className={`event kind-${moment.kind} ${index === current ? 'current' : ''} ${index > current ? 'later' : ''}`}
                style={{ transform: `translateY(${start}px)` }}
                aria-current={index === current ? 'step' : undefined}
              >
                <button type="button" className="event-row" onClick={() => onSeek(moment.at)}>
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
                </button>
                <button
                  type="button"
                  className="more"
                  aria-label={`Details of ${moment.title}`}
                  aria-expanded={open === moment.id}
                  onClick={() => setOpen(open === moment.id ? null : moment.id)}
                >
                  <Icon name="down" size={14} />
                </button>
                {open === moment.id && (
                  <pre className="data" tabIndex={0}>
                    {JSON.stringify(
                      { type: moment.event.type, url: moment.event.url, ...(moment.event.data as object) },
                      null,
                      1,
                    )}
                  </pre>
                )}
              </li>
            );
          })}
        </ol>
      </div>
    </div>
  );
}
