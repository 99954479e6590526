import { useState } from 'react';
import { Button } from '../ui/controls';
import { hasPasskeys, signInWithPasskey, whyNoSignIn } from './passkey';
import { useWays } from './ways';
import type { SignedIn, Ways } from '../api/types';

/** Ways to sign in that need no field: the provider, and a passkey. Nothing without them. */
export function OtherWays({ onSignedIn }: { onSignedIn: (signed: SignedIn) => void }) {
  const ways = useWays();
  const canUsePasskey = hasPasskeys(ways);
  if (!ways?.provider && !canUsePasskey) return null;
  return (
    <>
      {ways?.provider && <ProviderLink {...ways.provider} />}
      {canUsePasskey && <PasskeyButton onSignedIn={onSignedIn} />}
      <p className="or muted">or</p>
    </>
  );
}

/** A link to the provider, which comes back to the page that was asked for. */
function ProviderLink({ name, startUrl }: NonNullable<Ways['provider']>) {
  const next = new URLSearchParams({ next: `/app${window.location.hash}` });
  return (
    <a className="button other-way foreign" href={`${startUrl}?${next}`}>
      Continue with {name}
    </a>
  );
}

function PasskeyButton({ onSignedIn }: { onSignedIn: (signed: SignedIn) => void }) {
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);

  async function signIn() {
    setBusy(true);
    setProblem('');
    try {
      onSignedIn(await signInWithPasskey());
    } catch (error) {
      setProblem(whyNoSignIn(error));
      setBusy(false);
    }
  }

  return (
    <>
      <Button icon="keys" className="other-way" disabled={isBusy} onClick={() => void signIn()}>
        Sign in with a passkey
      </Button>
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}
