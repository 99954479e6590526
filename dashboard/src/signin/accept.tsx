import { useMutation, useQuery } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { Problem } from '../accounts/problem';
import { ApiError, call } from '../api/client';
import type { Invited, SignedIn } from '../api/types';
import { Button } from '../ui/controls';
import { Mark } from '../ui/icons';
import { Failed, Skeleton } from '../ui/states';
import './page.css';

const LEAST = 12;

/** The page behind the link of an invitation: makes an account, or sets the password of one. */
export function AcceptPage({ token, onSignedIn }: { token: string; onSignedIn: (signed: SignedIn) => void }) {
  const query = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => call<Invited>('/auth/invitation', { method: 'POST', json: { token } }),
    staleTime: Infinity,
  });
  const { error } = query;
  return (
    <main className="sign-in">
      {query.data ? (
        <AcceptForm token={token} invited={query.data} onSignedIn={onSignedIn} />
      ) : !error ? (
        <Skeleton height={320} width={400} />
      ) : error instanceof ApiError && error.status === 404 ? (
        <div className="sign-in-notice">
          <Mark size={52} />
          <h1>This link does not work any more</h1>
          <p>It was used already, was withdrawn or has expired. Ask the person who sent it for another one.</p>
          <a className="button" href="#/">
            Sign in
          </a>
        </div>
      ) : (
        <Failed error={error} retry={() => void query.refetch()} />
      )}
    </main>
  );
}

function AcceptForm({
  token,
  invited: { purpose, organizationId, email, role },
  onSignedIn,
}: {
  token: string;
  invited: Invited;
  onSignedIn: (signed: SignedIn) => void;
}) {
  const accept = useMutation({
    mutationFn: (given: object) =>
      call<SignedIn>('/auth/invitation/accept', { method: 'POST', json: { token, ...given } }),
    onSuccess: onSignedIn,
  });
  const isNew = purpose === 'join';
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const field = (name: string) => (data.has(name) ? String(data.get(name)).trim() : undefined);
    accept.mutate({
      password: String(data.get('password')),
      name: field('name'),
      email: field('email'),
      organizationId: field('organization'),
    });
  };
  return (
    <form onSubmit={submit}>
      <Mark size={52} />
      <h1>{isNew ? 'Make your account' : 'Set a new password'}</h1>
      <p className="muted">
        {isNew
          ? organizationId
            ? `You are invited to ${organizationId} as ${role}.`
            : 'You are the first person here, and become the owner.'
          : 'All sign-ins with the old password end.'}
      </p>
      {isNew && (
        <label className="labelled">
          Name
          <input className="field" name="name" autoComplete="name" maxLength={100} required autoFocus />
        </label>
      )}
      {isNew && organizationId === null && (
        <label className="labelled">
          Organization
          <input className="field" name="organization" autoComplete="organization" placeholder="acme" required />
        </label>
      )}
      <label className="labelled">
        E-mail
        <input
          className="field"
          name={email === null ? 'email' : undefined}
          type="email"
          autoComplete="username"
          defaultValue={email ?? ''}
          readOnly={email !== null}
          required
        />
      </label>
      <label className="labelled">
        Password
        <input
          className="field"
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={LEAST}
          maxLength={128}
          required
        />
        <small>At least {LEAST} characters.</small>
      </label>
      <Problem error={accept.error} />
      <Button type="submit" look="primary" disabled={accept.isPending}>
        {isNew ? 'Make account' : 'Set password'}
      </Button>
    </form>
  );
}
