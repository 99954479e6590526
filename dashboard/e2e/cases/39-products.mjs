// The catalogue of products: filled by hand and from a file, searched, and named by summaries.
import assert from 'node:assert/strict';
import { serve } from '../../../tools/e2e/hosts.mjs';
import { until } from '../../../tools/e2e/wait.mjs';
import { findings } from '../lib/axe.mjs';
import { sendSession } from '../lib/data.mjs';

const EVIL = '<img src=x onerror="window.hit = true">';
const rowOf = (page, id) => page.locator(`tr[data-product="${id}"]`);

/** The refusals of a case are answers that the page shows. */
const unexpected = (problems) => problems.filter((text) => !/status of (400|409)/.test(text));

/** A shop with these pages, at the only address of this machine that imports may ask. `held` pages wait for `go`. */
async function startShop({ crow }, pages, held = []) {
  let go;
  const going = new Promise((done) => (go = done));
  const answer = async (_, { pathname }) => {
    if (held.includes(pathname)) await going;
    return pages[pathname] && { body: pages[pathname] };
  };
  const { stop } = await serve(answer, Number(new URL(crow.shop).port));
  return { go, stop };
}

const productPage = (fields) =>
  `<html><script type="application/ld+json">${JSON.stringify({ '@type': 'Product', ...fields })}</script></html>`;
const sitemap = (...paths) => `<urlset>${paths.map((path) => `<url><loc>${path}</loc></url>`).join('')}</urlset>`;

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

  async 'a text with JSON-LD is imported'(world) {
    const id = `from-text-${Date.now()}`;
    const { page, problems } = await catalogue(world, id);
    await page.getByRole('button', { name: 'Import' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'JSON-LD text' }).click();
    await dialog.getByLabel('JSON-LD', { exact: true }).fill('{');
    await dialog.getByRole('button', { name: 'Import' }).click();
    await dialog.getByRole('alert').filter({ hasText: 'the file' }).waitFor();
    const product = { '@type': 'Product', sku: id, name: 'Brass lamp' };
    await dialog.getByLabel('JSON-LD', { exact: true }).fill(JSON.stringify(product));
    await dialog.getByRole('button', { name: 'Import' }).click();
    await dialog.getByText('1 added, 0 changed, 0 the same as before.').waitFor();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await rowOf(page, id).getByText('Brass lamp').waitFor();
    assert.deepEqual(unexpected(problems), []);
  },

  async 'a catalogue is imported from a site; what was not imported is listed'(world) {
    const id = `from-site-${Date.now()}`;
    const shop = await startShop(
      world,
      {
        '/sitemap.xml': sitemap('/lamp', '/evil', '/nameless', '/gone', 'http://169.254.169.254/latest'),
        '/lamp': productPage({ sku: id, name: `Brass lamp ${EVIL}`, offers: { price: '9.50', priceCurrency: 'EUR' } }),
        '/evil': `<script type="application/ld+json">{${EVIL}</script>`,
        '/nameless': productPage({ sku: `${id}-2` }),
      },
      ['/gone'],
    );
    const { page, problems } = await catalogue(world, id);
    await page.getByRole('button', { name: 'Import' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Web site' }).click();
    const address = dialog.getByLabel('Address of a page or a sitemap');
    await address.fill('ftp://shop.example/');
    await dialog.getByRole('button', { name: 'Import' }).click();
    await dialog.getByRole('alert').filter({ hasText: 'http://' }).waitFor();
    assert.deepEqual(await findings(page), []);
    await address.fill('http://127.0.0.2/');
    await dialog.getByRole('button', { name: 'Import' }).click();
    await dialog.getByRole('alert').filter({ hasText: 'no public address' }).waitFor();

    await address.fill(`${world.crow.shop}/sitemap.xml`);
    await dialog.getByRole('button', { name: 'Import' }).click();
    await dialog.getByText('3 of 4 pages read, 3 problems so far.').waitFor();
    assert.deepEqual(await findings(page), []);
    // It goes on without the window, and one import at a time is enough.
    await dialog.getByRole('button', { name: 'Close' }).click();
    const again = await fetch(`${world.crow.page}/api/v1/products/organization/acme/import/site`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${world.crow.keys.admin}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ url: world.crow.shop }),
    });
    assert.equal(again.status, 409);
    await page.getByRole('button', { name: 'Import' }).click();
    await dialog.getByRole('button', { name: 'Web site' }).click();
    await dialog.getByRole('button', { name: 'Stop the import' }).waitFor();
    shop.go();
    await dialog.getByText('4 pages read: 1 product added, 0 changed, 0 the same as before.').waitFor();
    const listed = await dialog.locator('.site-problems li').allInnerTexts();
    const said = (path, text) => listed.some((line) => line.includes(path) && line.includes(text));
    assert.ok(said('/gone', 'the site answered 404'), listed.join());
    assert.ok(said('/nameless, product 1, name', 'must be given'), listed.join());
    assert.ok(said('169.254.169.254', 'another host'), listed.join());
    assert.ok(said('/evil', 'JSON-LD that cannot be read'), listed.join());
    assert.equal(listed.length, 4);
    assert.deepEqual(await findings(page), []);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await rowOf(page, id).getByText('€9.50').waitFor();
    assert.equal(await page.evaluate(() => window.hit), undefined);
    assert.deepEqual(unexpected(problems), []);
    await shop.stop();
  },

  async 'an import from a site can be stopped'(world) {
    const id = `stopped-${Date.now()}`;
    const pages = { '/sitemap.xml': sitemap('/lamp'), '/lamp': productPage({ sku: id, name: 'Lamp' }) };
    const shop = await startShop(world, pages, ['/lamp']);
    const { page, problems } = await catalogue(world, id);
    await page.getByRole('button', { name: 'Import' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Web site' }).click();
    await dialog.getByLabel('Address of a page or a sitemap').fill(`${world.crow.shop}/sitemap.xml`);
    await dialog.getByRole('button', { name: 'Import' }).click();
    await dialog.getByText('0 of 1 pages read').waitFor();
    await dialog.getByRole('button', { name: 'Stop the import' }).click();
    await dialog.getByText('The import was stopped. Nothing was stored.').waitFor();
    shop.go();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByText('No matching products').waitFor();
    assert.deepEqual(unexpected(problems), []);
    await shop.stop();
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
    // Interactions, views, added, purchased, abandoned, and its share.
    assert.deepEqual((await rowOf(page, id).locator('td').allInnerTexts()).slice(1), [
      `${visits}`,
      `${visits}`,
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
