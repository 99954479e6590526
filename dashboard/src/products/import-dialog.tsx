import { useState, type ReactNode } from 'react';
import { Problem } from '../accounts/problem';
import { call } from '../api/client';
import { exactCount } from '../format';
import { Button, Dialog, Segments } from '../ui/controls';
import { FromSite } from './from-site';
import type { Imported } from './types';
import { useChange, useProductsPath } from './use-products';

const MAX_BYTES = 8 * 1024 * 1024;
const JSON_LD = 'application/ld+json';

const SOURCES = [
  ['file', 'File'],
  ['text', 'JSON-LD text'],
  ['site', 'Web site'],
] as const;
type Source = (typeof SOURCES)[number][0];

interface Sent {
  body: Blob;
  type: string;
}

/** Browsers name types of files as the system does, so the end of the name decides. */
const ofFile = (file: File): Sent => ({ body: file, type: /\.(json|jsonld)$/i.test(file.name) ? JSON_LD : 'text/csv' });
const ofText = (text: string): Sent => ({ body: new Blob([text]), type: JSON_LD });

/** Adds and changes products from a file, a text or the pages of a site. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const [source, setSource] = useState<Source>('file');
  const choice = <Segments label="Import from" value={source} options={SOURCES} onChange={setSource} />;
  return source === 'site' ? (
    <FromSite choice={choice} onClose={onClose} />
  ) : (
    <FromContent key={source} source={source} choice={choice} onClose={onClose} />
  );
}

function FromContent({ source, choice, onClose }: { source: 'file' | 'text'; choice: ReactNode; onClose: () => void }) {
  const path = useProductsPath();
  const [given, setGiven] = useState<Sent | null>(null);
  const send = useChange(({ body, type }: Sent) =>
    call<Imported>(`${path}/import`, { method: 'POST', body, headers: { 'Content-Type': type } }),
  );
  const isTooLarge = !!given && given.body.size > MAX_BYTES;
  const change = (next: Sent | null) => (setGiven(next), send.reset());
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
              disabled={!given || isTooLarge || send.isPending}
              onClick={() => given && send.mutate(given)}
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
          {choice}
          {source === 'file' ? <FileField onChange={change} /> : <TextField onChange={change} />}
          {isTooLarge && (
            <p className="problem" role="alert">
              It is larger than 8 MiB. Split it into several.
            </p>
          )}
          <Problem error={send.error} />
        </div>
      )}
    </Dialog>
  );
}

interface FieldProps {
  onChange: (given: Sent | null) => void;
}

function FileField({ onChange }: FieldProps) {
  return (
    <>
      <label className="labelled">
        File
        <input
          className="field file-field"
          type="file"
          accept=".csv,.json,.jsonld"
          onChange={({ target }) => onChange(target.files?.[0] ? ofFile(target.files[0]) : null)}
        />
      </label>
      <p className="muted">
        A CSV file has a header line with <code>name</code>, <code>id</code> or <code>sku</code>, and, if you like,{' '}
        <code>description</code>, <code>category</code>, <code>price</code>, <code>currency</code>, <code>url</code> and{' '}
        <code>image</code>. A JSON-LD file has products of schema.org. Products with a known id or SKU are changed; none
        is removed.
      </p>
    </>
  );
}

function TextField({ onChange }: FieldProps) {
  return (
    <>
      <label className="labelled">
        JSON-LD
        <textarea
          className="field mono text-field"
          rows={10}
          spellCheck={false}
          onChange={({ target }) => onChange(target.value.trim() ? ofText(target.value) : null)}
        />
      </label>
      <p className="muted">
        Products of schema.org, as in a page&apos;s <code>&lt;script type=&quot;application/ld+json&quot;&gt;</code>:
        one, a list, or a graph. Lines of the answer are numbers of products.
      </p>
    </>
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
