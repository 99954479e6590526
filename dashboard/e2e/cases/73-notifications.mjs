// Notifications: what a user is told of while the page is open.
import assert from 'node:assert/strict';
import { findings } from '../lib/axe.mjs';
import { person } from '../lib/people.mjs';

export const cases = {
  async 'a user is told of a new role, and nobody else is'(world) {
    const { crow, open } = world;
    const { page, problems, email } = await person(world, 'Nina', 'marketing');
    const { page: owners } = await person(world, 'Oskar', 'owner');
    await page.getByRole('button', { name: 'Notifications', exact: true }).click();
    await page.getByText('There is nothing new.').waitFor();
    await page.keyboard.press('Escape');

    await owners.goto(`${crow.page}/#/members`);
    await owners.locator(`[data-user="${email}"]`).getByLabel('Role of Nina').selectOption('member');
    // Coming back to the page asks at once.
    const bell = page.getByRole('button', { name: 'Notifications, 1 unread' });
    await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
    await bell.click();
    const panel = page.getByRole('dialog', { name: 'Notifications' });
    await panel.getByText('Your role is now member. It was marketing.').waitFor();
    assert.deepEqual(await findings(page), []);
    await panel.getByRole('link', { name: /Your role is now member/ }).click();
    await page.getByRole('heading', { name: 'My account' }).waitFor();
    await page.getByRole('button', { name: 'Notifications', exact: true }).click();
    await panel.getByText('Your role is now member.').waitFor();
    assert.equal(await panel.getByText('Unread:').count(), 0);
    assert.deepEqual(problems, []);

    await owners.reload();
    await owners.getByRole('button', { name: 'Notifications', exact: true }).click();
    await owners.getByText('There is nothing new.').waitFor();
    const { page: keys } = await open('#/sessions');
    assert.equal(await keys.getByRole('button', { name: /^Notifications/ }).count(), 0, 'a key has none');
  },
};
