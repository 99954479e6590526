/** Interactions in readable form. */
import { useEffect, useMemo } from 'react';
import type { EventPage, ReplayLine, Session, SessionEvent } from '../api/types';
import { duration, pathOf } from '../format';
import { mayGoOn } from '../sessions/further';
import type { IconName } from '../ui/icons';
import { usePages } from '../ui/pages';
import { labelOf, placeOf } from './elements';
import { mergeEvents } from './merge';

/** `error` is an event of type `error`, as the server counts them. A validation error is `invalid`. */
export type Kind = 'page' | 'click' | 'input' | 'error' | 'invalid' | 'rage' | 'custom' | 'scroll' | 'other';

export interface Moment {
  /** Names the event within the session. */
  id: string;
  at: number;
  kind: Kind;
  icon: IconName;
  title: string;
  detail: string;
  event: SessionEvent;
}

type Data = Record<string, unknown>;

/** What an event has of its own. */
export const dataOf = ({ event }: Moment): Data => (event.data ?? {}) as Data;

/** All interactions of a session, over all pages of the answer, in the server's order. `live`: lines of each reading of the stream. `retry` goes on after `error`. */
export function useMoments(
  session: Session,
  live: ReplayLine[][],
): { moments: Moment[]; isPending: boolean; error: unknown; retry: () => void } {
  const path = `/sessions/${session.organizationId}/${session.id}/events`;
  const query = usePages<EventPage>(['events', path], path, { limit: 1000 }, { staleTime: Infinity });
  const { fetchNextPage, refetch, data } = query;
  const goesOn = mayGoOn(query, 0);
  useEffect(() => {
    if (goesOn) void fetchNextPage();
  }, [goesOn, fetchNextPage]);
  const moments = useMemo(() => {
    const known = data?.pages.flatMap(({ events }) => events) ?? [];
    return mergeEvents([known, ...live.map((lines) => lines.map(fromLine))]).map(({ key, event }) => ({
      ...momentOf(event),
      id: key,
    }));
  }, [data, live]);
  const retry = () => void (data ? fetchNextPage() : refetch());
  return { moments, isPending: query.isPending, error: query.error, retry };
}

function fromLine({ w, t, d }: ReplayLine): SessionEvent {
  const event = (d ?? {}) as Partial<SessionEvent>;
  return {
    id: event.id ?? '',
    type: event.type ?? 'custom',
    name: event.name ?? null,
    url: event.url ?? null,
    windowId: w,
    timestamp: t,
    data: event.data,
  };
}

export function momentOf(event: SessionEvent): Moment {
  const data = (typeof event.data === 'object' && event.data !== null ? event.data : {}) as Data;
  return { id: event.id, at: event.timestamp, event, ...describe(event, data) };
}

type Description = Pick<Moment, 'kind' | 'icon' | 'title' | 'detail'>;

const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
/** The target, and the elements around it. */
const target = (data: Data): string => [labelOf(data), placeOf(data)].filter(Boolean).join(' · ');
const path = (event: SessionEvent): string => (event.url ? pathOf(event.url) : '');

function describe(event: SessionEvent, data: Data): Description {
  switch (event.type) {
    case 'pageview':
      return { kind: 'page', icon: 'page', title: path(event) || 'Page', detail: text(data.title) };
    case 'click':
      return data.rage === true
        ? { kind: 'rage', icon: 'rage', title: 'Rage click', detail: target(data) }
        : { kind: 'click', icon: 'click', title: 'Click', detail: target(data) };
    case 'dead_click':
      return { kind: 'rage', icon: 'click', title: 'Dead click', detail: target(data) };
    case 'error':
      return { kind: 'error', icon: 'error', title: text(data.name) || 'Error', detail: text(data.message) };
    case 'validation_error':
      return {
        kind: 'invalid',
        icon: 'input',
        title: 'Validation error',
        detail: [labelOf(data), text(data.reason) || text(data.message)].filter(Boolean).join(': '),
      };
    case 'input':
    case 'focus':
    case 'blur':
    case 'submit':
      return {
        kind: 'input',
        icon: 'input',
        title: { input: 'Input', focus: 'Focus', blur: 'Blur', submit: 'Submit' }[event.type],
        detail: target(data),
      };
    case 'scroll':
      return {
        kind: 'scroll',
        icon: 'scroll',
        title: 'Scroll',
        detail: data.depth === undefined ? '' : `to ${text(data.depth)}%`,
      };
    case 'performance':
      return {
        kind: 'other',
        icon: 'gauge',
        title: 'Page speed',
        detail: typeof data.lcp === 'number' ? `LCP ${duration(data.lcp)}` : '',
      };
    case 'custom':
      return { kind: 'custom', icon: 'events', title: event.name ?? 'Custom event', detail: brief(data) };
    case 'product_view':
      return { kind: 'custom', icon: 'events', title: 'Product view', detail: text(data.name) || text(data.id) };
    default:
      return {
        kind: 'other',
        icon: 'events',
        title: event.name ?? event.type.replaceAll('_', ' '),
        detail: brief(data),
      };
  }
}

const brief = (data: Data): string =>
  Object.entries(data)
    .filter(([, value]) => typeof value !== 'object')
    .slice(0, 3)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(', ');

/** The last moment at or before a time; -1 for none. */
export function indexAt(moments: readonly { at: number }[], at: number): number {
  let low = 0;
  let high = moments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((moments[middle]?.at ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
