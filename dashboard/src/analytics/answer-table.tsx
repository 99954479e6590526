import { useState, type ReactNode } from 'react';
import type { Measured } from '../api/types';
import { exactCount, percent } from '../format';
import { Button, Card } from '../ui/controls';
import { saveTable, type Cell, type Table } from './csv';

/** Rows that are shown. The file has all of them. */
const SHOWN = 200;

export function CsvButton({ table, small = true }: { table: Table; small?: boolean }) {
  return (
    <Button small={small} look="quiet" icon="download" disabled={!table.rows.length} onClick={() => saveTable(table)}>
      CSV
    </Button>
  );
}

/** The numbers behind the charts of a page, as tables that can be saved. */
export function AnswerTables({ tables }: { tables: readonly Table[] }) {
  const [isOpen, setOpen] = useState(false);
  if (!isOpen)
    return (
      <Button small icon="columns" className="show-tables" onClick={() => setOpen(true)}>
        Table and CSV
      </Button>
    );
  return (
    <div className="stack answer-tables">
      {tables.map((table) => (
        <TableCard key={table.name} table={table} />
      ))}
      <Button small onClick={() => setOpen(false)}>
        Hide the tables
      </Button>
    </div>
  );
}

function TableCard({ table }: { table: Table }) {
  return (
    <Card title={titleOf(table.name)} actions={<CsvButton table={table} />} flush>
      <Rows table={table} />
    </Card>
  );
}

/** A drawing in a tile of a dashboard, which can show its numbers instead. */
export function TileBody({
  tables,
  measured,
  csv,
  children,
}: {
  tables: readonly Table[] | undefined;
  measured?: Measured | undefined;
  /** Saves more than the first table has. Default: saves the first table. */
  csv?: ReactNode;
  children: ReactNode;
}) {
  const [isTable, setTable] = useState(false);
  const [first] = tables ?? [];
  return (
    <>
      {isTable ? (
        <div className="stack">
          {tables?.map((table) => (
            <TableCard key={table.name} table={table} />
          ))}
        </div>
      ) : (
        children
      )}
      <div className="row board-tile-foot">
        <span className="grow muted small-text">
          {measured && measured.sampleRate < 1 && `estimated from ${percent(measured.sampleRate)} of the sessions`}
        </span>
        <Button
          small
          look="quiet"
          icon="columns"
          aria-pressed={isTable}
          disabled={!first}
          onClick={() => setTable(!isTable)}
        >
          Table
        </Button>
        {csv ?? (first && <CsvButton table={first} />)}
      </div>
    </>
  );
}

const titleOf = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ');

const shown = (value: Cell): string =>
  typeof value === 'number' ? (Number.isInteger(value) ? exactCount(value) : value.toFixed(4)) : (value ?? '–');

function Rows({ table: { columns, rows, isCut } }: { table: Table }) {
  return (
    <div className="scroll-x">
      <table className="table">
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th key={column} className={typeof rows[0]?.[index] === 'number' ? 'right' : ''}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, SHOWN).map((row, place) => (
            <tr key={place}>
              {row.map((value, index) => (
                <td key={index} className={typeof value === 'number' ? 'right number' : 'foreign'}>
                  {shown(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > SHOWN && (
        <p className="muted more-in-file">
          The first {SHOWN} of {exactCount(rows.length)} rows. The file has all of them.
        </p>
      )}
      {isCut && <p className="muted more-in-file">The first {rows.length} rows. The file may have more.</p>}
      {!rows.length && <p className="muted more-in-file">No rows.</p>}
    </div>
  );
}
