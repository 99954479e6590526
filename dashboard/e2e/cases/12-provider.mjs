// Sign-in with an OpenID Connect provider: over its pages and back to the page that was asked for.
import assert from 'node:assert/strict';
import { findings } from '../lib/axe.mjs';

/** From our sign-in page to the provider, as one of its people. */
async function continueAs(page, name) {
  await page.getByRole('link', { name: 'Continue with Staff account' }).click();
  await page.getByRole('link', { name, exact: true }).click();
}

export const cases = {
  async 'who signs in with the provider gets an account, and comes back to the page that was asked for'({ open }) {
    const { page, problems } = await open('#/retention', { key: '' });
    await page.getByRole('link', { name: 'Continue with Staff account' }).waitFor();
    assert.deepEqual(await findings(page), []);
    await continueAs(page, 'petra');
    await page.getByRole('heading', { name: 'Retention' }).waitFor();
    await page.getByRole('link', { name: 'Petra' }).waitFor();
    assert.match(page.url(), /\/app#\/retention$/);
    assert.deepEqual(problems, []);
  },

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
