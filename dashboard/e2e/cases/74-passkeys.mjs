// Passkeys, with the browser's own virtual device. They need a host name, so the pages are at localhost.
import assert from 'node:assert/strict';
import { until } from '../../../tools/e2e/wait.mjs';
import { findings } from '../lib/axe.mjs';
import { invited, makeAccount } from '../lib/people.mjs';

/** A device that recognises its user by itself. */
async function withDevice({ page, context }) {
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const options = {
    protocol: 'ctap2',
    transport: 'internal',
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  };
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', { options });
  return {
    passkeys: async () => (await devtools.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    recognises: (isUserVerified) => devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
  };
}

/** Somebody with an account, on the page about it. */
async function person({ crow, open }, name) {
  const home = crow.page.replace('127.0.0.1', 'localhost');
  const visit = await open('', { key: '' });
  const { page } = visit;
  await page.goto(`${home}/${invited(crow, `${name.toLowerCase()}-${Date.now()}@shop.example`, 'member')}`);
  await makeAccount(page, name);
  await page.getByRole('link', { name }).click();
  await page.getByRole('heading', { name: 'My account' }).waitFor();
  return { ...visit, home };
}

const passkeyButton = (page) => page.getByRole('button', { name: 'Sign in with a passkey' });
const alert = (page, text) => page.getByRole('alert').filter({ hasText: text }).waitFor();

export const cases = {
  async 'a passkey is added, signs in, gets a name and is removed'(world) {
    const visit = await person(world, 'Paula');
    const { page, problems } = visit;
    const device = await withDevice(visit);
    await page.getByText('No passkeys yet').waitFor();
    assert.deepEqual(await findings(page), []);
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    const row = page.locator('[data-passkey]');
    await row.getByText('never').waitFor();
    assert.match(await row.getAttribute('data-passkey'), / on /, 'named after the browser');
    assert.equal((await device.passkeys()).length, 1);
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await alert(page, 'has a passkey of yours already');
    assert.deepEqual(await findings(page), []);

    await page.getByRole('button', { name: 'Sign out' }).click();
    await passkeyButton(page).waitFor();
    assert.deepEqual(await findings(page), []);
    await device.recognises(false);
    await passkeyButton(page).click();
    await alert(page, 'No passkey was used');
    await device.recognises(true);
    await passkeyButton(page).click();
    await page.getByRole('link', { name: 'Paula' }).waitFor();

    await page.reload();
    await until(async () => (await row.getByText('never').count()) === 0 && (await row.count()) === 1);
    await row.getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Work laptop');
    await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
    await page.locator('[data-passkey="Work laptop"]').waitFor();
    await row.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('No passkeys yet').waitFor();

    await page.getByRole('button', { name: 'Sign out' }).click();
    await passkeyButton(page).click();
    await alert(page, 'This passkey is not registered here');
    assert.deepEqual(problems, []);
  },

  async 'where passkeys do not work, nothing is said about them'(world) {
    const { page, home, context } = await person(world, 'Pit');
    await page.getByText('No passkeys yet').waitFor();
    // As in a browser without them.
    await context.addInitScript(() => delete globalThis.PublicKeyCredential);
    await page.reload();
    await page.getByText('Where I am signed in').waitFor();
    assert.equal(await page.getByText(/passkey/i).count(), 0);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('link', { name: /^Continue with/ }).waitFor();
    assert.equal(await page.getByText(/passkey/i).count(), 0);
    // Passkeys belong to the other address of this server.
    const { page: elsewhere } = await world.open('', { key: '' });
    assert.ok(!elsewhere.url().startsWith(home));
    await elsewhere.getByRole('link', { name: /^Continue with/ }).waitFor();
    assert.equal(await passkeyButton(elsewhere).count(), 0);
  },
};
