import { useState, type FormEvent } from 'react';
import { ApiError, call } from '../api/client';
import type { SignedIn } from '../api/types';
import { Button } from '../ui/controls';
import { Mark } from '../ui/icons';
import './page.css';

const HELP: Record<string, string> = {
  unauthenticated: 'This key is unknown or was revoked. Copy the whole key; it begins with crow_.',
  forbidden: 'This key may only write. Sign in with a key that has the scope read or admin.',
  rate_limited: 'Too many attempts. Wait a minute, then try again.',
};

export function SignInPage({ onSignedIn }: { onSignedIn: (signed: SignedIn) => void }) {
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);

  async function signIn(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const key = String(new FormData(form).get('key') ?? '').trim();
    if (!key) return setProblem('Enter a key.');
    setBusy(true);
    setProblem('');
    try {
      const signed = await call<SignedIn>('/auth/session', { method: 'POST', json: { key } });
      form.reset();
      onSignedIn(signed);
    } catch (error) {
      setProblem(error instanceof ApiError ? (HELP[error.code] ?? error.message) : 'Sign-in failed.');
      setBusy(false);
    }
  }

  return (
    <main className="sign-in">
      <form onSubmit={(event) => void signIn(event)} noValidate>
        <Mark size={52} />
        <h1>Sign in to CROW</h1>
        <p className="muted">See what people did, session by session.</p>
        <label className="labelled">
          Access key
          <input
            className="field"
            name="key"
            type="password"
            autoComplete="off"
            spellCheck={false}
            placeholder="crow_…"
            aria-invalid={!!problem}
            aria-describedby="sign-in-problem"
            autoFocus
          />
        </label>
        <p className="problem" id="sign-in-problem" role="alert">
          {problem}
        </p>
        <Button type="submit" look="primary" disabled={isBusy}>
          {isBusy ? 'Signing in…' : 'Sign in'}
        </Button>
        <details>
          <summary>Where do I get a key?</summary>
          <p>The operator of the server creates one:</p>
          <pre>crow keys create --org your-org --scope read</pre>
          <p>
            The scope <code>admin</code> also opens API keys, health and dead letters. This page exchanges the key for a
            cookie and does not keep it.
          </p>
        </details>
      </form>
    </main>
  );
}
