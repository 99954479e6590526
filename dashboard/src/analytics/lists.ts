/** Lists of the dashboard as tables: what a row of each says. */
import { pagesOf } from '../api/client';
import type { Interaction, Issue, Person, Session } from '../api/types';
import { exactCount, plural } from '../format';
import { titleOf } from '../issues/parts';
import { saveTable, timeCell, type Cell, type Table } from './csv';
import type { Source } from './list-csv';

/** As the answers of the server name their rows. */
interface Rows {
  sessions: Session;
  people: Person;
  issues: Issue;
  interactions: Interaction;
}
export type ListName = keyof Rows;
export interface ListPage extends Partial<Record<ListName, object[]>> {
  nextCursor?: string | null;
}

/** The most that each of the lists gives at once. */
const PAGE = 100;

type Columns<R> = readonly (readonly [name: string, of: (row: R, zone: string) => Cell])[];

const COLUMNS: { [N in ListName]: Columns<Rows[N]> } = {
  sessions: [
    ['started', (it, zone) => timeCell(it.startedAt, zone)],
    ['session', (it) => it.id],
    ['user', (it) => it.userId],
    ['visitor', (it) => it.visitorId],
    ['duration ms', (it) => it.durationMs],
    ['pages', (it) => it.counts.pageviews],
    ['clicks', (it) => it.counts.clicks],
    ['events', (it) => it.counts.events],
    ['errors', (it) => it.counts.errors],
    ['rage clicks', (it) => it.counts.rageClicks],
    ['entry page', (it) => it.initialUrl],
    ['exit page', (it) => it.exitUrl],
    ['referrer', (it) => it.referrer],
    ['country', (it) => it.country],
    ['device', (it) => it.deviceType],
    ['browser', (it) => it.browser],
    ['os', (it) => it.os],
    ['replay', (it) => String(it.hasReplay)],
    ['tags', (it) => it.tags?.join(', ')],
  ],
  people: [
    ['last seen', (it, zone) => timeCell(it.lastSeenAt, zone)],
    ['kind', (it) => it.kind],
    ['user', (it) => it.userId],
    ['visitor', (it) => it.visitorId],
    ['properties', (it) => it.traits && JSON.stringify(it.traits)],
    ['country', (it) => it.country],
    ['device', (it) => it.deviceType],
    ['browser', (it) => it.browser],
    ['os', (it) => it.os],
    ['newest session', (it) => it.sessionId],
  ],
  issues: [
    ['error', titleOf],
    ['message', (it) => it.message],
    ['place', (it) => it.culprit],
    ['page', (it) => it.page],
    ['release', (it) => it.release],
    ['status', (it) => it.status],
    ['regressed', (it) => String(it.isRegressed)],
    ['occurrences', (it) => it.count],
    ['sessions', (it) => it.sessions],
    ['people', (it) => it.people],
    ['people estimated', (it) => String(it.arePeopleEstimated)],
    ['first seen', (it, zone) => timeCell(it.firstSeen, zone)],
    ['last seen', (it, zone) => timeCell(it.lastSeen, zone)],
    ['assigned to', (it) => it.assigneeName],
  ],
  interactions: [
    ['time', (it, zone) => timeCell(it.timestamp, zone)],
    ['id', (it) => it.id],
    ['source', (it) => it.sourceType],
    ['intent', (it) => it.intent],
    ['confidence', (it) => it.confidence],
    ['tags', (it) => it.tags?.join(', ')],
    ['products', (it) => it.productIds?.join(', ')],
    ['summary', (it) => it.summary],
    ['written by', (it) => it.summarySource],
  ],
};

/** What a list is called that is not called like its rows. */
const NAMES: Partial<Record<ListName, string>> = { issues: 'errors' };

export function tableOf(list: ListName, rows: readonly object[], zone: string, name = NAMES[list] ?? list): Table {
  const columns: Columns<never> = COLUMNS[list];
  return {
    name,
    columns: columns.map(([column]) => column),
    rows: rows.map((row) => columns.map(([, of]) => of(row as never, zone))),
  };
}

/** All rows of a list, or the first `most` of them: then the name says so. Tells how many it has after each page. */
export async function readTable(
  { list, name, most }: Pick<Source, 'list' | 'name' | 'most'>,
  pages: AsyncIterable<ListPage>,
  zone: string,
  told: (rows: number) => void,
): Promise<Table> {
  const rows: object[] = [];
  let isCut = false;
  for await (const page of pages) {
    rows.push(...(page[list] ?? []));
    isCut = rows.length > most || (rows.length === most && Boolean(page.nextCursor));
    told(Math.min(rows.length, most));
    if (rows.length >= most) break;
  }
  const table = tableOf(list, rows.slice(0, most), zone, name);
  return isCut ? { ...table, name: `${table.name}-first-${most}`, isCut } : table;
}

/** Saves a list as a file. Returns what to say about it. */
export async function saveList(
  source: Source,
  zone: string,
  told: (rows: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const pages = pagesOf<ListPage>(source.path, { ...source.params, limit: PAGE }, signal);
  const table = await readTable(source, pages, zone, told);
  if (!table.rows.length) return 'Nothing to save: the list is empty.';
  saveTable(table);
  return table.isCut
    ? `The file has the first ${exactCount(source.most)} rows. The list may have more.`
    : `The file has the whole list: ${plural(table.rows.length, 'row')}.`;
}
