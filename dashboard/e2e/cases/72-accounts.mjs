// Accounts: members, sign-ins and the audit log, each person in a browser of their own.
import assert from 'node:assert/strict';
import { until } from '../../../tools/e2e/wait.mjs';
import { findings } from '../lib/axe.mjs';
import { makeAccount, PASSWORD, person, signIn } from '../lib/people.mjs';

export const cases = {
  async 'members are invited, get roles, and are disabled at once'(world) {
    const { crow, open } = world;
    const { page, problems } = await person(world, 'Olga', 'owner');
    await page.goto(`${crow.page}/#/members`);
    await page.getByRole('button', { name: 'Invite', exact: true }).click();
    const email = `bob-${Date.now()}@shop.example`;
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('E-mail').fill(email);
    await dialog.getByRole('radio', { name: /^member/ }).check();
    await dialog.getByRole('button', { name: 'Invite' }).click();
    const link = await page.locator('[data-link]').textContent();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.locator(`[data-invitation="${email}"]`).waitFor();

    const { page: bobs } = await open(new URL(link).hash, { key: '' });
    await makeAccount(bobs, 'Bob');
    await bobs.getByRole('heading', { name: 'Sessions' }).waitFor();
    assert.equal(await bobs.getByRole('link', { name: 'Members' }).count(), 0);
    await bobs.goto(`${crow.page}/#/members`);
    await bobs.getByText('Only admins can open this page').waitFor();

    await page.reload();
    const row = page.locator(`[data-user="${email}"]`);
    await row.getByLabel('Role of Bob').selectOption('admin');
    await until(async () => {
      await bobs.reload();
      await bobs.locator('.shell').waitFor();
      return (await bobs.getByRole('link', { name: 'Members' }).count()) === 1;
    });
    await row.getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
    await row.getByText('disabled').waitFor();
    await bobs.reload();
    await signIn(bobs, email, PASSWORD);
    await bobs.getByRole('alert').filter({ hasText: 'wrong' }).waitFor();

    await row.getByRole('button', { name: 'Enable' }).click();
    await row.getByRole('button', { name: 'New password' }).click();
    const next = await page.locator('[data-link]').textContent();
    await page.getByRole('button', { name: 'Done' }).click();
    await bobs.goto(`${crow.page}/${new URL(next).hash}`);
    await bobs.reload();
    await bobs.getByText('Set a new password').waitFor();
    await bobs.getByLabel('Password').fill('another good password');
    await bobs.getByRole('button', { name: 'Set password' }).click();
    await bobs.locator('.shell').waitFor();
    assert.deepEqual(problems, []);
  },

  async 'an admin makes no owner, an owner does'(world) {
    const { page, email } = await person(world, 'Ada', 'admin');
    const { page: olgas } = await person(world, 'Otto', 'owner');
    await page.goto(`${world.crow.page}/#/members`);
    const own = page.locator(`[data-user="${email}"]`);
    await own.getByText('you').waitFor();
    // An admin makes no owner.
    assert.deepEqual(await own.getByLabel('Role of Ada').locator('option').allInnerTexts(), [
      'admin',
      'member',
      'marketing',
    ]);
    await olgas.goto(`${world.crow.page}/#/members`);
    await olgas.locator('[data-user] option', { hasText: 'owner' }).first().waitFor({ state: 'attached' });
  },

  async 'one sees where one is signed in, and a new password ends the others'(world) {
    const { page, email, problems } = await person(world, 'Eva', 'member');
    const { page: other } = await world.open('', { key: '' });
    await signIn(other, email, PASSWORD);
    await other.locator('.shell').waitFor();
    await page.getByRole('link', { name: 'Eva' }).click();
    await page.getByText('this one').waitFor();
    await until(async () => (await page.locator('tbody tr').count()) === 2);
    assert.deepEqual(await findings(page), []);
    await page.getByLabel('Current password').fill('not my password');
    await page.getByLabel('New password').fill('another good password');
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Current password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByText('The password is changed').waitFor();
    await until(async () => (await page.locator('tbody tr').count()) === 1);
    await other.reload();
    await other.getByLabel('E-mail').waitFor();
    await signIn(other, email, 'another good password');
    await other.locator('.shell').waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'End all others' }).click();
    await until(async () => (await page.locator('tbody tr').count()) === 1);
    await other.reload();
    await other.getByLabel('E-mail').waitFor();
    assert.deepEqual(problems, []);
  },

  async 'the audit log says who did what, and is a file'(world) {
    const { page, email, problems } = await person(world, 'Ines', 'admin');
    await page.goto(`${world.crow.page}/#/audit`);
    await page.locator('[data-action="user.created"]').first().waitFor();
    await page.getByLabel('Action', { exact: true }).selectOption('invitation');
    await page.locator('[data-action="invitation.created"]').first().waitFor();
    await until(async () => (await page.locator('[data-action="user.created"]').count()) === 0);
    const href = await page.getByRole('link', { name: 'Download CSV' }).getAttribute('href');
    const text = await page.evaluate((path) => fetch(path).then((answer) => answer.text()), href);
    assert.match(text, /invitation\.created/);
    assert.ok(!text.includes(email), 'entries name ids, not people');
    assert.deepEqual(problems, []);
  },
};
