/** From the pages of analytics to tiles, and back. Filters have the same names in both. */
import { readGroups, type Group } from '../sessions/conditions';
import { RANGES } from '../sessions/filters';
import type { Dashboard, Draft, NewTile, Tile } from './types';

const HOUR = 3_600_000;
/** The most tiles of a dashboard. */
export const MAX_TILES = 24;

type Values = Record<string, string | number | undefined>;

/** A tile that asks what a page asks with these filters. It has no range: that of the dashboard holds. */
export function tileOf(tile: NewTile, filter: Values): NewTile {
  const { from: _from, to: _to, ...rest } = filter;
  const parameters = tile.kind === 'funnel' ? { ...tile.parameters, filter: rest } : { ...rest, ...tile.parameters };
  return { ...tile, parameters };
}

/** The body that saves a dashboard. Tiles that are not shown cannot be saved. */
export const bodyOf = ({ name, isShared, lastHours, where, tiles }: Draft): Draft => ({
  name,
  isShared,
  lastHours,
  where: where ?? [],
  tiles: tiles.filter(({ parameters }) => parameters !== null),
});

const text = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

const groupsOf = (where: unknown): Group[] =>
  where === undefined || where === null || where === '' ? [] : readGroups(text(where));

/** The range of a dashboard: what the address says, else its own one. */
export function rangeOf(address: URLSearchParams, lastHours: number | null, now = Date.now()): Record<string, string> {
  const [from, to, range] = ['from', 'to', 'range'].map((name) => address.get(name));
  if (from && to) return { from, to };
  if (range) return { range };
  if (lastHours === null) return {};
  const known = RANGES.find(([, , ms]) => ms === lastHours * HOUR);
  if (known) return { range: known[0] };
  const end = Math.ceil(now / 60_000) * 60_000;
  return { from: String(end - lastHours * HOUR), to: String(end) };
}

/** The address that a page would have to ask what a tile asks. */
export function searchOf(
  { kind, parameters }: Pick<Tile, 'kind' | 'parameters'>,
  where: Group[] | null,
  range: Record<string, string>,
): URLSearchParams {
  const { filter, steps, windowMs, where: own, ...rest } = parameters ?? {};
  const search = new URLSearchParams(range);
  const { where: ofFilter, ...others } = (filter ?? {}) as Record<string, unknown>;
  for (const [name, value] of Object.entries({ ...rest, ...others }))
    if (value !== undefined && value !== null) search.set(name, text(value));
  if (steps) search.set('steps', text(steps));
  if (windowMs) search.set('window', text(windowMs));
  const groups = [...groupsOf(own), ...groupsOf(ofFilter), ...(kind === 'issues' ? [] : (where ?? []))];
  if (groups.length) search.set('where', JSON.stringify(groups));
  return search;
}

/** The page that asks the same, with more around it. */
export const PAGE_OF: Partial<Record<Tile['kind'], string>> = {
  overview: 'overview',
  events: 'events',
  funnel: 'funnels',
  journeys: 'journeys',
  heatmap: 'heatmaps',
  retention: 'retention',
  vitals: 'vitals',
  sessions: 'sessions',
  issues: 'errors',
};

/** What a copy is saved as. */
export const copyOf = (board: Dashboard): Draft => ({
  ...bodyOf(board),
  name: `Copy of ${board.name}`.slice(0, 100),
  isShared: false,
});
