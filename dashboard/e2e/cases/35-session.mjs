// The session page says what happened, and nothing else.
import assert from 'node:assert/strict';
import { until } from '../../../tools/e2e/wait.mjs';
import { pictureOf, sendHour, sendSession } from '../lib/data.mjs';
import { pause, replayFrame } from '../lib/visitor.mjs';

const SHOP = 'https://shop.example';
const ago = (minutes) => Date.now() - minutes * 60_000;

/** The session of this user, once all of it is there. */
const stored = (crow, user, isWhole = () => true) =>
  until(
    async () => (await crow.sessions(`&userId=${encodeURIComponent(user)}`)).find(isWhole),
    () => `no session of ${user}`,
  );

/** How much of the numbers is at most this. */
const quantile = (numbers, share) =>
  numbers.toSorted((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * share))];

export const cases = {
  async 'any moment of a finished session can be reached, also before it is loaded'({ crow, open }) {
    await sendHour(crow, ago(200), 'seeker');
    const { id } = await stored(crow, 'seeker', ({ counts }) => counts.replayEvents > 10_000);
    const { page, problems } = await open(`#/sessions/${id}?t=1000`);
    const frame = await replayFrame(page);
    const box = await page.locator('.timeline-bar').boundingBox();
    const tick = () =>
      replayFrame(page)
        .then((inner) => inner.evaluate(() => Number(/tick (\d+)/.exec(document.body?.innerText ?? '')?.[1] ?? -1)))
        .catch(() => -1);
    await frame.waitForSelector('h1');
    await pause(page);
    const times = [];
    // Odd shares of the width: their moments are no whole milliseconds.
    for (let jump = 0; jump < 20; jump++) {
      const share = ((jump * 0.6180339887) % 1) * 0.96 + 0.02;
      const startedAt = performance.now();
      await page.mouse.click(box.x + box.width * share, box.y + 18);
      await until(
        async () => Math.abs((await tick()) - share * 3_600) < 15,
        async () => `at ${await tick()} instead of ${share * 3_600}`,
      );
      times.push(Math.round(performance.now() - startedAt));
    }
    console.log(`      20 jumps in an hour: median ${quantile(times, 0.5)} ms, p95 ${quantile(times, 0.95)} ms`);
    // The browser says this of our own look into a replay that is just being rebuilt.
    assert.deepEqual(
      problems.filter((text) => !text.startsWith('Blocked script execution')),
      [],
    );
  },

  async 'events of one millisecond are all there, and errors are counted the same everywhere'({ crow, open }) {
    const invalid = Array.from({ length: 5 }, (_, index) => [
      2,
      'validation_error',
      { page: '/checkout', name: `field ${index}`, reason: 'empty' },
    ]);
    await sendSession(crow, {
      id: 'counted',
      user: 'counted',
      startedAt: ago(50),
      events: [
        [0, 'pageview', { page: '/checkout' }],
        [2, 'submit', { page: '/checkout' }],
        ...invalid,
        [3, 'error', { message: 'first' }],
        [4, 'error', { message: 'second' }],
      ],
    });
    const { id, counts } = await stored(crow, 'counted', (session) => session.counts.events === 9);
    assert.equal(counts.errors, 2);
    const { page, problems } = await open(`#/sessions/${id}`);
    await page.locator('.session-head [title="2 errors"]').waitFor();
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await page.locator('.event', { hasText: 'second' }).waitFor();
    await until(async () => (await page.locator('.event', { hasText: 'Validation error' }).count()) === 5);
    await page.getByRole('tab', { name: 'Details' }).click();
    await page.getByRole('heading', { name: 'Validation errors (5)' }).waitFor();
    await page.getByRole('tab', { name: 'Errors 2', exact: true }).click();
    await until(async () => (await page.locator('.event').count()) === 2);
    await page.goto(`${crow.page}/#/sessions?userId=counted`);
    await page.locator(`[data-session="${id}"] [title="2 errors"]`).first().waitFor();
    assert.deepEqual(problems, []);
  },

  async 'a session without a recording says so, and shows its address and referrer'({ crow, open }) {
    await sendSession(crow, {
      id: 'direct',
      user: 'direct',
      startedAt: ago(40),
      referrer: `${SHOP}/before`,
      events: [
        [0, 'pageview', { page: '/first' }],
        [5, 'pageview', { page: '/second' }],
      ],
    });
    const { id } = await stored(crow, 'direct');
    const { page } = await open(`#/sessions/${id}`);
    await page.getByText('This session has no replay').waitFor();
    assert.equal(await page.getByText('Loading…').count(), 0);
    assert.equal(await page.locator('[data-address]').innerText(), `${SHOP}/first`);
    await page.getByRole('button', { name: /Next event/ }).click();
    await page.getByRole('tab', { name: 'Details' }).click();
    assert.match(await page.locator('.fact', { hasText: 'Referrer' }).innerText(), /Direct/);
  },

  async 'names of any script and length are text, and break nothing'({ crow, open }) {
    const names = { rtl: 'شادي \u202eevil <b>x</b>', emoji: '👩‍👩‍👧 family', long: 'x'.repeat(120) };
    for (const [name, user] of Object.entries(names))
      await sendSession(crow, {
        id: `odd-${name}`,
        user,
        startedAt: ago(30),
        events: [
          [0, 'pageview', { page: '/odd' }],
          [1, 'click', { page: '/odd', text: `${user} ${'w'.repeat(400)}` }],
        ],
      });
    for (const viewport of [
      { width: 1440, height: 900 },
      { width: 390, height: 844 },
    ]) {
      const { page } = await open('#/sessions?url=/odd', { viewport });
      for (const user of Object.values(names)) {
        const { id } = await stored(crow, user);
        await page.goto(`${crow.page}/#/sessions/${id}`);
        await page.locator('.event').first().waitFor();
        assert.equal(await page.locator('h1').innerText(), user);
        const [wide, tall] = await page.evaluate(() => [
          document.documentElement.scrollWidth - innerWidth,
          document.querySelector('.session-head').offsetHeight,
        ]);
        assert.ok(wide <= 0 && tall < 130, `${user}: ${wide} px too wide, the head is ${tall} px high`);
      }
    }
  },

  async 'the whole page works by keyboard'({ crow, open }) {
    const [{ id }] = await crow.sessions('&userId=ada');
    const { page } = await open(`#/sessions/${id}`);
    await replayFrame(page);
    const focused = () =>
      page.evaluate(() => document.activeElement?.textContent || document.activeElement?.getAttribute('aria-label'));
    const isFocused = (name) =>
      until(
        async () => name.test(await focused()),
        async () => `the focus is on ${await focused()}, not on ${name}`,
      );
    await page.keyboard.press('Tab');
    await isFocused(/^Skip to the content$/);
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.id === 'main');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    // Whoever is elsewhere before the closed dialog is removed stays there.
    await page
      .locator('dialog')
      .evaluate((dialog) =>
        dialog.addEventListener('close', () => document.getElementById('tab-events').focus(), { capture: true }),
      );
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await isFocused(/Events/);
    await page.keyboard.press('ArrowRight');
    await page.getByRole('tab', { name: /Errors/, selected: true }).waitFor();
    await page.keyboard.press('End');
    await page.getByRole('tab', { name: 'Details', selected: true }).waitFor();
    await isFocused(/Details/);
    await page.getByRole('button', { name: 'Share' }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Link for people').waitFor();
    await page.keyboard.press('Escape');
    await isFocused(/Share/);
  },

  async 'the heatmap is drawn over a recording of that page'({ crow, open }) {
    const page = '/landing';
    const visit = (id, startedAt, events, replay) =>
      sendSession(crow, {
        id,
        user: id,
        startedAt,
        events: events.map(([after, type, more]) => [after, type, { page, ...more }]),
        replay,
      });
    const [good, left] = [ago(25), ago(20)];
    await visit(
      'stayed',
      good,
      [
        [0, 'pageview'],
        [3, 'click', { x: 100, y: 100 }],
        [20, 'click', { x: 100, y: 100 }],
      ],
      pictureOf(SHOP + page, 'The landing page', good + 300),
    );
    // Newer, and gone before its first snapshot.
    await visit(
      'gone',
      left,
      [
        [0, 'pageview'],
        [1, 'pageview', { page: '/checkout' }],
        [30, 'click', { page: '/checkout', x: 1, y: 1 }],
      ],
      pictureOf(`${SHOP}/checkout`, 'Check out', left + 1_300),
    );
    await stored(crow, 'stayed');
    await stored(crow, 'gone');
    const { page: shown } = await open(`#/heatmaps?range=24h&page=${page}`);
    const still = shown.frameLocator('iframe[title="The page"]').frameLocator('.replayer-wrapper iframe');
    await still.getByText('The landing page').waitFor();
    await shown.goto(`${crow.page}/#/heatmaps?range=24h&userId=gone&page=${page}`);
    await shown.getByText('No recording of this page').waitFor();
  },
};
