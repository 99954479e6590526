import { useState } from 'react';
import { Problem } from '../accounts/problem';
import { call } from '../api/client';
import { exactCount } from '../format';
import { Button, Dialog } from '../ui/controls';
import type { Imported } from './types';
import { useChange, useProductsPath } from './use-products';

const MAX_BYTES = 8 * 1024 * 1024;

/** Browsers name types of files as the system does, so the end of the name decides. */
const typeOf = (file: File): string => (/\.(json|jsonld)$/i.test(file.name) ? 'application/ld+json' : 'text/csv');

/** Adds and changes products from a file. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const path = useProductsPath();
  const [file, setFile] = useState<File | null>(null);
  const send = useChange((given: File) =>
    call<Imported>(`${path}/import`, { method: 'POST', body: given, headers: { 'Content-Type': typeOf(given) } }),
  );
  const isTooLarge = !!file && file.size > MAX_BYTES;
  return (
    <Dialog
      title="Import products"
      onClose={onClose}
      footer={
        send.data ? (
          <Button look="primary" onClick={onClose}>
            Done
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button
              look="primary"
              disabled={!file || isTooLarge || send.isPending}
              onClick={() => file && send.mutate(file)}
            >
              {send.isPending ? 'Importing…' : 'Import'}
            </Button>
          </>
        )
      }
    >
      {send.data ? (
        <Outcome imported={send.data} />
      ) : (
        <div className="stack">
          <label className="labelled">
            File
            <input
              className="field file-field"
              type="file"
              accept=".csv,.json,.jsonld"
              onChange={({ target }) => (setFile(target.files?.[0] ?? null), send.reset())}
            />
          </label>
          <p className="muted">
            A CSV file has a header line with <code>name</code>, <code>id</code> or <code>sku</code>, and, if you like,{' '}
            <code>category</code>, <code>price</code>, <code>currency</code>, <code>url</code> and <code>image</code>. A
            JSON-LD file has products of schema.org. Products with a known id or SKU are changed; none is removed.
          </p>
          {isTooLarge && (
            <p className="problem" role="alert">
              The file is larger than 8 MiB. Split it into several.
            </p>
          )}
          <Problem error={send.error} />
        </div>
      )}
    </Dialog>
  );
}

function Outcome({ imported: { created, updated, unchanged, failed, errors } }: { imported: Imported }) {
  return (
    <div className="stack">
      <p role="status">
        {exactCount(created)} added, {exactCount(updated)} changed, {exactCount(unchanged)} the same as before
        {failed > 0 && `, ${exactCount(failed)} left out`}.
      </p>
      {errors.length > 0 && (
        <table className="table">
          <thead>
            <tr>
              <th className="right">Line</th>
              <th>Field</th>
              <th>Problem</th>
            </tr>
          </thead>
          <tbody>
            {errors.map(({ line, field, message }, index) => (
              <tr key={index}>
                <td className="right">{line}</td>
                <td className="mono foreign">{field}</td>
                <td className="foreign">{message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {failed > errors.length && <p className="muted">The first {exactCount(errors.length)} problems are listed.</p>}
    </div>
  );
}
