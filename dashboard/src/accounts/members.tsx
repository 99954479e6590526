import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call, get } from '../api/client';
import { ago, fullTime } from '../format';
import { useTimeZone } from '../settings';
import { useSigned } from '../signin/session';
import { ChangeDialog } from '../ui/change-dialog';
import { Button, Card } from '../ui/controls';
import { Empty, Loaded } from '../ui/states';
import { tell } from '../ui/toast';
import { InviteDialog } from './invite';
import { LinkDialog } from './link-dialog';
import { Problem } from './problem';
import { rolesFor } from './roles';
import type { HandedOut, Invitation, User } from '../api/types';
import '../admin/admin.css';

type Open =
  | { kind: 'invite' }
  | { kind: 'link'; title: string; email: string; link: HandedOut }
  | { kind: 'disable'; user: User }
  | null;

/** Asks for lists again that a change may have made old. */
function useChange<A, T>(change: (given: A) => Promise<T>, done?: (result: T, given: A) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess(result, given) {
      void client.invalidateQueries({ queryKey: ['accounts'] });
      done?.(result, given);
    },
  });
}

export default function MembersPage() {
  const { organizationId } = useSigned();
  const [open, setOpen] = useState<Open>(null);
  const path = `/admin/${organizationId}`;
  const users = useQuery({
    queryKey: ['accounts', organizationId, 'users'],
    queryFn: ({ signal }) => get<{ users: User[] }>(`${path}/users`, {}, signal),
  });
  const invitations = useQuery({
    queryKey: ['accounts', organizationId, 'invitations'],
    queryFn: ({ signal }) => get<{ invitations: Invitation[] }>(`${path}/invitations`, {}, signal),
  });
  const close = () => setOpen(null);
  return (
    <div className="page">
      <div className="page-head">
        <h1>Members</h1>
        <Button look="primary" icon="plus" onClick={() => setOpen({ kind: 'invite' })}>
          Invite
        </Button>
        <p>People with an account of their own. Programs use API keys.</p>
      </div>
      <div className="stack">
        <Card flush>
          <Loaded query={users} height={240}>
            {({ users: members }) =>
              members.length ? (
                <UserTable users={members} path={path} onOpen={setOpen} />
              ) : (
                <Empty icon="user" title="Nobody has an account yet">
                  Invite the first person. Until then, people sign in with API keys.
                </Empty>
              )
            }
          </Loaded>
        </Card>
        {!!invitations.data?.invitations.length && (
          <Card title="Open invitations" flush>
            <InvitationTable invitations={invitations.data.invitations} path={path} />
          </Card>
        )}
      </div>
      {open?.kind === 'invite' && (
        <InviteDialog
          path={path}
          onClose={close}
          onDone={(email, link) => setOpen({ kind: 'link', title: 'Invitation', email, link })}
        />
      )}
      {open?.kind === 'link' && <LinkDialog {...open} onClose={close} />}
      {open?.kind === 'disable' && <DisableDialog user={open.user} path={path} onClose={close} />}
    </div>
  );
}

function UserTable({ users, path, onOpen }: { users: User[]; path: string; onOpen: (open: Open) => void }) {
  return (
    <div className="scroll-x">
      <table className="table cards">
        <thead>
          <tr>
            <th>Name</th>
            <th>E-mail</th>
            <th>Role</th>
            <th>Since</th>
            <th>
              <span className="hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {users.map((user) => (
            <UserRow key={user.id} user={user} path={path} onOpen={onOpen} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function UserRow({ user, path, onOpen }: { user: User; path: string; onOpen: (open: Open) => void }) {
  const zone = useTimeZone();
  const { user: me, isOwner } = useSigned();
  const at = `${path}/users/${user.id}`;
  const setRole = useChange((role: string) => call<User>(at, { method: 'PUT', json: { role } }));
  const enable = useChange(() => call<User>(at, { method: 'PUT', json: { isDisabled: false } }));
  const makeLink = useChange(
    () => call<HandedOut>(`${at}/password-link`, { method: 'POST', json: {} }),
    (link) => onOpen({ kind: 'link', title: 'New password', email: user.email, link }),
  );
  const signOut = useChange(
    () => call(`${at}/sign-ins`, { method: 'DELETE' }),
    () => tell(`${user.name} is signed out everywhere.`),
  );
  const mayChange = isOwner || user.role !== 'owner';
  const error = setRole.error ?? enable.error ?? makeLink.error ?? signOut.error;
  return (
    <tr className={user.disabledAt ? 'revoked' : ''} data-user={user.email}>
      <td>
        <span className="row">
          <b className="foreign">{user.name}</b>
          {user.id === me?.id && <span className="badge">you</span>}
        </span>
      </td>
      <td data-label="E-mail" className="foreign">
        {user.email}
      </td>
      <td data-label="Role">
        <select
          className="field"
          aria-label={`Role of ${user.name}`}
          value={user.role}
          disabled={!mayChange || !!user.disabledAt || setRole.isPending}
          onChange={(event) => setRole.mutate(event.target.value)}
        >
          {rolesFor(isOwner || user.role === 'owner').map(([role, about]) => (
            <option key={role} value={role} title={about}>
              {role}
            </option>
          ))}
        </select>
        <Problem error={error} />
      </td>
      <td data-label="Since" className="muted" title={fullTime(user.createdAt, zone)}>
        {ago(user.createdAt, Date.now(), zone)}
      </td>
      <td className="right">
        {user.disabledAt ? (
          <span className="row key-actions">
            <span className="badge red">disabled</span>
            <Button small disabled={!mayChange || enable.isPending} onClick={() => enable.mutate(undefined)}>
              Enable
            </Button>
          </span>
        ) : (
          <span className="row key-actions">
            <Button small disabled={!mayChange || makeLink.isPending} onClick={() => makeLink.mutate(undefined)}>
              New password
            </Button>
            <Button small disabled={!mayChange || signOut.isPending} onClick={() => signOut.mutate(undefined)}>
              Sign out
            </Button>
            <Button small look="danger" disabled={!mayChange} onClick={() => onOpen({ kind: 'disable', user })}>
              Disable
            </Button>
          </span>
        )}
      </td>
    </tr>
  );
}

function DisableDialog({ user, path, onClose }: { user: User; path: string; onClose: () => void }) {
  const disable = useChange(
    () => call<User>(`${path}/users/${user.id}`, { method: 'PUT', json: { isDisabled: true } }),
    onClose,
  );
  return (
    <ChangeDialog title={`Disable ${user.name}?`} action="Disable" look="danger" change={disable} onClose={onClose}>
      <p>
        <span className="foreign">{user.email}</span> is signed out at once and cannot sign in until you enable the
        account again. Nothing is deleted.
      </p>
    </ChangeDialog>
  );
}

function InvitationTable({ invitations, path }: { invitations: Invitation[]; path: string }) {
  const zone = useTimeZone();
  const withdraw = useChange((id: string) => call(`${path}/invitations/${id}`, { method: 'DELETE' }));
  return (
    <div className="scroll-x">
      <table className="table cards">
        <thead>
          <tr>
            <th>E-mail</th>
            <th>Role</th>
            <th>Expires</th>
            <th>
              <span className="hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {invitations.map(({ id, email, role, expiresAt }) => (
            <tr key={id} data-invitation={email}>
              <td className="foreign">{email}</td>
              <td data-label="Role">{role}</td>
              <td data-label="Expires" className="muted">
                {fullTime(expiresAt, zone)}
              </td>
              <td className="right">
                <Button small disabled={withdraw.isPending} onClick={() => withdraw.mutate(id)}>
                  Withdraw
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Problem error={withdraw.error} />
    </div>
  );
}
