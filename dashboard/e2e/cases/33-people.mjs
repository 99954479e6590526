// People, conditions that combine, and answers as CSV.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { until } from '../../../tools/e2e/wait.mjs';
import { findings } from '../lib/axe.mjs';
import { sendSession } from '../lib/data.mjs';

const HOUR = 3_600_000;

/** Two visits of one browser: nobody signed in, then a user did. */
async function sendPerson(crow) {
  const name = `pia${Date.now()}`;
  const browser = `browser-${name}`;
  const at = Date.now() - 3 * HOUR;
  const page = [0, 'pageview', { page: '/pricing' }];
  await sendSession(crow, { id: `${name}-1`, visitor: browser, startedAt: at, events: [page] });
  await sendSession(crow, {
    id: `${name}-2`,
    visitor: browser,
    user: name,
    traits: { plan: name, seats: 12 },
    startedAt: at + HOUR,
    events: [page, [5, 'custom', { name: 'upgraded', total: 99 }]],
  });
  await until(async () => (await crow.sessions(`&visitorId=${browser}`)).length === 2);
  return { name, browser };
}

export const cases = {
  async 'a person has the visits before the sign-in, and an id of a browser leads there'({ crow, open }) {
    const { name, browser } = await sendPerson(crow);
    const { page, problems } = await open('#/people');
    await page.getByLabel('Id or property').fill(name);
    await page.getByText(`plan: ${name}`).waitFor();
    assert.deepEqual(await findings(page), []);
    await page.locator('.people').getByRole('link', { name }).click();
    await page.getByRole('heading', { name, exact: true }).waitFor();
    await page.getByText('before sign-in').waitFor();
    await page.getByText('upgraded').waitFor();
    assert.equal(await page.locator('.timeline > li').count(), 2);
    assert.deepEqual(await findings(page), []);
    await page.goto(`${page.url().split('#')[0]}#/people/visitor/${browser}`);
    await page.getByRole('heading', { name, exact: true }).waitFor();
    assert.deepEqual(problems, []);
  },

  async 'conditions are built, live in the address, and lead from the overview to the list'({ crow, open }) {
    const { name } = await sendPerson(crow);
    const { page, problems } = await open('#/overview?range=24h');
    await page.getByRole('button', { name: 'Conditions' }).click();
    const dialog = page.getByRole('dialog', { name: 'Conditions' });
    await dialog.getByLabel('Field').selectOption('trait');
    await dialog.getByLabel('Property').fill('plan');
    await dialog.getByLabel('Values, one a line').fill(name);
    assert.deepEqual(await findings(page), []);
    await dialog.getByRole('button', { name: 'or', exact: true }).click();
    await dialog.getByLabel('Field').nth(1).selectOption('errors');
    await dialog.getByText('Give a value.').waitFor();
    await dialog.getByRole('button', { name: 'Remove this condition' }).nth(1).click();
    await dialog.getByRole('button', { name: 'Apply' }).click();
    const tile = page.getByRole('link', { name: /^Sessions 1\b/ });
    await tile.waitFor();
    await tile.click();
    await page.getByText(`plan is ${name}`).waitFor();
    await page.getByText('1 session in this time range').waitFor();
    await page.getByRole('button', { name: `Remove the condition plan is ${name}` }).click();
    await page.waitForFunction(() => !location.hash.includes('where'));
    assert.deepEqual(problems, []);
  },

  async 'a cohort is saved on the page of people, and narrows a funnel of people'({ crow, open }) {
    const { name } = await sendPerson(crow);
    const { page, problems } = await open('#/people');
    await page.getByRole('button', { name: 'Cohorts' }).click();
    await page.getByLabel('Save a cohort as').fill(`upgraded ${name}`);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Give at least one condition, event or date.').waitFor();
    await page.getByLabel('Did the event').fill('upgraded');
    assert.deepEqual(await findings(page), []);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText(`Cohort is upgraded ${name}`).waitFor();
    await page.locator('.people').getByRole('link', { name }).waitFor();
    await page.getByRole('button', { name: 'Cohorts' }).click();
    await page.getByText('Conditions on cohorts are left out').waitFor();
    await page.getByRole('button', { name: `Remove upgraded ${name}` }).click();
    const question = page.getByRole('dialog', { name: 'Remove the cohort?' });
    await question.getByText('stop working').waitFor();
    assert.deepEqual(await findings(page), []);
    await question.getByRole('button', { name: 'Cancel' }).click();
    const where = await page.evaluate(() => new URLSearchParams(location.hash.split('?')[1]).get('where'));
    const steps = [
      { type: 'pageview', url: '/pricing' },
      { type: 'custom', name: 'upgraded' },
    ];
    const asked = new URLSearchParams({ range: '24h', where, steps: JSON.stringify(steps) });
    await page.goto(`${page.url().split('#')[0]}#/funnels?${asked}`);
    await page.getByRole('combobox', { name: 'Count', exact: true }).selectOption('person');
    await page.getByLabel('Break down by').selectOption('channel');
    await page.getByText(/of \d+ people complete all steps/).waitFor();
    const numbers = page.locator('.funnel-numbers .link');
    assert.equal(await numbers.nth(0).textContent(), await numbers.nth(1).textContent());
    await page.getByRole('button', { name: 'Table and CSV' }).click();
    await page.getByRole('columnheader', { name: 'people', exact: true }).waitFor();
    assert.deepEqual(await findings(page), []);
    await page.goto(`${page.url().split('#')[0]}#/retention?${asked}&period=day&breakdown=channel`);
    await page.getByLabel('Returns with').selectOption('custom:upgraded');
    await page.getByRole('heading', { name: 'referral', exact: true }).waitFor();
    assert.deepEqual(await findings(page), []);
    assert.deepEqual(problems, []);
  },

  async 'the numbers of a page are a table and a file, and lists are files'({ crow, open }) {
    const { page, problems } = await open('#/events?range=24h');
    await page.getByRole('button', { name: 'Table and CSV' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV' }).first().click(),
    ]);
    assert.equal(download.suggestedFilename(), 'events.csv');
    const text = await readFile(await download.path(), 'utf8');
    assert.match(text, /^\uFEFFtype,name,count,sessions\r\n/);
    assert.match(text, /\r\npageview,,\d+,\d+\r\n/);
    await until(async () => (await crow.get('/api/v1/interactions/organization/acme?limit=1')).interactions.length);
    for (const [place, head] of Object.entries({
      Sessions: 'started,session,user',
      People: 'last seen,kind,user',
      Errors: 'error,message,place',
      Interactions: 'time,id,source',
    })) {
      await page.goto(`${crow.page}/#/${place.toLowerCase()}?range=24h`);
      await page.getByRole('heading', { level: 1, name: place }).waitFor();
      const [list] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'CSV', exact: true }).click(),
      ]);
      assert.equal(list.suggestedFilename(), `${place.toLowerCase()}.csv`);
      const [first, ...rows] = (await readFile(await list.path(), 'utf8')).trim().split('\r\n');
      assert.ok(first.startsWith(head) && rows.length > 0, `${place}: ${first}, ${rows.length} rows`);
      await page.getByText(/^The file has the whole list/).waitFor();
    }
    assert.deepEqual(await findings(page), []);
    assert.deepEqual(problems, []);
  },
};
