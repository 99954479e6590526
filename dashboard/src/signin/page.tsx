import { useState, type FormEvent } from 'react';
import { ApiError, call } from '../api/client';
import type { SignedIn } from '../api/types';
import { choice, useChoice } from '../store';
import { Button, Segments } from '../ui/controls';
import { Mark } from '../ui/icons';
import { OtherWays } from './other-ways';
import { takeProblem } from './problem';
import './page.css';

type Way = 'password' | 'key';

/** The way that was used last in this browser. */
const lastWay = choice<Way>('signInWith', 'password');

const HELP: Record<Way, Record<string, string>> = {
  password: {
    unauthenticated: 'The e-mail address or the password is wrong, or the account is disabled.',
    forbidden: 'People with your e-mail domain sign in with the provider of their organization.',
    rate_limited: 'Too many attempts. Wait a few minutes, then try again.',
  },
  key: {
    unauthenticated: 'This key is unknown or was revoked. Copy the whole key; it begins with crow_.',
    forbidden: 'This key may only write. Sign in with a key that has the scope read or admin.',
    rate_limited: 'Too many attempts. Wait a minute, then try again.',
  },
};

export function SignInPage({ wasEnded, onSignedIn }: { wasEnded: boolean; onSignedIn: (signed: SignedIn) => void }) {
  const [way, setWay] = useChoice(lastWay);
  /** Why the provider's sign-in failed. */
  const [refusal] = useState(takeProblem);
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);

  async function signIn(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const field = (name: string) => String(data.get(name) ?? '').trim();
    const key = field('key');
    // A password may begin or end with a space.
    const json = way === 'key' ? { key } : { email: field('email'), password: String(data.get('password') ?? '') };
    if (Object.values(json).includes('')) return setProblem(way === 'key' ? 'Enter a key.' : 'Enter both.');
    setBusy(true);
    setProblem('');
    try {
      const signed = await call<SignedIn>(way === 'key' ? '/auth/session' : '/auth/password', { method: 'POST', json });
      form.reset();
      onSignedIn(signed);
    } catch (error) {
      setProblem(error instanceof ApiError ? (HELP[way][error.code] ?? error.message) : 'Sign-in failed.');
      setBusy(false);
    }
  }

  return (
    <main className="sign-in">
      <form onSubmit={(event) => void signIn(event)} noValidate>
        <Mark size={52} />
        <h1>Sign in to CROW</h1>
        <p className="muted">See what people did, session by session.</p>
        {(refusal || wasEnded) && (
          <p className="problem" role="alert">
            {refusal || 'Your sign-in has ended. Sign in again to come back to this page.'}
          </p>
        )}
        <OtherWays onSignedIn={onSignedIn} />
        <Segments
          label="Sign in with"
          value={way}
          onChange={(next) => (setWay(next), setProblem(''))}
          options={[
            ['password', 'Password'],
            ['key', 'Key'],
          ]}
        />
        {way === 'password' ? <PasswordFields isWrong={!!problem} /> : <KeyField isWrong={!!problem} />}
        <p className="problem" id="sign-in-problem" role="alert">
          {problem}
        </p>
        <Button type="submit" look="primary" disabled={isBusy}>
          {isBusy ? 'Signing in…' : 'Sign in'}
        </Button>
        {way === 'password' ? (
          <details>
            <summary>No account, or no password?</summary>
            <p>Ask an admin of your organization for a link.</p>
          </details>
        ) : (
          <details>
            <summary>Where do I get a key?</summary>
            <p>The operator of the server creates one:</p>
            <pre>crow keys create --org your-org --scope read</pre>
            <p>
              The scope <code>admin</code> also opens API keys, health and dead letters. This page exchanges the key for
              a cookie and does not keep it.
            </p>
          </details>
        )}
      </form>
    </main>
  );
}

function PasswordFields({ isWrong }: { isWrong: boolean }) {
  return (
    <>
      <label className="labelled">
        E-mail
        <input
          className="field"
          name="email"
          type="email"
          autoComplete="username"
          aria-invalid={isWrong}
          aria-describedby="sign-in-problem"
          autoFocus
        />
      </label>
      <label className="labelled">
        Password
        <input
          className="field"
          name="password"
          type="password"
          autoComplete="current-password"
          aria-invalid={isWrong}
          aria-describedby="sign-in-problem"
        />
      </label>
    </>
  );
}

function KeyField({ isWrong }: { isWrong: boolean }) {
  return (
    <label className="labelled">
      API key
      <input
        className="field mono"
        name="key"
        type="password"
        autoComplete="off"
        spellCheck={false}
        placeholder="crow_…"
        aria-invalid={isWrong}
        aria-describedby="sign-in-problem"
        autoFocus
      />
    </label>
  );
}
