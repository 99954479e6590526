import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, type FormEvent } from 'react';
import { call, get } from '../api/client';
import { fullTime } from '../format';
import { useTimeZone } from '../settings';
import { useSigned } from '../signin/session';
import { Button, Card } from '../ui/controls';
import { Empty, Loaded } from '../ui/states';
import { tell } from '../ui/toast';
import { browserOf } from './browser';
import { Passkeys } from './passkeys';
import { Problem } from './problem';
import type { SignIn } from '../api/types';
import '../admin/admin.css';

const LEAST = 12;

/** What somebody with an account sees of it: password, passkeys, and where it is signed in. */
export default function AccountPage() {
  const { user, role } = useSigned();
  if (!user)
    return (
      <Empty icon="user" title="You are signed in with a key">
        A key has no account. Sign in with e-mail and password to see yours.
      </Empty>
    );
  return (
    <div className="page narrow">
      <div className="page-head">
        <h1>My account</h1>
        <p>
          <span className="foreign">{user.name}</span>, <span className="foreign">{user.email}</span>, role {role}.
        </p>
      </div>
      <div className="stack">
        <Password />
        <Passkeys />
        <SignIns />
      </div>
    </div>
  );
}

function Password() {
  const form = useRef<HTMLFormElement>(null);
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (json: { currentPassword: string; newPassword: string }) =>
      call('/auth/password', { method: 'PUT', json }),
    onSuccess() {
      form.current?.reset();
      tell('The password is changed. All other sign-ins have ended.');
      void client.invalidateQueries({ queryKey: ['sign-ins'] });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    change.mutate({ currentPassword: String(data.get('current')), newPassword: String(data.get('next')) });
  };
  return (
    <Card title="Password">
      <form className="stack" ref={form} onSubmit={submit}>
        <label className="labelled">
          Current password
          <input className="field" name="current" type="password" autoComplete="current-password" required />
        </label>
        <label className="labelled">
          New password
          <input
            className="field"
            name="next"
            type="password"
            autoComplete="new-password"
            minLength={LEAST}
            maxLength={128}
            required
          />
          <small>At least {LEAST} characters. All other sign-ins end.</small>
        </label>
        <Problem error={change.error} />
        <div className="row">
          <Button type="submit" look="primary" disabled={change.isPending}>
            Change password
          </Button>
        </div>
      </form>
    </Card>
  );
}

function SignIns() {
  const zone = useTimeZone();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ['sign-ins'],
    queryFn: ({ signal }) => get<{ signIns: SignIn[] }>('/auth/sign-ins', {}, signal),
  });
  const end = useMutation({
    mutationFn: (id: string | null) => call(`/auth/sign-ins${id ? `/${id}` : ''}`, { method: 'DELETE' }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['sign-ins'] }),
  });
  return (
    <Card
      title="Where I am signed in"
      flush
      actions={
        <Button small disabled={end.isPending} onClick={() => end.mutate(null)}>
          End all others
        </Button>
      }
    >
      <Loaded query={query} height={160}>
        {({ signIns }) => (
          <div className="scroll-x">
            <table className="table cards">
              <thead>
                <tr>
                  <th>Browser</th>
                  <th>Address</th>
                  <th>Since</th>
                  <th>Until</th>
                  <th>
                    <span className="hidden">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {signIns.map(({ id, userAgent, address, createdAt, expiresAt, isCurrent }) => (
                  <tr key={id}>
                    <td className="foreign" title={userAgent ?? undefined}>
                      <b>{browserOf(userAgent)}</b>
                    </td>
                    <td data-label="Address" className="mono">
                      {address ?? 'not stored'}
                    </td>
                    <td data-label="Since" className="muted">
                      {fullTime(createdAt, zone)}
                    </td>
                    <td data-label="Until" className="muted">
                      {fullTime(expiresAt, zone)}
                    </td>
                    <td className="right">
                      {isCurrent ? (
                        <span className="badge green">this one</span>
                      ) : (
                        <Button small disabled={end.isPending} onClick={() => end.mutate(id)}>
                          End
                        </Button>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Loaded>
      <Problem error={end.error} />
    </Card>
  );
}
