import { afterEach, describe, expect, it } from 'vitest';
import { takeProblem } from '../src/signin/provider';

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
