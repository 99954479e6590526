// Dashboards of tiles, saved views and collections: made by one person, opened by another, closed to other organizations.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { until } from '../../../tools/e2e/wait.mjs';
import { findings } from '../lib/axe.mjs';
import { FUNNEL } from '../lib/data.mjs';
import { person } from '../lib/people.mjs';

/** The sessions of the analyses only: those of other cases are not part of the sums. */
const link = (page, more = {}) =>
  `#/${page}?${new URLSearchParams({ range: '24h', referrer: 'search.example', hasReplay: 'false', ...more })}`;

/** The tile with this title. */
const tile = (page, title) => page.locator('.board-tile', { has: page.getByRole('heading', { name: title }) });

async function builtByAnalyst({ crow }, page, name) {
  await page.goto(`${crow.page}/${link('overview')}`);
  await page.getByText('Over time').waitFor();
  await page.getByRole('button', { name: 'Dashboard', exact: true }).click();
  const panel = page.getByRole('dialog', { name: 'Add to a dashboard' });
  await panel.getByLabel('Title of the tile').fill('Visits');
  await panel.getByLabel('New dashboard').fill(name);
  await panel.getByRole('button', { name: 'Create' }).click();
  await page.getByText(`Added to ${name}.`).waitFor();

  await page.goto(`${crow.page}/${link('funnels', { steps: JSON.stringify(FUNNEL.steps) })}`);
  await page.locator('.funnel-numbers').first().waitFor();
  await page.getByRole('button', { name: 'Dashboard', exact: true }).click();
  await panel.getByLabel('Title of the tile').fill('Buying');
  await panel.getByRole('button', { name }).click();
  await page.getByRole('link', { name: 'Open', exact: true }).click();
  await tile(page, 'Buying').locator('.funnel-numbers .link').first().waitFor();
  return /dashboards\/(\w+)/.exec(page.url())[1];
}

/** In order, as they are drawn. */
const titles = (page) => page.locator('.board-tile > header h2').allTextContents();

async function editedAndShared(page) {
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  for (const name of ['Newest sessions', 'Countries']) {
    await page.getByRole('button', { name: 'Add a tile' }).click();
    await page.getByRole('dialog', { name: 'Add a tile' }).getByRole('button', { name }).click();
  }
  await page.getByRole('button', { name: 'Move Countries up' }).click();
  await page.getByRole('button', { name: 'Move Countries up' }).click();
  // Whoever uses the keyboard stays where they are.
  await page
    .locator('button:focus')
    .and(page.getByRole('button', { name: 'Move Countries up' }))
    .waitFor();
  await page.getByLabel('Title of Visits').fill('All visits');
  await page.locator('.board-fields select').selectOption({ label: 'Last 24 hours' });
  await page.getByLabel('Share with the organization').check();
  assert.deepEqual(await findings(page), []);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('The dashboard is saved.').waitFor();
  assert.deepEqual(await titles(page), ['All visits', 'Countries', 'Buying', 'Newest sessions']);
}

async function opensAsColleague({ crow }, page, name, id) {
  await page.goto(`${crow.page}/#/dashboards`);
  await page.locator(`[data-dashboard="${id}"]`).getByRole('link', { name }).click();
  await tile(page, 'All visits').locator('.tile', { hasText: 'Sessions' }).getByText('10', { exact: true }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Edit', exact: true }).count(), 0);
  const buying = tile(page, 'Buying');
  await until(
    async () =>
      String((await buying.locator('.funnel-numbers .link').allTextContents()).map(Number)) === String(FUNNEL.sessions),
  );
  await buying.getByRole('button', { name: 'Table' }).click();
  await buying.getByRole('cell').first().waitFor();
  const download = page.waitForEvent('download');
  await buying.getByRole('button', { name: 'CSV' }).last().click();
  const file = await download;
  assert.equal(file.suggestedFilename(), 'funnel.csv');
  const [, ...rows] = readFileSync(await file.path(), 'utf8')
    .trim()
    .split('\r\n');
  assert.deepEqual(
    rows.map((row) => Number(row.split(',')[2])),
    FUNNEL.sessions,
  );
  // The tile shows ten of them.
  const list = page.waitForEvent('download');
  await tile(page, 'Newest sessions').getByRole('button', { name: 'CSV' }).click();
  assert.equal((await list).suggestedFilename(), 'sessions.csv');
  const sessions =
    readFileSync(await (await list).path(), 'utf8')
      .trim()
      .split('\r\n').length - 1;
  assert.ok(sessions > 10, `the file has ${sessions} sessions`);
  assert.deepEqual(await findings(page), []);
}

export const cases = {
  async 'an analyst builds and shares a dashboard, which a colleague opens and strangers cannot'(world) {
    const { crow, open } = world;
    const { page, problems } = await person(world, 'Nora', 'member');
    const name = `Shop ${Date.now()}`;
    const id = await builtByAnalyst(world, page, name);
    const { page: colleague, problems: others } = await person(world, 'Carl', 'member');
    await colleague.goto(`${crow.page}/#/dashboards/${id}`);
    await colleague.getByText('Not found').waitFor();
    others.length = 0;
    await editedAndShared(page);
    await opensAsColleague(world, colleague, name, id);
    await world.picture?.('dashboard');

    const stranger = await open('#/dashboards', { key: crow.key('strangers', 'read') });
    await stranger.page.getByText('No dashboards yet').waitFor();
    await stranger.page.goto(`${crow.page}/#/dashboards/${id}`);
    await stranger.page.getByText('Not found').waitFor();
    assert.deepEqual([...problems, ...others], []);
  },

  async 'of two editors the later one is told'(world) {
    const { crow, open } = world;
    const { page } = await open('#/dashboards');
    await page.getByRole('button', { name: 'New dashboard' }).first().click();
    await page.getByRole('dialog').getByLabel('Name').fill(`Both ${Date.now()}`);
    await page.getByRole('dialog').getByLabel('Share with the organization').check();
    await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
    await page.getByText('No tiles yet').waitFor();
    const { page: other } = await open(new URL(page.url()).hash);
    for (const editor of [page, other]) {
      await editor.getByRole('button', { name: 'Edit', exact: true }).click();
      await editor.getByRole('button', { name: 'Add a tile' }).click();
      await editor.getByRole('button', { name: 'Web vitals' }).click();
    }
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('The dashboard is saved.').waitFor();
    await other.getByRole('button', { name: 'Save', exact: true }).click();
    await other.getByRole('alert').filter({ hasText: 'somebody changed the dashboard' }).waitFor();
    await other.getByRole('button', { name: 'Cancel' }).click();
    await other.locator('.board-tile').waitFor();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('The dashboard is removed.').waitFor();
    await page.getByRole('heading', { name: 'Dashboards', exact: true }).waitFor();
    assert.ok(crow.page);
  },

  async 'a view of analytics is saved by name and opened again'({ open }) {
    const { page, problems } = await open(link('funnels', { steps: JSON.stringify(FUNNEL.steps) }));
    const saved = page.getByRole('button', { name: 'Saved', exact: true });
    const name = `Buying ${Date.now()}`;
    await saved.click();
    await page.getByLabel('Save the current view as').fill(name);
    await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name, exact: true }).waitFor();
    await page.goto(page.url().replace(/#.*/, '#/funnels'));
    await page.getByText('Choose at least two steps').waitFor();
    await saved.click();
    await page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
    await page.locator('.funnel-numbers .link').first().waitFor();
    await page.goto(page.url().replace(/#.*/, '#/overview'));
    await saved.click();
    await page.getByRole('dialog').getByText('Set a filter').waitFor();
    assert.equal(await page.getByRole('button', { name, exact: true }).count(), 0, 'it belongs to its page');
    assert.deepEqual(problems, []);
  },

  async 'a session is put into a collection, found by it, and taken out'({ crow, open }) {
    const [session] = await crow.sessions();
    const { page, problems } = await open('#/collections');
    const name = `Trouble ${Date.now()}`;
    await page.getByRole('button', { name: 'New collection' }).first().click();
    await page.getByRole('dialog').getByLabel('Name').fill(name);
    await page.getByRole('dialog').getByLabel('Note').fill('<b>for Monday</b>');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByText('No sessions in this collection').waitFor();
    await page.getByText('<b>for Monday</b>').waitFor();
    const place = page.url();

    await page.goto(place.replace(/#.*/, `#/sessions/${session.id}`));
    await page.getByRole('button', { name: 'Collections', exact: true }).click();
    await page.getByRole('dialog', { name: 'Collections' }).getByLabel(name).click();
    await page.getByRole('link', { name }).click();
    const row = page.locator(`tr[data-session="${session.id}"]`);
    await row.waitFor();
    assert.deepEqual(await findings(page), []);
    await page.getByRole('link', { name: 'Show the last 90 days' }).click();
    await page.waitForFunction(() => document.querySelectorAll('a.list-row').length === 1);
    await page.locator('.chip', { hasText: name }).waitFor();
    await page.goto(place);
    await row.getByRole('button', { name: /^Take/ }).click();
    await page.getByText('No sessions in this collection').waitFor();
    assert.deepEqual(problems, []);
  },
};
