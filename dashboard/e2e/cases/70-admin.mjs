import assert from 'node:assert/strict';
import { until } from '../../../tools/e2e/wait.mjs';

const track = (crow, key, sessionId) =>
  fetch(`${crow.ingest}/track`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ sessionId, event: { type: 'pageview', url: 'https://new.example/' } }),
  });

export const cases = {
  async 'a key is made, used, rotated and revoked'({ crow, open }) {
    const { page, problems } = await open('#/keys');
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByLabel('Name').fill('A new shop');
    await page.getByRole('checkbox', { name: /ingest/ }).check();
    await page.getByRole('button', { name: 'Create' }).click();
    const key = await page.locator('[data-new-key]').textContent();
    await page.getByRole('button', { name: 'Done' }).click();
    assert.equal((await track(crow, key, 'with-new-key')).status, 202);
    await until(async () => (await crow.sessions('&text=with-new-key')).length === 1);

    const row = page.locator('tr', { hasText: 'A new shop' });
    await row.getByRole('button', { name: 'Rotate' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click();
    const next = await page.locator('[data-new-key]').textContent();
    await page.getByRole('button', { name: 'Done' }).click();
    assert.notEqual(next, key);
    await until(
      async () => (await track(crow, key, 'x')).status === 401,
      () => 'the old key still works',
    );
    assert.equal((await track(crow, next, 'x')).status, 202);

    await row
      .filter({ hasNot: page.getByText('revoked') })
      .getByRole('button', { name: 'Revoke' })
      .click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await until(
      async () => (await track(crow, next, 'x')).status === 401,
      () => 'a revoked key still works',
    );
    assert.ok(!(await page.content()).includes(next));
    assert.deepEqual(problems, []);
  },

  async 'health shows keepers and partitions; the install page turns green for a new session only'({ crow, open }) {
    const { page, problems } = await open('#/health');
    await page.locator('.tile', { hasText: 'Keepers alive' }).getByText('1 of 1').waitFor();
    await until(async () => (await page.locator('tbody tr').count()) >= 8);
    const used = page.getByRole('button', { name: /Events/ }).locator('.number');
    await until(async () => Number((await used.textContent()).replaceAll(/\D/g, '')) > 0);
    await page.getByRole('link', { name: 'Install' }).click();
    await page.getByText('Waiting for a new session').waitFor();
    await page.locator('.snippet pre', { hasText: `${crow.ingest}/sdk/crow.js` }).waitFor();
    await until(() => crow.get('/sessions/acme?limit=1').then(({ sessions }) => sessions.length === 1));
    // Old sessions are there, and still it waits: two rounds of asking.
    for (let round = 0; round < 2; round++)
      await page.waitForResponse((answer) => answer.url().includes('/sessions/acme?'));
    assert.equal(await page.locator('.arrived-event').count(), 0, 'an old session proves nothing');
    await track(crow, crow.keys.write, 'after-opening');
    await page.getByText('Events are arriving').waitFor();
    assert.deepEqual(problems, []);
  },
};
