import { useState } from 'react';
import { exactCount } from '../format';
import { saveAsFile } from '../session/download';
import { Button, Card } from '../ui/controls';
import { csvOf, type Cell, type Table } from './csv';

/** Rows that are shown. The file has all of them. */
const SHOWN = 200;

export function CsvButton({ table, small = true }: { table: Table; small?: boolean }) {
  const save = () => saveAsFile(new Blob([csvOf(table)], { type: 'text/csv;charset=utf-8' }), `${table.name}.csv`);
  return (
    <Button small={small} look="quiet" icon="download" disabled={!table.rows.length} onClick={save}>
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
        <Card key={table.name} title={titleOf(table.name)} actions={<CsvButton table={table} />} flush>
          <Rows table={table} />
        </Card>
      ))}
      <Button small onClick={() => setOpen(false)}>
        Hide the tables
      </Button>
    </div>
  );
}

const titleOf = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ');

const shown = (value: Cell): string =>
  typeof value === 'number' ? (Number.isInteger(value) ? exactCount(value) : value.toFixed(4)) : (value ?? '–');

function Rows({ table: { columns, rows } }: { table: Table }) {
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
      {!rows.length && <p className="muted more-in-file">No rows.</p>}
    </div>
  );
}
