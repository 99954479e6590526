// Alerts: from a webhook and a rule to signed messages, which are listed and sent again.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { bytesOf, serve } from '../../../tools/e2e/hosts.mjs';
import { until } from '../../../tools/e2e/wait.mjs';
import { findings } from '../lib/axe.mjs';

const EVIL = '<img src=x onerror="window.hit = true">';

/** What a webhook gets, at the only address of this machine that it may call. */
async function startReceiver({ crow }) {
  const received = [];
  const answer = async (request) => {
    received.push({ headers: request.headers, body: await bytesOf(request) });
    return { status: request.url === '/broken' ? 500 : 204 };
  };
  const { origin, stop } = await serve(answer, Number(new URL(crow.shop).port));
  return { origin, received, stop };
}

/** As docs/alerts.md says. */
function verifies(secret, { headers, body }) {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signed = createHmac('sha256', key).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`);
  return headers['webhook-signature'].split(' ').includes(`v1,${signed.update(body).digest('base64')}`);
}

async function testedAndNamed({ crow, open }, receiver) {
  const name = `pager${Date.now()}`;
  const { page, problems } = await open('#/alerts?view=webhooks');
  await page.getByRole('button', { name: 'New webhook' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(`${name} ${EVIL}`);
  await dialog.getByLabel('URL').fill('https://169.254.169.254/latest');
  await dialog.getByRole('button', { name: 'Add' }).click();
  await dialog.getByRole('alert').filter({ hasText: 'no public address' }).waitFor();
  await dialog.getByLabel('URL').fill(`${receiver.origin}/hook?key=k1`);
  assert.deepEqual(await findings(page), []);
  await dialog.getByRole('button', { name: 'Add' }).click();
  const secret = await dialog.locator('code').textContent();
  assert.match(secret, /^whsec_/);
  await dialog.getByRole('button', { name: 'Done' }).click();

  const row = page.getByRole('row').filter({ hasText: name });
  assert.equal(await row.getByText('k1').count(), 0, 'the query string is no part of what is shown');
  await row.getByRole('button', { name: /^Test/ }).click();
  const messages = page.locator('tr[data-delivery]');
  await messages.getByText('delivered').waitFor();
  await until(() => receiver.received.length === 1);
  assert.ok(verifies(secret, receiver.received[0]));
  assert.equal(JSON.parse(receiver.received[0].body).type, 'test');
  assert.deepEqual(await findings(page), []);

  await messages.getByRole('button', { name: /^Replay/ }).click();
  await until(() => receiver.received.length === 2);
  const [first, second] = receiver.received.map(({ headers }) => headers['webhook-id']);
  assert.equal(second, first);

  await page.getByRole('button', { name: 'Alerts', exact: true }).click();
  await page.getByRole('button', { name: 'New alert' }).first().click();
  await dialog.getByLabel('Name').fill(`New errors ${EVIL}`);
  await dialog.getByRole('checkbox', { name: new RegExp(name) }).check();
  assert.deepEqual(await findings(page), []);
  await dialog.getByRole('button', { name: 'Save' }).click();
  const alert = page.locator('tr[data-alert]').filter({ hasText: 'New errors' });
  await alert.getByText(name).waitFor();

  await until(async () => {
    const { alerts } = await crow.get('/alerts/acme');
    return alerts.some((one) => one.name.startsWith('New errors') && one.evaluatedAt !== null);
  });
  await page.reload();
  await alert.getByText('ok', { exact: true }).waitFor();
  assert.deepEqual(await findings(page), []);
  assert.equal(await page.evaluate(() => window.hit), undefined);
  assert.deepEqual(
    problems.filter((text) => !/status of 400/.test(text)),
    [],
  );
}

export const cases = {
  async 'a webhook is tested, sent again and named by an alert'(world) {
    const receiver = await startReceiver(world);
    try {
      await testedAndNamed(world, receiver);
    } finally {
      await receiver.stop();
    }
  },

  async 'a rule about a number is made, changed and removed'({ open }) {
    const { page, problems } = await open('#/alerts');
    await page.getByRole('button', { name: 'New alert' }).first().click();
    const dialog = page.getByRole('dialog');
    const name = `Sessions ${Date.now()}`;
    await dialog.getByLabel('Name', { exact: true }).fill(name);
    await dialog.getByLabel(/^What/).selectOption('sessions');
    await dialog.getByLabel('Within').selectOption('10080');
    await dialog.getByLabel(/^When it/).selectOption('drop');
    assert.equal(await dialog.getByLabel('Within').inputValue(), '1440', 'the longest window that is compared');
    await dialog.getByLabel('Within').selectOption('60');
    await dialog.getByLabel('Minimum').waitFor();
    await dialog.getByLabel('Percent', { exact: true }).fill('101');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByRole('alert').filter({ hasText: 'threshold' }).waitFor();
    await dialog.getByLabel('Percent', { exact: true }).fill('50');
    // An editor over the dialog: Escape and Enter in it leave the dialog as it is.
    const editor = page.getByRole('dialog', { name: 'Conditions' });
    await page.getByRole('button', { name: 'Conditions' }).click();
    await editor.getByLabel('Field').waitFor();
    await page.keyboard.press('Escape');
    await editor.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Conditions' }).click();
    await editor.getByLabel('Field').selectOption('errors');
    await editor.getByLabel('Value', { exact: true }).fill('2');
    await page.keyboard.press('Enter');
    await editor.getByRole('button', { name: 'Apply' }).click();
    await dialog.getByText('Errors is above 2').waitFor();
    assert.deepEqual(await findings(page), []);
    await dialog.getByRole('button', { name: 'Save' }).click();
    const row = page.locator('tr[data-alert]').filter({ hasText: name });
    await row
      .getByText('Sessions 50 % or more below the usual in 1 hour, in sessions where Errors is above 2')
      .waitFor();

    await row.getByRole('button', { name: /^Edit/ }).click();
    await dialog.getByLabel(/^What/).selectOption('conversion');
    await dialog.getByLabel('Name of step 2').fill('buy');
    await dialog.getByLabel('Percent', { exact: true }).fill('3');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await row.getByText('Conversion of a funnel below 3 % in 1 hour').waitFor();
    await row.getByRole('button', { name: /^Remove/ }).click();
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await row.waitFor({ state: 'detached' });
    assert.deepEqual(
      problems.filter((text) => !/status of 400/.test(text)),
      [],
    );
  },
};
