/** How fast a page was, from its recording and its events. */
import { measuredOf } from '../../analytics/ratings';
import type { Moment } from '../events';
import type { Beside, NetworkRow } from './read';

/** A long task, the measurements of a page, or a file that it loaded. */
export type SlowRow = { id: string; at: number } & (
  | { kind: 'task'; duration: number }
  | { kind: 'vitals'; url: string; values: [name: string, value: number][] }
  | { kind: 'loading'; request: NetworkRow }
);

/** In the order of time. */
export function slowRows({ longTasks, requests }: Pick<Beside, 'longTasks' | 'requests'>, moments: Moment[]) {
  const rows: SlowRow[] = longTasks.map((task, index) => ({ kind: 'task', id: `task ${index}`, ...task }));
  for (const { id, at, event } of moments)
    if (event.type === 'performance')
      rows.push({ kind: 'vitals', id, at, url: event.url ?? '', values: measuredOf(event.data) });
  for (const request of requests)
    if (request.kind === 'page' || request.kind === 'file')
      rows.push({ kind: 'loading', id: request.id, at: request.at, request });
  return rows.sort((a, b) => a.at - b.at);
}

/** The worst value of each measurement. */
export function worstOf(rows: SlowRow[]): [name: string, value: number][] {
  const worst = new Map<string, number>();
  for (const row of rows)
    if (row.kind === 'vitals')
      for (const [name, value] of row.values) worst.set(name, Math.max(value, worst.get(name) ?? 0));
  return [...worst];
}

const MOST_TASKS = 5;

/** The longest tasks, the longest first. */
export const longestOf = (rows: SlowRow[]) =>
  rows
    .filter((row) => row.kind === 'task')
    .sort((a, b) => b.duration - a.duration)
    .slice(0, MOST_TASKS);
