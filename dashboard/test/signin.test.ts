import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../src/api/client';
import { hasPasskeys, whyNoSignIn, whyNot } from '../src/signin/passkey';
import { takeProblem } from '../src/signin/problem';

const at = (address: string) => window.history.replaceState(null, '', address);

describe('a sign-in that the provider or the server refused', () => {
  afterEach(() => at('/'));

  it('is told once, in plain words, and the address forgets it', () => {
    at('/app?signInProblem=no_account&x=1#/sessions');
    expect(takeProblem()).toMatch(/no account here yet/);
    expect(window.location.href).toMatch(/\/app\?x=1#\/sessions$/);
    expect(takeProblem()).toBe('');
  });

  it.each(['constructor', '<b>', ''])('has words for the unknown reason "%s"', (word) => {
    at(`/app?signInProblem=${encodeURIComponent(word)}`);
    expect(takeProblem()).toBe('The sign-in failed. Start again.');
  });
});

describe('passkeys', () => {
  afterEach(() => vi.unstubAllGlobals());
  const at = (passkeyOrigin: string | null) => ({ provider: null, passkeyOrigin });

  it('are offered only where browser and server have them', () => {
    const here = window.location.origin;
    vi.stubGlobal('PublicKeyCredential', undefined);
    expect(hasPasskeys(at(here))).toBe(false);
    vi.stubGlobal('PublicKeyCredential', { parseRequestOptionsFromJSON: () => ({}) });
    expect(hasPasskeys(at(here))).toBe(true);
    expect(hasPasskeys(at('https://elsewhere.example'))).toBe(false);
    expect(hasPasskeys(at(null))).toBe(false);
    expect(hasPasskeys(undefined)).toBe(false);
  });

  it('have words for what the server and the device refuse', () => {
    expect(whyNoSignIn(new ApiError(401, 'unauthenticated', 'x'))).toMatch(/not registered/);
    expect(whyNoSignIn(new ApiError(403, 'forbidden', 'with the provider'))).toBe('with the provider');
    expect(whyNot(new ApiError(409, 'conflict', 'you have 10'))).toBe('you have 10');
    expect(whyNot(new DOMException('', 'InvalidStateError'))).toMatch(/already/);
    expect(whyNot(new TypeError('x'))).toBe('The passkey could not be used. Try again.');
  });
});
