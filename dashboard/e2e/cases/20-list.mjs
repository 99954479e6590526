import assert from 'node:assert/strict';
import { until } from '../../../tools/e2e/wait.mjs';

const rows = (page) => page.locator('a.list-row');

export const cases = {
  async 'filters find the session, compose, and live in the address'({ open }) {
    const { page, context, crow, problems } = await open();
    void crow;
    await rows(page).first().waitFor();
    assert.equal(await rows(page).count(), 11);
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('button', { name: 'Device' }).click();
    await page.locator('.item', { hasText: 'mobile' }).click();
    await page.waitForFunction(() => document.querySelectorAll('a.list-row').length === 4);
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('button', { name: 'User' }).click();
    await page.getByLabel('User').fill('user-p1');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.waitForFunction(() => document.querySelectorAll('a.list-row').length === 1);
    assert.match(page.url(), /device=mobile/);
    assert.match(page.url(), /userId=user-p1/);

    const other = await context.newPage();
    await other.goto(page.url());
    await rows(other).first().waitFor();
    assert.equal(await rows(other).count(), 1, 'the address is the filter');
    await page.getByRole('button', { name: /Remove the filter Device/ }).click();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.waitForFunction(() => document.querySelectorAll('a.list-row').length === 11);
    assert.deepEqual(problems, []);
  },

  async 'a filter without result says what to do'({ open }) {
    const { page } = await open('#/sessions?userId=nobody');
    await page.getByText('No session matches').waitFor();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await rows(page).first().waitFor();
  },

  async 'text search and the keyboard lead to the session'({ open }) {
    const { page } = await open();
    await rows(page).first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('ada');
    await page.waitForFunction(() => document.querySelectorAll('a.list-row').length === 1);
    assert.match(page.url(), /text=ada/);
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.locator('a.list-row.selected').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'ada' }).waitFor();
    await page.goBack();
    await rows(page).first().waitFor();
    assert.equal(await page.getByLabel('Search').inputValue(), 'ada');
  },

  async 'the focus stays where one works'({ open }) {
    const { page } = await open();
    await rows(page).first().waitFor();
    const focused = () =>
      page.evaluate(() => {
        const { activeElement: at } = document;
        return at?.closest('.panel') ? 'panel' : at?.className.includes('add-filter') ? 'filter' : at?.tagName;
      });
    await page.getByRole('button', { name: 'Filter', exact: true }).focus();
    await page.keyboard.press('Enter');
    await until(async () => (await focused()) === 'panel');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Add a filter' }).getByRole('textbox', { name: 'Country' }).waitFor();
    await until(
      async () => (await focused()) === 'panel',
      async () => `the focus is on ${await focused()}`,
    );
    await page.keyboard.press('Escape');
    await until(
      async () => (await focused()) === 'filter',
      async () => `the focus is on ${await focused()}`,
    );
    await page.goto(page.url().replace(/#.*/, '#/sessions?device=mobile'));
    await page.getByRole('button', { name: /Remove the filter Device/ }).focus();
    await page.keyboard.press('Enter');
    await until(
      async () => (await focused()) === 'filter',
      async () => `the focus is on ${await focused()}`,
    );
  },

  async 'a saved filter comes back, also in another browser; a name is taken once'({ open }) {
    const saved = (page) => page.getByRole('button', { name: 'Saved', exact: true });
    const save = async (page, name) => {
      await page.getByLabel('Save the current view as').fill(name);
      await page.getByRole('button', { name: 'Save', exact: true }).click();
    };
    const { page } = await open('#/sessions?device=mobile');
    await saved(page).click();
    await save(page, 'Phones');
    await page.getByRole('button', { name: 'Phones', exact: true }).click();
    await save(page, 'Phones');
    await page.getByRole('alert').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Clear' }).click();
    const { page: other } = await open('#/sessions');
    await saved(other).click();
    await other.getByRole('button', { name: 'Phones', exact: true }).click();
    await other.waitForFunction(() => document.querySelectorAll('a.list-row').length === 4);
    await other.getByRole('button', { name: 'Phones', exact: true }).click();
    await other.getByRole('button', { name: 'Delete Phones' }).click();
    await other.getByRole('button', { name: 'Delete Phones' }).waitFor({ state: 'detached' });
  },

  async 'filters that an earlier version kept in the browser move to the server'({ open }) {
    const { page } = await open('#/sessions');
    await page.evaluate(() => localStorage.setItem('crow.savedFilters', '[{"name":"Old","query":"device=mobile"}]'));
    await page.reload();
    await page.getByRole('button', { name: 'Saved', exact: true }).click();
    await page.getByRole('button', { name: 'Old', exact: true }).waitFor();
    await page.waitForFunction(() => localStorage.getItem('crow.savedFilters') === '[]');
    await page.getByRole('button', { name: 'Delete Old' }).click();
    await page.getByRole('button', { name: 'Delete Old' }).waitFor({ state: 'detached' });
  },
};
