// Errors, grouped: from the list through the stack to the moment in a replay, decided and found again.
import assert from 'node:assert/strict';
import { until } from '../../../tools/e2e/wait.mjs';
import { findings } from '../lib/axe.mjs';
import { pictureOf, sendSession } from '../lib/data.mjs';
import { replayFrame } from '../lib/visitor.mjs';

const SHOP = 'https://shop.example';
const EVIL = '<img src=x onerror="window.hit = true">';
const CHROME = (name) => `TypeError: Cannot read properties of undefined (reading '${name}')
    at Array.map (<anonymous>)
    at Cart.total (${SHOP}/assets/main-4f3a2b1c.js:1:2345)
    at run (${SHOP}/node_modules/react/index.js:1:2)`;
const FIREFOX = (name) => `total@${SHOP}/assets/main-99ffee11.js:1:2222\nrun@${SHOP}/node_modules/react/index.js:1:2`;

const plugin = (timestamp, name, payload) => ({ type: 6, timestamp, data: { plugin: name, payload } });

/** Two visits in two browsers with one error each, 40 s after their start. */
async function sendErrors(crow) {
  const name = `price${Date.now()}`;
  const startedAt = Date.now() - 90 * 60_000;
  const said = [
    [`Cannot read properties of undefined (reading '${name}')`, CHROME(name)],
    [`can't access property "${name}", item is undefined`, FIREFOX(name)],
  ];
  const ids = [];
  for (const [index, [message, stack]] of said.entries()) {
    const id = `${name}-${index}`;
    ids.push(id);
    const at = startedAt + index * 60_000;
    await sendSession(crow, {
      id,
      user: `${EVIL}${index}`,
      startedAt: at,
      events: [
        [0, 'pageview', { page: '/cart/17' }],
        [30, 'click', { page: '/cart/17', text: EVIL }],
        [40, 'error', { page: '/cart/17', message, stack, release: `1.${index}` }],
        [60, 'click', { page: '/cart/17' }],
      ],
      replay: [
        ...pictureOf(`${SHOP}/cart/17`, 'Cart', at),
        plugin(at + 35_000, 'rrweb/console@1', { level: 'warn', trace: [], payload: [JSON.stringify(EVIL)] }),
        plugin(at + 37_000, 'rrweb/network@1', {
          requests: [
            { name: `${SHOP}/api/pay`, method: 'POST', initiatorType: 'fetch', status: 500, timestamp: at + 36_000 },
          ],
        }),
        { type: 3, timestamp: at + 60_000, data: { source: 1, positions: [{ x: 5, y: 5, id: 5, timeOffset: 0 }] } },
      ],
    });
  }
  const issue = await until(async () => {
    const { issues } = await crow.get(`/issues/acme?text=${name}`);
    return issues[0]?.sessions === 2 && issues[0];
  });
  return { name, ids, issue };
}

/** What led to the error is text, with times before it and links to the replay. */
async function happenedBefore(page) {
  const crumbs = page.locator('tr[data-crumb]');
  await crumbs.first().waitFor();
  await page.getByRole('button', { name: 'Add console and requests' }).click();
  await crumbs.filter({ hasText: 'Console' }).waitFor();
  assert.deepEqual(
    (await crumbs.locator('a, b').allInnerTexts()).map((text) => text.trim()),
    ['−40 s', '/cart/17', '−10 s', 'Click', '−5 s', 'Console: warn', '−4 s', 'POST /api/pay', 'at the error', 'Error'],
  );
  for (const hasText of ['Click', 'Console']) assert.ok((await crumbs.filter({ hasText }).innerText()).includes(EVIL));
  assert.match(await crumbs.getByRole('link', { name: '−10 s' }).getAttribute('href'), /^#\/sessions\/[^?]+\?t=30000$/);
}

export const cases = {
  async 'an error of two browsers is one entry that leads to the moment in the replay'({ crow, open }) {
    const { name, issue } = await sendErrors(crow);
    assert.deepEqual([issue.count, issue.people, issue.release], [2, 2, '1.1']);
    const { page, problems } = await open(`#/errors?text=${name}`);
    const row = page.locator(`tr[data-issue="${issue.id}"]`);
    await row.getByText('total in main-99ffee11.js · 1.1').waitFor();
    await row.getByRole('img', { name: /^2 in this time range/ }).waitFor();
    assert.equal(await page.locator('tr[data-issue]').count(), 1);
    assert.deepEqual(await findings(page), []);
    await page.keyboard.press('j');
    await page.locator('tr.selected[data-issue]').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Error', exact: true }).waitFor();
    await page.locator('[data-frame="app"]').getByText('total').waitFor();
    assert.equal(await page.locator('[data-frame="library"]').count(), 0);
    await page.getByRole('button', { name: 'Show 1 more' }).click();
    await page.locator('[data-frame="library"]').getByText('run').waitFor();
    await page.getByText('/cart/*').first().waitFor();
    await happenedBefore(page);
    assert.deepEqual(await findings(page), []);
    await page
      .getByRole('link', { name: /^Watch the session/ })
      .first()
      .click();
    const frame = await replayFrame(page);
    await frame.getByText('Cart').waitFor();
    // Three seconds before the error, so that one sees how it comes.
    await page.waitForFunction(() => /t=37000/.test(location.hash));
    await page.getByRole('tab', { name: /^Errors/ }).click();
    await page
      .getByRole('button', { name: /^Details of/ })
      .first()
      .click();
    await page.getByRole('link', { name: 'All occurrences of this error' }).click();
    await page.getByRole('heading', { name: 'Error', exact: true }).waitFor();
    assert.equal(await page.evaluate(() => window.hit), undefined);
    assert.deepEqual(problems, []);
  },

  async 'an error is assigned, resolved and opened again'({ crow, open }) {
    const { name, issue } = await sendErrors(crow);
    const { page, problems } = await open(`#/errors/${encodeURIComponent(issue.id)}`);
    await page.getByRole('button', { name: 'Resolve', exact: true }).click();
    await page.getByText('The error is resolved.').waitFor();
    await page.getByRole('button', { name: 'Open again' }).waitFor();
    const stored = await crow.get(`/issues/acme?status=resolved&text=${name}`);
    assert.equal(stored.issues[0]?.id, issue.id);
    await page.goto(`${crow.page}/#/errors?text=${name}`);
    await page.getByText('No matching errors').waitFor();
    await page.getByRole('button', { name: 'Resolved' }).click();
    await page.locator(`tr[data-issue="${issue.id}"]`).getByText('Resolved').waitFor();
    await page.locator(`tr[data-issue="${issue.id}"]`).getByRole('link').click();
    await page.getByRole('button', { name: 'Open again' }).click();
    await page.getByRole('button', { name: 'Ignore' }).click();
    await page.getByText('The error is ignored.').waitFor();
    const again = await crow.get(`/issues/acme?status=ignored&text=${name}`);
    assert.equal(again.issues[0]?.isRegressed, false);
    assert.deepEqual(problems, []);
  },
};
