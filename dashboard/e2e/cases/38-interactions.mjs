// What happened in a session, in words: beside the replay, where a claim leads to its moment, and in the feed.
import assert from 'node:assert/strict';
import { until } from '../../../tools/e2e/wait.mjs';
import { findings } from '../lib/axe.mjs';
import { pictureOf, sendSession } from '../lib/data.mjs';
import { clockOf, pause, replayFrame } from '../lib/visitor.mjs';

const SHOP = 'https://shop.example';
const EVIL = '<img src=x onerror="window.hit = true">';

/** A visit that ends at the checkout, 60 s after it began. */
async function sendVisit(crow, name) {
  const id = `${name}-${Date.now()}`;
  const startedAt = Date.now() - 100 * 60_000;
  await sendSession(crow, {
    id,
    user: id,
    startedAt,
    events: [
      [0, 'pageview', { page: '/', title: 'Shop' }],
      [10, 'product_view', { page: '/product/lamp', id: `lamp-${id}`, viewedMs: 8_000 }],
      [30, 'custom', { page: '/product/lamp', name: 'add_to_cart', productId: `lamp-${id}` }],
      [60, 'pageview', { page: '/checkout', title: 'Check out' }],
      [65, 'pageview', { page: `/search?q=${encodeURIComponent(EVIL)}`, title: EVIL }],
      [70, 'click', { page: '/checkout', text: EVIL }],
    ],
    replay: [
      ...pictureOf(`${SHOP}/`, 'The shop', startedAt),
      { type: 3, timestamp: startedAt + 71_000, data: { source: 3, id: 1, x: 0, y: 10 } },
    ],
  });
  const session = await until(
    async () => (await crow.sessions(`&userId=${id}`)).find(({ endedAt }) => endedAt),
    () => `no session of ${id}`,
  );
  const path = `/api/v1/interactions/organization/acme?sessionId=${id}`;
  const [interaction] = await until(
    async () => {
      const { interactions } = await crow.get(path);
      return interactions.length && interactions;
    },
    () => `no interaction of ${id}`,
  );
  return { session, interaction, id };
}

export const cases = {
  async 'a claim leads to the moment that shows it'({ crow, open }) {
    const { session, interaction, id } = await sendVisit(crow, 'told');
    const { page, problems } = await open(`#/sessions/${session.id}`);
    await (await replayFrame(page)).waitForSelector('h1');
    await pause(page);
    await page.getByRole('tab', { name: 'Summary' }).click();
    const panel = page.locator('.summary');
    for (const { text } of interaction.evidence.claims) await panel.getByText(text, { exact: true }).waitFor();
    await panel.getByText('Checkout', { exact: true }).waitFor();
    await panel.getByText(`${Math.round(interaction.confidence * 100)}% sure`).waitFor();
    await panel.getByText('Written by rules').waitFor();
    await panel.getByText(`lamp-${id}`, { exact: true }).waitFor();
    await panel
      .getByRole('button', { name: /^Go to 1:00/ })
      .first()
      .click();
    await until(async () => (await clockOf(page)) === 60);
    assert.equal(await page.evaluate(() => window.hit), undefined);
    // Chromium says so about each look into the recorded page.
    assert.deepEqual(
      problems.filter((text) => !text.startsWith('Blocked script execution')),
      [],
    );
  },

  async 'all tabs beside the replay are in view, and the keys reach each of them'({ crow, open }) {
    const { session } = await sendVisit(crow, 'tabs');
    const { page } = await open(`#/sessions/${session.id}`);
    for (const width of [320, 390, 840, 1100, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      await page.reload();
      await page.getByRole('tab', { name: 'Summary' }).waitFor();
      const tabs = page.getByRole('tab');
      const names = (await tabs.allInnerTexts()).map((text) => text.split('\n')[0]);
      const wanted = ['Summary', 'Events', 'Errors', 'Console', 'Network', 'Performance', 'Notes', 'Details'];
      assert.deepEqual(names, wanted);
      const outside = await page.getByRole('tablist').evaluate((list) => {
        const { left, right } = list.getBoundingClientRect();
        const textOf = (tab) => {
          const range = document.createRange();
          range.selectNodeContents(tab);
          return range.getBoundingClientRect();
        };
        // In a narrow column they are in two rows.
        const before = (box, other) => (other && Math.abs(other.top - box.top) < 2 ? other.right : left);
        return [...list.children]
          .map(textOf)
          .filter((box, index, all) => box.left < before(box, all[index - 1]) + 2 || box.right > right - 2).length;
      });
      assert.equal(outside, 0, `${outside} tabs do not fit into a window of ${width} px`);
      await page.getByRole('tab', { name: 'Events' }).focus();
      for (const name of [...wanted.slice(2), ...wanted.slice(0, 2)]) {
        await page.keyboard.press('ArrowRight');
        await page.getByRole('tab', { name, selected: true }).waitFor();
        assert.match(await page.evaluate(() => document.activeElement.textContent), new RegExp(`^${name}`));
      }
    }
  },

  async 'the feed is filtered and searched, and leads to the session'({ crow, open }) {
    const { session, id } = await sendVisit(crow, 'fed');
    const { page, problems } = await open('#/interactions?range=24h');
    const row = page.locator(`[data-interaction="${session.id}"]`);
    await row.waitFor();
    await page.getByLabel('Product id').fill(`lamp-${id}`);
    await page.getByRole('heading', { name: '1 interaction', exact: true }).waitFor();
    await page.getByLabel('Intent').selectOption('purchase');
    await page.getByText('No matching interactions').waitFor();
    await page.getByLabel('Intent').selectOption('checkout');
    await page.getByLabel('Words in the summary').fill('checkout');
    await row.waitFor();
    await page.getByLabel('Confidence').selectOption('0.5');
    await page.getByLabel('Tag').selectOption('sign_up');
    await page.getByText('No matching interactions').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await row.getByRole('link', { name: 'Session' }).click();
    await page.getByRole('tab', { name: 'Summary' }).waitFor();
    assert.equal(await page.evaluate(() => window.hit), undefined);
    assert.deepEqual(problems, []);
  },

  async 'the analysis of a range says what happened, and leads to the interactions behind it'({ crow, open }) {
    const { session, id } = await sendVisit(crow, 'analyzed');
    const { page, problems } = await open('#/interactions?range=24h');
    await page.getByRole('button', { name: 'Analysis' }).click();
    await page.getByRole('heading', { name: 'Summary' }).waitFor();
    await page.getByText(/^\d+ interactions? in this range/).waitFor();
    await page.getByText(/^Written by rules/).waitFor();
    for (const name of ['What to look at', 'Anomalies', 'Insights', 'Intent', 'Tags'])
      await page.getByRole('heading', { name, exact: true }).waitFor();
    assert.deepEqual(await findings(page), []);
    await page.getByRole('link', { name: `lamp-${id}`, exact: true }).click();
    await page.getByRole('heading', { name: '1 interaction', exact: true }).waitFor();
    await page.locator(`[data-interaction="${session.id}"]`).waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'Checkout', exact: true }).click();
    await page.locator(`[data-interaction="${session.id}"]`).waitFor();
    assert.equal(await page.getByLabel('Intent').inputValue(), 'checkout');
    const empty = Date.now() - 40 * 86_400_000;
    await page.goto(`${crow.page}/#/interactions?view=analysis&from=${empty}&to=${empty + 3_600_000}`);
    await page.getByText('Nothing to analyze').waitFor();
    assert.equal(await page.evaluate(() => window.hit), undefined);
    assert.deepEqual(problems, []);
  },

  async 'the feed works by keyboard'({ crow, open }) {
    const { session, id } = await sendVisit(crow, 'keys');
    const { page, problems } = await open('#/interactions?range=24h');
    await page.locator('[data-interaction]').first().waitFor();
    // The list is empty for a moment when another filter applies.
    const both = page.waitForResponse((answer) => /acme\?q=checkout.*&product=lamp/.test(answer.url()));
    await page.keyboard.press('/');
    await page.keyboard.type('checkout');
    await page.getByLabel('Product id').fill(`lamp-${id}`);
    await both;
    await page.locator(`[data-interaction="${session.id}"]`).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.locator(`.interaction.selected[data-interaction="${session.id}"]`).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('tab', { name: 'Summary' }).waitFor();
    assert.deepEqual(problems, []);
  },

  async 'an analysis that fails says so, and can be tried again'({ open }) {
    const { page } = await open('#/interactions?range=24h');
    await page.route('**/analyze', (route) => route.abort(), { times: 3 });
    await page.getByRole('button', { name: 'Analysis' }).click();
    await page.getByRole('alert').getByText('cannot be reached').first().waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Summary' }).or(page.getByText('Nothing to analyze')).waitFor();
  },
};
