import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { ApiError, call, get, serverNow } from '../api/client';
import type { Key, NewKey } from '../api/types';
import { ago, day, fullTime } from '../format';
import { useTimeZone } from '../settings';
import { useSigned } from '../signin/session';
import { Button, Card, CopyButton, Dialog } from '../ui/controls';
import { Empty, Loaded } from '../ui/states';
import './admin.css';

const DAY_MS = 86_400_000;

const SCOPES: [string, string][] = [
  ['ingest', 'Write only. Safe inside a page.'],
  ['analytics', 'Statistics and sessions with personal data masked. Keep it secret.'],
  ['read', 'See sessions and analytics. Keep it secret.'],
  ['admin', 'Everything, including keys and dead letters. Keep it secret.'],
];

type Open = { kind: 'create' } | { kind: 'shown'; key: NewKey } | { kind: 'revoke' | 'rotate'; key: Key } | null;

export default function KeysPage() {
  const { organizationId } = useSigned();
  const [open, setOpen] = useState<Open>(null);
  const query = useQuery({
    queryKey: ['keys', organizationId],
    queryFn: ({ signal }) => get<{ keys: Key[] }>(`/admin/${organizationId}/keys`, {}, signal),
  });
  return (
    <div className="page">
      <div className="page-head">
        <h1>API keys</h1>
        <Button look="primary" icon="plus" onClick={() => setOpen({ kind: 'create' })}>
          New key
        </Button>
        <p>
          Only a hash of each key is stored, so a key is shown once. A revoked key stops working everywhere at once.
        </p>
      </div>
      <Card flush>
        <Loaded query={query} height={240}>
          {({ keys }) => <KeyTable keys={keys} onOpen={setOpen} />}
        </Loaded>
      </Card>
      {open?.kind === 'create' && (
        <CreateKey onDone={(key) => setOpen({ kind: 'shown', key })} onClose={() => setOpen(null)} />
      )}
      {open?.kind === 'shown' && <ShownKey created={open.key} onClose={() => setOpen(null)} />}
      {(open?.kind === 'revoke' || open?.kind === 'rotate') && (
        <ConfirmKey
          kind={open.kind}
          of={open.key}
          onDone={(key) => setOpen(key ? { kind: 'shown', key } : null)}
          onClose={() => setOpen(null)}
        />
      )}
    </div>
  );
}

function KeyTable({ keys, onOpen }: { keys: Key[]; onOpen: (open: Open) => void }) {
  const zone = useTimeZone();
  if (!keys.length)
    return (
      <Empty icon="keys" title="No keys yet">
        Create one with the scope ingest for your page.
      </Empty>
    );
  const sorted = [...keys].sort(
    (a, b) => Number(a.revokedAt !== null) - Number(b.revokedAt !== null) || b.createdAt - a.createdAt,
  );
  return (
    <div className="scroll-x">
      <table className="table cards">
        <thead>
          <tr>
            <th>Name</th>
            <th>Key</th>
            <th>Scopes</th>
            <th>Origins</th>
            <th>Created</th>
            <th>Last used</th>
            <th>Expires</th>
            <th>
              <span className="hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((key) => (
            <tr key={key.id} className={key.revokedAt ? 'revoked' : ''}>
              <td>
                <b className="foreign">{key.name || 'unnamed'}</b>
              </td>
              <td data-label="Key" className="mono">
                {key.prefix}…
              </td>
              <td data-label="Scopes">
                <span className="row">
                  {key.scopes.map((scope) => (
                    <span
                      key={scope}
                      className={`badge ${scope === 'ingest' ? 'accent' : scope === 'admin' ? 'plum' : ''}`}
                    >
                      {scope}
                    </span>
                  ))}
                </span>
              </td>
              <td data-label="Origins" className="muted">
                {key.allowedOrigins?.join(', ') || 'any'}
              </td>
              <td data-label="Created" className="muted" title={fullTime(key.createdAt, zone)}>
                {ago(key.createdAt, Date.now(), zone)}
              </td>
              <td data-label="Last used" className="muted">
                {key.lastUsedAt ? ago(key.lastUsedAt, Date.now(), zone) : 'never'}
              </td>
              <td
                data-label="Expires"
                className="muted"
                title={key.expiresAt ? fullTime(key.expiresAt, zone) : undefined}
              >
                <Expiry at={key.expiresAt ?? null} />
              </td>
              <td className="right">
                {key.revokedAt ? (
                  <span className="badge red">revoked</span>
                ) : (
                  <span className="row key-actions">
                    <Button small onClick={() => onOpen({ kind: 'rotate', key })}>
                      Rotate
                    </Button>
                    <Button small look="danger" onClick={() => onOpen({ kind: 'revoke', key })}>
                      Revoke
                    </Button>
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** So long before its end a key is marked. The first reminder comes then, too. */
const SOON_MS = 7 * DAY_MS;

function Expiry({ at }: { at: number | null }) {
  const zone = useTimeZone();
  if (at === null) return 'never';
  const left = at - serverNow();
  if (left <= 0) return <span className="badge red">expired</span>;
  return (
    <span className="row">
      {day(at, zone)}
      {left < SOON_MS && <span className="badge amber">soon</span>}
    </span>
  );
}

function useKeyChange<T>(change: () => Promise<T>, done: (result: T) => void) {
  const client = useQueryClient();
  const { organizationId } = useSigned();
  return useMutation({
    mutationFn: change,
    onSuccess: (result) => {
      void client.invalidateQueries({ queryKey: ['keys', organizationId] });
      done(result);
    },
  });
}

const Problem = ({ error }: { error: unknown }) =>
  error ? (
    <p className="problem" role="alert">
      {error instanceof ApiError ? error.message : 'The change failed. Try again.'}
    </p>
  ) : null;

interface NewKeyForm {
  name: string;
  scopes: string[];
  allowedOrigins: string[];
  /** Milliseconds since the epoch; null: never. */
  expiresAt: number | null;
}

const LIVES: [days: number, label: string][] = [
  [0, 'never'],
  [30, 'in 30 days'],
  [90, 'in 90 days'],
  [365, 'in a year'],
];

function CreateKey({ onDone, onClose }: { onDone: (key: NewKey) => void; onClose: () => void }) {
  const { organizationId } = useSigned();
  const [form, setForm] = useState<NewKeyForm>();
  const create = useKeyChange(
    () => call<NewKey>(`/admin/${organizationId}/keys`, { method: 'POST', json: form }),
    onDone,
  );
  const read = (event: FormEvent<HTMLFormElement>) => {
    const data = new FormData(event.currentTarget);
    const origins = String(data.get('origins'))
      .split(/[\s,]+/)
      .filter(Boolean);
    setForm({
      name: String(data.get('name')).trim(),
      scopes: data.getAll('scope').map(String),
      allowedOrigins: origins,
      expiresAt: Number(data.get('days')) ? serverNow() + Number(data.get('days')) * DAY_MS : null,
    });
  };
  return (
    <Dialog
      title="New key"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            disabled={!form?.name || !form.scopes.length || create.isPending}
            onClick={() => create.mutate()}
          >
            Create
          </Button>
        </>
      }
    >
      <form
        className="stack"
        onChange={read}
        onSubmit={(event) => (event.preventDefault(), form?.name && form.scopes.length && create.mutate())}
      >
        <label className="labelled">
          Name
          <input
            className="field"
            name="name"
            maxLength={100}
            placeholder="Shop, production"
            autoComplete="off"
            autoFocus
          />
        </label>
        <fieldset className="scopes">
          <legend>Scopes</legend>
          {SCOPES.map(([scope, about]) => (
            <label key={scope} className="check">
              <input type="checkbox" name="scope" value={scope} />
              <span>
                <b>{scope}</b> <span className="muted">{about}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <label className="labelled">
          Allowed origins
          <input className="field mono" name="origins" placeholder="https://shop.example" autoComplete="off" />
          <small>Pages that may use this key, separated by spaces. Empty: any page.</small>
        </label>
        <label className="labelled">
          Expires
          <select className="field" name="days" defaultValue="0">
            {LIVES.map(([days, label]) => (
              <option key={days} value={days}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <Problem error={create.error} />
      </form>
    </Dialog>
  );
}

function ShownKey({ created, onClose }: { created: NewKey; onClose: () => void }) {
  return (
    <Dialog
      title={`The key “${created.name}”`}
      onClose={onClose}
      footer={
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <p>Copy it now: it is not shown again.</p>
      <code className="new-key" data-new-key>
        {created.key}
      </code>
      <div>
        <CopyButton text={created.key} label="Copy key" />
      </div>
    </Dialog>
  );
}

function ConfirmKey({
  kind,
  of,
  onDone,
  onClose,
}: {
  kind: 'revoke' | 'rotate';
  of: Key;
  onDone: (key: NewKey | null) => void;
  onClose: () => void;
}) {
  const { organizationId } = useSigned();
  const path = `/admin/${organizationId}/keys/${of.id}`;
  const change = useKeyChange<NewKey | null>(async () => {
    if (kind === 'rotate') return call<NewKey>(`${path}/rotate`, { method: 'POST', json: {} });
    await call(path, { method: 'DELETE' });
    return null;
  }, onDone);
  return (
    <Dialog
      title={kind === 'revoke' ? `Revoke “${of.name}”?` : `Rotate “${of.name}”?`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look={kind === 'revoke' ? 'danger' : 'primary'}
            disabled={change.isPending}
            onClick={() => change.mutate()}
          >
            {kind === 'revoke' ? 'Revoke' : 'Rotate'}
          </Button>
        </>
      }
    >
      <p>
        {kind === 'revoke'
          ? 'Requests with this key are rejected from now on. This cannot be undone.'
          : 'You get a new key with the same scopes and origins. The old key stops working at once.'}
      </p>
      <Problem error={change.error} />
    </Dialog>
  );
}
