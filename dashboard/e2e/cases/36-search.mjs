// One box for sessions, interactions and products.
import assert from 'node:assert/strict';
import { until } from '../../../tools/e2e/wait.mjs';
import { findings } from '../lib/axe.mjs';
import { ORG } from '../lib/crow.mjs';
import { sendSession } from '../lib/data.mjs';
import { person } from '../lib/people.mjs';

const EVIL = '<img src=x onerror="window.hit = true">';
const group = (page, name) => page.getByRole('dialog').getByRole('region', { name, exact: true });
const box = (page) => page.getByRole('dialog').getByLabel('Search sessions, interactions and products');

/** A visit of a person with this name to this page, put into words. */
async function sendVisit(crow, user, path) {
  await sendSession(crow, {
    id: user,
    user,
    startedAt: Date.now() - 90 * 60_000,
    events: [
      [0, 'pageview', { page: path, title: EVIL }],
      [10, 'click', { page: path, text: EVIL }],
      [20, 'custom', { page: path, name: 'add_to_cart', productId: `${user}-product` }],
    ],
  });
  return until(
    async () => {
      const { interactions } = await crow.get(`/api/v1/interactions/organization/${ORG}?sessionId=${user}`);
      return interactions[0];
    },
    () => `no interaction of ${user}`,
  );
}

async function addProduct(crow, product) {
  const answer = await fetch(`${crow.page}/api/v1/products/organization/${ORG}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${crow.keys.admin}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(product),
  });
  assert.equal(answer.status, 201, await answer.text());
}

export const cases = {
  async 'one box finds sessions, interactions and products'({ crow, open }) {
    const word = `zebra${Date.now()}`;
    const interaction = await sendVisit(crow, word, `/of/${word}`);
    await addProduct(crow, { id: `${word}-lamp`, name: `Lamp ${word} ${EVIL}` });
    const { page, problems } = await open('#/overview');
    await page.keyboard.press('Control+k');
    await box(page).fill(word);
    const session = group(page, 'Sessions').getByRole('link', { name: new RegExp(`^${word}.*/of/${word}`) });
    await session.waitFor();
    await group(page, 'Interactions').getByText(`${word}-product`).waitFor();
    await group(page, 'Interactions').getByText('Written by rules').first().waitFor();
    await group(page, 'Products').getByText(`Lamp ${word}`).waitFor();
    assert.deepEqual(await findings(page), []);

    // Down to the first result, up again, and down again.
    for (const key of ['ArrowDown', 'ArrowUp', 'ArrowDown']) await page.keyboard.press(key);
    assert.equal(await session.evaluate((link) => link === document.activeElement), true);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: word }).waitFor();
    assert.ok(page.url().includes(`/sessions/${interaction.id}`), page.url());
    assert.equal(await page.getByRole('dialog').count(), 0);

    // The session's id finds it, and Enter opens the first result.
    await page.getByRole('button', { name: /^Find anything/ }).click();
    await box(page).fill(`${word}-lamp`);
    await group(page, 'Products').getByText(`Lamp ${word}`).waitFor();
    await group(page, 'Products').getByRole('link', { name: 'All products with these words' }).click();
    await page.locator(`tr[data-product="${word}-lamp"]`).waitFor();
    assert.equal(await page.evaluate(() => window.hit), undefined);
    assert.deepEqual(problems, []);
  },

  async 'products are found in other words'({ crow, open }) {
    const id = `kettle-${Date.now()}`;
    await addProduct(crow, { id, name: `Steel kettle ${id}` });
    const { page, problems } = await open('#/overview');
    // The page has no search of its own.
    await page.keyboard.press('/');
    await box(page).fill('boil water for tea');
    await group(page, 'Products')
      .getByText(/^Steel kettle/)
      .first()
      .waitFor();
    await group(page, 'Sessions').getByText('No session of the last 90 days').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.goto(`${crow.page}/#/sessions`);
    await page.locator('a.list-row').first().waitFor();
    await page.keyboard.press('/');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'search');
    assert.equal(await page.getByRole('dialog').count(), 0);
    assert.deepEqual(problems, []);
  },

  async 'a search that the model of embeddings failed says so above what was found by words'({ crow, open }) {
    const word = `noted${Date.now()}`;
    const note = 'Search by meaning is not available now.';
    await addProduct(crow, { id: word, name: `Lamp ${word}` });
    const { page, problems } = await open('#/overview');
    const ranked = /\/organization\/acme\?.*search=(both|meaning)/;
    await page.route(ranked, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), note } });
    });
    await page.keyboard.press('Control+k');
    await box(page).fill(word);
    await group(page, 'Products').getByText(`Lamp ${word}`).waitFor();
    for (const name of ['Interactions', 'Products']) await group(page, name).getByText(note).waitFor();
    await page.keyboard.press('Escape');
    for (const path of ['products', 'interactions']) {
      await page.goto(`${crow.page}/#/${path}?q=${word}&search=meaning`);
      await page.getByRole('status').filter({ hasText: note }).waitFor();
      assert.equal(await page.getByText('Most similar interactions').count(), 0);
      await page.getByRole('button', { name: 'Words', exact: true }).click();
      await page.getByText(note).waitFor({ state: 'detached' });
    }
    assert.deepEqual(problems, []);
  },

  async 'whoever sees masked data has no search'(world) {
    const { page, problems } = await person(world, 'Mara', 'marketing');
    const asked = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.press('/');
    // Shown after the keys before it were handled.
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Show this list').waitFor();
    assert.equal(await page.getByRole('dialog').count(), 1);
    assert.equal(await dialog.getByText('Search sessions').count(), 0);
    assert.equal(await page.getByRole('button', { name: /^Find anything/ }).count(), 0);
    assert.deepEqual(
      asked.filter((url) => /text=|interactions|products/.test(url)),
      [],
    );
    assert.deepEqual(problems, []);
  },
};
