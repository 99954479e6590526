import { useMemo } from 'react';
import { address } from '../api/client';
import { fullTime } from '../format';
import { useSearch } from '../router';
import { useTimeZone } from '../settings';
import { useSigned } from '../signin/session';
import { Card, useRested } from '../ui/controls';
import { More, usePages } from '../ui/pages';
import { Empty, Failed, Skeleton } from '../ui/states';
import { useActors } from './use-actors';
import type { AuditEntry, AuditPage } from '../api/types';
import '../admin/admin.css';

const PAGE = 50;

/** Kinds of actions, as prefixes of their names. */
const ACTIONS: [prefix: string, label: string][] = [
  ['', 'All actions'],
  ['sign_in', 'Sign-ins'],
  ['user', 'Members'],
  ['passkey', 'Passkeys'],
  ['invitation', 'Invitations'],
  ['api_key', 'API keys'],
  ['settings', 'Settings'],
  ['erasure', 'Erasures'],
  ['access', 'Access requests'],
  ['replay', 'Replays'],
  ['audit', 'Audit log'],
];

export default function AuditLogPage() {
  const { organizationId } = useSigned();
  const [search, change] = useSearch();
  const filters = {
    action: search.get('action'),
    actor: useRested(search.get('actor')),
  };
  const path = `/admin/${organizationId}/audit`;
  const key = ['audit', organizationId, filters];
  const query = usePages<AuditPage>(key, path, { ...filters, limit: PAGE }, { staleTime: 0 });
  const entries = query.data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <div className="page">
      <div className="page-head">
        <h1>Audit log</h1>
        <a className="button" href={address(`${path}/export`, { ...filters, format: 'csv' })} download>
          Download CSV
        </a>
        <p>Who did what and from where. Each entry has a hash that covers the one before, so a change shows.</p>
      </div>
      <div className="stack">
        <div className="row">
          <select
            className="field"
            aria-label="Action"
            value={search.get('action') ?? ''}
            onChange={(event) => change({ action: event.target.value }, { replace: true })}
          >
            {ACTIONS.map(([prefix, label]) => (
              <option key={prefix} value={prefix}>
                {label}
              </option>
            ))}
          </select>
          <input
            className="field grow"
            type="search"
            aria-label="Id of a user or key"
            placeholder="Id of a user or key"
            value={search.get('actor') ?? ''}
            onChange={(event) => change({ actor: event.target.value.trim() }, { replace: true })}
          />
        </div>
        <Card flush>
          {query.isError && !query.data ? (
            <Failed error={query.error} retry={() => void query.refetch()} />
          ) : query.isPending ? (
            <Skeleton height={240} />
          ) : !entries.length ? (
            <Empty icon="shield" title="No matching entries" />
          ) : (
            <AuditTable entries={entries} />
          )}
          <More query={query} />
        </Card>
      </div>
    </div>
  );
}

/** A subject begins with an id, and may say more. */
function named(subject: string, nameOf: (id: string) => string | null): string {
  const [id = '', ...more] = subject.split(', ');
  return [nameOf(id), ...more].join(', ');
}

function AuditTable({ entries }: { entries: AuditEntry[] }) {
  const zone = useTimeZone();
  const nameOf = useActors();
  const rows = useMemo(() => entries.map((entry) => ({ ...entry, by: nameOf(entry.actorId) })), [entries, nameOf]);
  return (
    <div className="scroll-x">
      <table className="table cards">
        <thead>
          <tr>
            <th>When</th>
            <th>Action</th>
            <th>Of</th>
            <th>By</th>
            <th>Address</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, at, action, subject, by, actorId, actorKind, address: from, outcome, hash }) => (
            <tr key={id} data-action={action}>
              <td className="number" title={hash ? `hash ${hash}` : undefined}>
                {fullTime(at, zone)}
              </td>
              <td data-label="Action">
                <b>{action.replaceAll('_', ' ').replace('.', ': ')}</b>{' '}
                {outcome === 'refused' && <span className="badge red">refused</span>}
              </td>
              <td data-label="Of" className="mono foreign">
                {subject && named(subject, nameOf)}
              </td>
              <td data-label="By" className="foreign" title={actorId ?? undefined}>
                {by ?? actorKind ?? 'unknown'}
              </td>
              <td data-label="Address" className="mono muted">
                {from ?? ''}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
