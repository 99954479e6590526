import assert from 'node:assert/strict';
import { until } from '../../../tools/e2e/wait.mjs';
import { findings } from '../lib/axe.mjs';
import { FUNNEL, HEAT } from '../lib/data.mjs';

/** The sessions of the analyses only: those of other cases are not part of the sums. */
const link = (page, more = {}) =>
  `#/${page}?${new URLSearchParams({ range: '24h', referrer: 'search.example', hasReplay: 'false', ...more })}`;

export const cases = {
  async 'the overview counts sessions, and a number leads to them'({ open }) {
    const { page, problems } = await open(link('overview'));
    const tile = page.locator('.tile', { hasText: 'Sessions' });
    await tile.getByText('10', { exact: true }).waitFor();
    await page.locator('.tile', { hasText: 'Page views' }).getByText('18', { exact: true }).waitFor();
    await page.locator('.bar', { hasText: '/product' }).first().click();
    await page.waitForFunction(() => document.querySelectorAll('a.list-row').length === 8);
    assert.deepEqual(problems, []);
  },

  async 'the funnel has the numbers that were worked out by hand'({ open }) {
    const { page, problems } = await open(
      link('funnels', { steps: JSON.stringify(FUNNEL.steps), breakdown: 'device' }),
    );
    const numbers = page.locator('.funnel-numbers .link');
    await numbers.first().waitFor();
    assert.deepEqual((await numbers.allTextContents()).map(Number), FUNNEL.sessions);
    assert.deepEqual(
      (await page.locator('.dropped').allTextContents()).map((text) => Number(/\d+/.exec(text)[0])),
      FUNNEL.dropped,
    );
    const table = await page
      .locator('.table tbody tr')
      .evaluateAll((rows) => rows.map((row) => [...row.cells].map(({ textContent }) => textContent)));
    for (const [device, counts] of Object.entries(FUNNEL.byDevice))
      assert.deepEqual(
        table
          .find(([value]) => value === device)
          ?.slice(1, 4)
          .map(Number),
        counts,
      );
    await page.locator('.dropped').first().click();
    await until(async () => (await page.locator('.sample a').count()) === 3);
    assert.deepEqual(problems, []);
  },

  async 'a funnel is built by hand, and can be shared'({ open }) {
    const { page } = await open(link('funnels'));
    for (const [index, event] of ['pageview', 'bought'].entries()) {
      await page.getByRole('button', { name: 'Add a step' }).click();
      await page.getByLabel('Event', { exact: true }).nth(index).selectOption({ label: event });
    }
    await until(async () => (await page.locator('.funnel-numbers .link').count()) === 2);
    await page.locator('.funnel-numbers .link').nth(1).getByText('4', { exact: true }).waitFor();
    assert.match(page.url(), /steps=/);

    await page.getByRole('button', { name: 'Properties' }).click();
    const editor = page.getByRole('dialog', { name: 'Properties of the event' });
    await editor.getByLabel('Property', { exact: true }).fill('amount');
    await editor.getByLabel('Operator').selectOption('is above');
    await editor.getByLabel('Value', { exact: true }).fill('10');
    assert.deepEqual(await findings(page), []);
    await editor.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('custom bought where amount is above 10').waitFor();
    await page.locator('.funnel-numbers .link').nth(1).getByText('0', { exact: true }).waitFor();
  },

  async 'the heatmap has the clicks of the page, and its picture'({ open }) {
    const { page, problems } = await open(link('heatmaps', { page: HEAT.page }));
    await page.getByText(`${HEAT.clicks} clicks in ${HEAT.sessions} sessions`).waitFor();
    // Opaque where the clicks are, clear elsewhere.
    const alpha = (x, y) =>
      page
        .locator('.heat-page canvas')
        .evaluate(
          (canvas, [left, top]) =>
            canvas.getContext('2d').getImageData((left / 1000) * canvas.width, top, 1, 1).data[3],
          [x, y],
        );
    await until(async () => (await alpha(HEAT.x, HEAT.y)) > 100);
    assert.equal(await alpha(900, 100), 0);
    assert.deepEqual(problems, []);
  },

  async 'the heatmap is drawn over the recorded page'({ open }) {
    const { page } = await open('#/heatmaps?range=24h&userId=ada&page=/lamps');
    await page.getByText('2 clicks in 1 session').waitFor();
    const still = page.frameLocator('iframe[title="The page"]').frameLocator('.replayer-wrapper iframe');
    await still.getByText('ReactHooks.js').first().waitFor();
  },

  async 'journeys, events, retention and vitals show what there is'({ open }) {
    const { page, problems } = await open(link('journeys'));
    await page.locator('.page-name', { hasText: '/product' }).first().waitFor();
    await page.getByRole('link', { name: 'Events', exact: true }).click();
    await page.locator('tr', { hasText: 'bought' }).getByText('4', { exact: true }).first().waitFor();
    await page.getByRole('link', { name: 'Retention' }).click();
    await page.getByRole('heading', { name: 'By first period' }).waitFor();
    await page.getByRole('link', { name: 'Web vitals' }).click();
    await page.locator('.vital', { hasText: 'LCP' }).locator('.figure', { hasText: '1.5 s' }).waitFor();
    await page.locator('.vital', { hasText: 'Loaded' }).locator('.figure', { hasText: '2.3 s' }).waitFor();
    assert.match(await page.locator('tr', { hasText: '/cart' }).innerText(), /1\.5 s\s+90 ms\s+0\.02/);
    assert.match(
      await page
        .locator('tr')
        .filter({ has: page.getByRole('link', { name: '/', exact: true }) })
        .innerText(),
      /–\s+–\s+–/,
    );
    assert.deepEqual(problems, []);
  },
};
