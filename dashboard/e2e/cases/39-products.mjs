// The catalogue of products: filled by hand and from a file, searched, and named by summaries.
import assert from 'node:assert/strict';
import { until } from '../../../tools/e2e/wait.mjs';
import { findings } from '../lib/axe.mjs';
import { sendSession } from '../lib/data.mjs';

const EVIL = '<img src=x onerror="window.hit = true">';
const rowOf = (page, id) => page.locator(`tr[data-product="${id}"]`);

/** The refusals of a case are answers that the page shows. */
const unexpected = (problems) => problems.filter((text) => !/status of (400|409)/.test(text));

/** Opens the catalogue with what these words find. */
const catalogue = ({ open }, words, options) => open(`#/products?q=${encodeURIComponent(words)}`, options);

export const cases = {
  async 'a product is added, changed, found and removed'(world) {
    const id = `made-${Date.now()}`;
    const { page, problems } = await catalogue(world, id);
    await page.getByText('No matching products').waitFor();
    await page.getByRole('button', { name: 'New product' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill(`Copper lamp ${EVIL}`);
    await dialog.getByLabel('Id in events').fill(id);
    await dialog.getByLabel('Price').fill('1299.90');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByRole('alert').filter({ hasText: 'currency' }).waitFor();
    await dialog.getByLabel('Currency').fill('eur');
    await dialog.getByLabel('Address of its page').fill('no address');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByRole('alert').filter({ hasText: /url/i }).waitFor();
    assert.deepEqual(await findings(page), []);
    await dialog.getByLabel('Address of its page').fill(`https://shop.example/lamps/${id}?ref=mail`);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await rowOf(page, id).getByText('€1,299.90').waitFor();
    await rowOf(page, id).getByText(`/lamps/${id}`, { exact: true }).waitFor();

    await rowOf(page, id).getByRole('button', { name: /^Edit/ }).click();
    assert.equal(await dialog.getByLabel('Price').inputValue(), '1299.90');
    await dialog.getByLabel('Category', { exact: true }).fill('Lamps');
    await dialog.getByLabel('Category', { exact: true }).press('Enter');
    await rowOf(page, id).getByText('Lamps', { exact: true }).waitFor();

    await rowOf(page, id)
      .getByRole('button', { name: /^Remove/ })
      .click();
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('No matching products').waitFor();
    assert.equal(await page.evaluate(() => window.hit), undefined);
    assert.deepEqual(unexpected(problems), []);
  },

  async 'a product is found in other words'(world) {
    const id = `kettle-${Date.now()}`;
    const answer = await fetch(`${world.crow.page}/api/v1/products/organization/acme`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${world.crow.keys.admin}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ id, name: 'Steel kettle', category: id }),
    });
    assert.equal(answer.status, 201, await answer.text());
    const words = encodeURIComponent('boil water for tea');
    const { page, problems } = await world.open(`#/products?q=${words}&category=${id}`);
    await page.getByText('No matching products').waitFor();
    await page.getByRole('button', { name: 'Meaning' }).click();
    await rowOf(page, id).getByText('Steel kettle').waitFor();
    await page.getByRole('button', { name: 'Words', exact: true }).click();
    await page.getByText('No matching products').waitFor();
    assert.deepEqual(problems, []);
  },

  async 'a file is imported; what is wrong in it is listed by line'(world) {
    const name = `from-file-${Date.now()}`;
    const { page, problems } = await catalogue(world, name);
    const lines = ['id,name,price,currency', `${name}-1,Oak table,250.00,EUR`, `${name}-2,Bad,free,EUR`];
    const send = async () => {
      await page.getByRole('button', { name: 'Import' }).click();
      const dialog = page.getByRole('dialog');
      const buffer = Buffer.from(lines.join('\n'));
      await dialog.getByLabel('File').setInputFiles({ name: 'shop.csv', mimeType: 'text/plain', buffer });
      await dialog.getByRole('button', { name: 'Import' }).click();
      return dialog;
    };
    const first = await send();
    await first.getByText('1 added, 0 changed, 0 the same as before, 1 left out.').waitFor();
    await first.getByRole('row', { name: /^3 price/ }).waitFor();
    await first.getByRole('button', { name: 'Done' }).click();
    await rowOf(page, `${name}-1`).getByText('€250.00').waitFor();
    const again = await send();
    await again.getByText('0 added, 0 changed, 1 the same as before, 1 left out.').waitFor();
    assert.deepEqual(problems, []);
  },

  async 'a visit names the products of the catalogue, and the page counts them'(world) {
    const { crow, open } = world;
    const id = `seen-${Date.now()}`;
    const answer = await fetch(`${crow.page}/api/v1/products/organization/acme`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${crow.keys.admin}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ id, name: `Desk ${id}` }),
    });
    assert.equal(answer.status, 201, await answer.text());
    // The interaction service knows a product within 15 seconds.
    let visits = 0;
    const session = await until(
      async () => {
        const visit = `${id}-${visits++}`;
        await sendSession(crow, {
          id: visit,
          user: visit,
          startedAt: Date.now() - 80 * 60_000,
          events: [
            [0, 'pageview', { page: '/', title: 'Shop' }],
            [10, 'product_view', { page: `/product/${id}`, id, viewedMs: 8_000 }],
            [30, 'custom', { page: `/product/${id}`, name: 'add_to_cart', productId: id }],
          ],
        });
        const interaction = await until(async () => {
          const { interactions } = await crow.get(`/api/v1/interactions/organization/acme?sessionId=${visit}`);
          return interactions[0];
        });
        return JSON.stringify(interaction).includes(`Desk ${id}`) && interaction.id;
      },
      undefined,
      120_000,
    );
    const { page, problems } = await open(`#/sessions/${session}`);
    await page.getByRole('tab', { name: 'Summary' }).click();
    await page
      .locator('.summary')
      .getByRole('link', { name: `Desk ${id}` })
      .click();
    await rowOf(page, id)
      .getByRole('link', { name: /^Interactions/ })
      .waitFor();
    await page.getByRole('button', { name: 'Activity' }).click();
    await rowOf(page, id)
      .getByRole('link', { name: `Desk ${id}` })
      .waitFor();
    assert.deepEqual((await rowOf(page, id).locator('td').allInnerTexts()).slice(1), [
      `${visits}`,
      '0',
      `${visits}`,
      '100%',
    ]);
    assert.deepEqual(await findings(page), []);
    assert.deepEqual(problems, []);
  },

  async 'a key that may only read changes nothing'(world) {
    const { page } = await catalogue(world, '', { key: world.crow.keys.read });
    await page.getByRole('heading', { name: 'Products' }).waitFor();
    await page.getByLabel('Category', { exact: true }).waitFor();
    assert.equal(await page.getByRole('button', { name: /Import|New product|^Edit|^Remove/ }).count(), 0);
  },
};
