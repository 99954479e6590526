const PROBLEM = 'signInProblem';

/** What the server's word for a refused sign-in means for the person. */
const PROBLEMS: Record<string, string> = {
  expired: 'The sign-in took too long, or began in another browser. Start again.',
  invalid: 'The answer of the provider could not be verified. Start again.',
  denied: 'The sign-in was cancelled at the provider.',
  unverified_email: 'The provider has not verified your e-mail address. Verify it there, then start again.',
  domain: 'Addresses of your e-mail domain may not sign in here.',
  no_role: 'None of your groups has a role here. Ask the admin of your provider.',
  no_account: 'You have no account here yet. Ask an admin of your organization for an invitation.',
  other_account: 'Your e-mail address belongs to an account that is linked to another identity. Ask an admin.',
  disabled: 'Your account is disabled. Ask an admin of your organization.',
  unavailable: 'The provider does not answer. Try again in a moment.',
};

/** Why the provider's sign-in failed, from the address, which forgets it; empty: it did not. */
export function takeProblem(): string {
  const address = new URL(window.location.href);
  const word = address.searchParams.get(PROBLEM);
  if (word === null) return '';
  address.searchParams.delete(PROBLEM);
  window.history.replaceState(window.history.state, '', address);
  return Object.hasOwn(PROBLEMS, word) ? (PROBLEMS[word] ?? '') : 'The sign-in failed. Start again.';
}
