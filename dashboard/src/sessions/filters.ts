/** The filters of the list and of analytics. They have the same names in the API and in the page's URL. */
import { useMemo } from 'react';
import type { Rights } from '../admin/pages';
import { country, duration } from '../format';
import { useSearch } from '../router';
import type { IconName } from '../ui/icons';

export interface FilterField {
  name: string;
  label: string;
  icon: IconName;
  kind: 'text' | 'flag' | 'facet' | 'duration' | 'tag' | 'collection';
  /** The facet with the values to choose from. */
  facet?: 'country' | 'device' | 'browser' | 'os' | 'eventType' | 'eventName';
  /** Texts of a flag when it is true and when it is false. */
  flags?: [string, string];
  placeholder?: string;
  /** Finds a person or a part of a text. The server refuses it where personal data is masked. */
  isPersonal?: boolean;
  /** Only the list of sessions has it: analytics does not know what people keep with sessions. */
  isOfList?: boolean;
}

export const FIELDS: FilterField[] = [
  { name: 'country', label: 'Country', icon: 'place', kind: 'facet', facet: 'country' },
  { name: 'device', label: 'Device', icon: 'mobile', kind: 'facet', facet: 'device' },
  { name: 'browser', label: 'Browser', icon: 'screen', kind: 'facet', facet: 'browser' },
  { name: 'os', label: 'Operating system', icon: 'desktop', kind: 'facet', facet: 'os' },
  { name: 'eventType', label: 'Event type', icon: 'events', kind: 'facet', facet: 'eventType' },
  { name: 'eventName', label: 'Event name', icon: 'events', kind: 'facet', facet: 'eventName' },
  { name: 'userId', label: 'User', icon: 'user', kind: 'text', placeholder: 'user id', isPersonal: true },
  { name: 'visitorId', label: 'Visitor', icon: 'user', kind: 'text', placeholder: 'visitor id', isPersonal: true },
  {
    name: 'url',
    label: 'Visited page',
    icon: 'page',
    kind: 'text',
    placeholder: 'part of the address',
    isPersonal: true,
  },
  {
    name: 'referrer',
    label: 'Referrer',
    icon: 'share',
    kind: 'text',
    placeholder: 'part of the address',
    isPersonal: true,
  },
  { name: 'minDuration', label: 'Longer than', icon: 'clock', kind: 'duration' },
  { name: 'maxDuration', label: 'Shorter than', icon: 'clock', kind: 'duration' },
  { name: 'errors', label: 'Errors', icon: 'error', kind: 'flag', flags: ['has errors', 'no errors'] },
  {
    name: 'rageClicks',
    label: 'Rage clicks',
    icon: 'rage',
    kind: 'flag',
    flags: ['has rage clicks', 'no rage clicks'],
  },
  {
    name: 'deadClicks',
    label: 'Dead clicks',
    icon: 'click',
    kind: 'flag',
    flags: ['has dead clicks', 'no dead clicks'],
  },
  { name: 'hasReplay', label: 'Replay', icon: 'play', kind: 'flag', flags: ['has a replay', 'no replay'] },
  { name: 'live', label: 'Live', icon: 'vitals', kind: 'flag', flags: ['live now', 'not live'] },
  { name: 'tag', label: 'Tag', icon: 'tag', kind: 'tag', isPersonal: true, isOfList: true },
  {
    name: 'collection',
    label: 'Collection',
    icon: 'save',
    kind: 'collection',
    isPersonal: true,
    isOfList: true,
  },
  {
    name: 'watched',
    label: 'Watched by me',
    icon: 'check',
    kind: 'flag',
    flags: ['watched by me', 'not watched by me'],
    isPersonal: true,
    isOfList: true,
  },
  { name: 'bot', label: 'Bots', icon: 'bot', kind: 'flag', flags: ['bots', 'no bots'] },
];

/** The filters that somebody may set. */
export const filtersOf = ({ mayWatch }: Pick<Rights, 'mayWatch'>): FilterField[] =>
  mayWatch ? FIELDS : FIELDS.filter(({ isPersonal }) => !isPersonal);

export const RANGES = [
  ['1h', 'Last hour', 3_600_000],
  ['24h', 'Last 24 hours', 86_400_000],
  ['7d', 'Last 7 days', 604_800_000],
  ['30d', 'Last 30 days', 2_592_000_000],
  ['90d', 'Last 90 days', 7_776_000_000],
] as const;
export const DEFAULT_RANGE = '7d';

export type Filter = Record<string, string>;

const OF_LIST = new Set(FIELDS.filter(({ isOfList }) => isOfList).map(({ name }) => name));

/** Whether it is about what people keep with sessions. */
export const isKept = (name: string): boolean => OF_LIST.has(name);

const NAMES = new Set([...FIELDS.map(({ name }) => name), 'text', 'where']);

/** The text of an active filter. */
export function reading({ kind, flags, label, name }: FilterField, value: string): [label: string, value: string] {
  if (kind === 'flag' && flags) return ['', value === 'true' ? flags[0] : flags[1]];
  if (kind === 'duration') return [label, duration(Number(value))];
  return [label, name === 'country' ? country(value) : value];
}

/** The time range. A relative one ends at the current minute, so that equal requests are sent once. */
export function timesOf(search: URLSearchParams, now = Date.now()): { from: number; to: number; range: string | null } {
  const [from, to] = [Number(search.get('from')), Number(search.get('to'))];
  if (from > 0 && to > from) return { from, to, range: null };
  const range =
    RANGES.find(([name]) => name === search.get('range')) ?? RANGES.find(([name]) => name === DEFAULT_RANGE);
  const end = Math.ceil(now / 60_000) * 60_000;
  return { from: end - (range?.[2] ?? 0), to: end, range: range?.[0] ?? null };
}

export function filterOf(search: URLSearchParams): Filter {
  return Object.fromEntries([...search].filter(([name, value]) => NAMES.has(name) && value));
}

/** Filters and time range of this location. `query` has the parameters for the server, `listQuery` those for the list of sessions. */
export function useFilters() {
  const [search, change] = useSearch();
  const text = search.toString();
  // A new request every minute would clear the page. So times stay until a filter changes or the page is reloaded.
  return useMemo(() => {
    const current = new URLSearchParams(text);
    const filter = filterOf(current);
    const times = timesOf(current);
    const listQuery: Record<string, string | number> = { ...filter, from: times.from, to: times.to };
    const query = Object.fromEntries(Object.entries(listQuery).filter(([name]) => !OF_LIST.has(name)));
    return { filter, times, query, listQuery, change };
    // oxlint-disable-next-line exhaustive-deps -- `change` reads the place itself.
  }, [text]);
}

/** The parameters of a link that keeps the current filters and adds some. */
export function linkParams(
  search: URLSearchParams,
  more: Record<string, string | number | undefined> = {},
): Record<string, string | number | undefined> {
  const times = search.get('from')
    ? { from: search.get('from') ?? undefined, to: search.get('to') ?? undefined }
    : { range: search.get('range') ?? undefined };
  return { ...filterOf(search), ...times, ...more };
}
