/** Answers as tables of values, and as CSV. */

export type Cell = string | number | null | undefined;

export interface Table {
  /** Of the file, without its ending, and the heading above the table. */
  name: string;
  columns: readonly string[];
  rows: readonly (readonly Cell[])[];
}

/** Spreadsheets run what begins like this as a formula. Texts come from visitors. */
const FORMULA = /^[\s]*[=+\-@]/;

function cell(value: Cell): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = FORMULA.test(value) || /^[\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n;]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}

/** RFC 4180. The mark at the beginning tells spreadsheets that it is UTF-8. */
export const csvOf = ({ columns, rows }: Table): string =>
  `\uFEFF${[columns, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;

/** A time that a spreadsheet understands. */
export const timeCell = (ms: number): string => new Date(ms).toISOString();
