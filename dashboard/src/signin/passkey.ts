/** Passkeys: keys on a device that sign in without a password. The browser and the device do the work. */
import { ApiError, call } from '../api/client';
import type { Passkey, SignedIn, Ways } from '../api/types';

/** What a device is asked. The server's document does not say more about the options. */
interface Challenge<Options> {
  token: string;
  options: { publicKey: Options };
}

const HELP: Record<string, string> = {
  unauthenticated: 'This passkey is not registered here. It may have been removed, or the account is disabled.',
  conflict: 'That took too long, or was answered already. Try again.',
  rate_limited: 'Too many attempts. Wait a minute, then try again.',
};

/** What the browser's word for a failure means for the person. */
const BROWSER_HELP: Record<string, string> = {
  NotAllowedError: 'No passkey was used. You cancelled, it took too long, or this device has none for CROW.',
  InvalidStateError: 'This device has a passkey of yours already.',
  NotSupportedError: 'This device cannot keep a passkey. Try a phone, a security key or a password manager.',
  SecurityError: 'Passkeys do not work at this address. Open CROW at its public address.',
};

/** Whether this browser has passkeys, and the server has them for this page. */
export function hasPasskeys(ways: Ways | undefined): boolean {
  const isBrowserAble = typeof window.PublicKeyCredential?.parseRequestOptionsFromJSON === 'function';
  return isBrowserAble && ways?.passkeyOrigin === window.location.origin;
}

export async function addPasskey(name: string): Promise<Passkey> {
  type Asked = Challenge<PublicKeyCredentialCreationOptionsJSON>;
  const { token, options } = await call<Asked>('/auth/passkeys/start', { method: 'POST' });
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options.publicKey);
  const credential = answered(await navigator.credentials.create({ publicKey }));
  return call<Passkey>('/auth/passkeys', { method: 'POST', json: { token, name, credential } });
}

export async function signInWithPasskey(): Promise<SignedIn> {
  type Asked = Challenge<PublicKeyCredentialRequestOptionsJSON>;
  const { token, options } = await call<Asked>('/auth/passkey/start', { method: 'POST' });
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey);
  const credential = answered(await navigator.credentials.get({ publicKey }));
  return call<SignedIn>('/auth/passkey', { method: 'POST', json: { token, credential } });
}

function answered(credential: Credential | null): ReturnType<PublicKeyCredential['toJSON']> {
  if (!credential) throw new DOMException('', 'NotAllowedError');
  return (credential as PublicKeyCredential).toJSON();
}

/** Why a passkey was not used, for the person. */
export function whyNoSignIn(error: unknown): string {
  if (error instanceof ApiError) return HELP[error.code] ?? error.message;
  return whyNot(error);
}

/** Why a passkey was not added, for the person. */
export function whyNot(error: unknown): string {
  if (error instanceof ApiError) return error.message;
  const word = error instanceof DOMException ? error.name : '';
  return BROWSER_HELP[word] ?? 'The passkey could not be used. Try again.';
}
