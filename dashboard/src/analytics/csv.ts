/** Answers as tables of values, and as CSV. */
import { saveAsFile } from '../session/download';

export type Cell = string | number | null | undefined;

export interface Table {
  /** Of the file, without its ending, and the heading above the table. */
  name: string;
  columns: readonly string[];
  rows: readonly (readonly Cell[])[];
  /** There are more rows than these. */
  isCut?: boolean;
}

/** The name of a file that has so many rows, and at most `most`: it says so if there may be more. */
export const firstOf = (name: string, rows: number, most: number): string =>
  rows < most ? name : `${name}-first-${most}`;

/**
 * Spreadsheets run what begins like this as a formula. Texts come from visitors. Some spreadsheets split cells at `;` or a tab, also in
 * quotes, and a quote in the middle of a cell does not hold a line together.
 */
const FORMULA = /([;\t\r\n])(?=\s*[=+\-@])|^(?=\s*[=+\-@]|[\t\r])/g;

function cell(value: Cell): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = value.replace(FORMULA, "$1'");
  return /[",\r\n;]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}

/** RFC 4180. The mark at the beginning tells spreadsheets that it is UTF-8. */
export const csvOf = ({ columns, rows }: Table): string =>
  `\uFEFF${[columns, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;

export const saveTable = (table: Table): void =>
  saveAsFile(new Blob([csvOf(table)], { type: 'text/csv;charset=utf-8' }), `${table.name}.csv`);

/** Formats are created once per time zone: a long list has one time zone and many times. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'longOffset',
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** The local time with its offset from UTC, as in ISO 8601. Buckets begin at local times. */
export function timeCell(ms: number, timeZone: string): string {
  const parts = formatOf(timeZone).formatToParts(ms);
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  const offset = part.timeZoneName?.replace('GMT', '') || '+00:00';
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}${offset}`;
}
