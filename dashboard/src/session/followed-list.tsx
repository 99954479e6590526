import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type ReactNode } from 'react';
import { Icon } from '../ui/icons';
import { Failed, Skeleton } from '../ui/states';
import { indexAt } from './events';

export interface Row {
  id: string;
  at: number;
}

export interface FollowedProps<R extends Row> {
  /** In the order of time. */
  rows: R[];
  at: number;
  isPending: boolean;
  error?: unknown;
  /** After an error. */
  retry?: () => void;
  /** Shown when there are no rows. */
  empty: ReactNode;
  classOf: (row: R) => string;
  row: (row: R) => ReactNode;
  /** What the button opens; nothing without it. */
  details: (row: R) => ReactNode;
  titleOf: (row: R) => string;
  open: string | null;
  onOpen: (id: string | null) => void;
  onSeek: (at: number) => void;
}

const HEIGHT = 46;
/** Events of one click are in the picture of its moment. */
const SAME_MS = 20;

/** Rows in step with the player. A click seeks to a row. Only what is on the screen is in the document. */
export function FollowedList<R extends Row>({ rows, at, isPending, error, empty, open, ...props }: FollowedProps<R>) {
  const { classOf, row: shownRow, details, titleOf, onOpen, onSeek, retry } = props;
  const current = indexAt(rows, at + SAME_MS);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => HEIGHT,
    overscan: 10,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const isPointed = useRef(false);
  useEffect(() => {
    // The list does not scroll while the pointer is over it.
    if (current >= 0 && !isPointed.current) virtual.scrollToIndex(current, { align: 'auto' });
  }, [current, virtual]);
  const items = virtual.getVirtualItems();

  return (
    <div
      className="events-scroll"
      ref={scroller}
      onPointerEnter={() => (isPointed.current = true)}
      onPointerLeave={() => (isPointed.current = false)}
      tabIndex={-1}
    >
      {isPending &&
        !rows.length &&
        Array.from({ length: 8 }, (_, index) => (
          <div key={index} className="event-waiting">
            <Skeleton height={16} width={`${80 - index * 6}%`} />
          </div>
        ))}
      {!!error && <Failed error={error} retry={retry} />}
      {!isPending && !rows.length && empty}
      <ol style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map(({ index, start, key }) => {
          const row = rows[index];
          if (!row) return null;
          const more = details(row);
          return (
            <li
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              className={`event ${classOf(row)} ${index === current ? 'current' : ''} ${index > current ? 'later' : ''}`}
              style={{ transform: `translateY(${start}px)` }}
              aria-current={index === current ? 'step' : undefined}
            >
              <button type="button" className="event-row" onClick={() => onSeek(row.at)}>
                {shownRow(row)}
              </button>
              {more && (
                <button
                  type="button"
                  className="more"
                  aria-label={`Details of ${titleOf(row)}`}
                  aria-expanded={open === row.id}
                  onClick={() => onOpen(open === row.id ? null : row.id)}
                >
                  <Icon name="down" size={14} />
                </button>
              )}
              {more && open === row.id && more}
            </li>
          );
        })}
      </ol>
    </div>
  );
}
