// Whom a sign-in with an OpenID Connect provider refuses. 71-organization has one that succeeds.
import assert from 'node:assert/strict';
import { continueAs } from '../lib/people.mjs';

export const cases = {
  async 'who may not sign in is told why, once'({ open }) {
    const { page } = await open('', { key: '' });
    await continueAs(page, 'stranger');
    await page.getByRole('alert').filter({ hasText: 'Addresses of your e-mail domain' }).waitFor();
    await page.waitForURL(/\/app(#|$)/);
    await page.reload();
    await page.getByRole('link', { name: 'Continue with Staff account' }).waitFor();
    assert.equal(await page.getByText('Addresses of your e-mail domain').count(), 0);
    // The provider knows this browser now, and another one not.
    const { page: other } = await open('', { key: '' });
    await continueAs(other, 'nobody');
    await other.getByRole('alert').filter({ hasText: 'cancelled at the provider' }).waitFor();
  },
};
