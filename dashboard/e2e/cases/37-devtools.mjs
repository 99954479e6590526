// Console and network beside the replay: in step with it, searched, and harmless.
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { until } from '../../../tools/e2e/wait.mjs';
import { findings } from '../lib/axe.mjs';
import { pictureOf, sendSession } from '../lib/data.mjs';
import { clockOf, pause, replayFrame } from '../lib/visitor.mjs';

const SHOP = 'https://shop.example';
const LINES = 2_000;
const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const EVIL = '<img src=x onerror="window.hit = true"> \u202eevil';

/** A visit of 100 s; moments in seconds after its start. */
async function sendVisit(crow, name) {
  // A second try is another visit.
  const id = `${name}-${Date.now()}`;
  const startedAt = Date.now() - 90 * 60_000;
  const at = (second) => startedAt + second * 1000;
  const plugin = (second, name, payload) => ({
    type: 6,
    timestamp: at(second),
    data: { plugin: name, payload },
  });
  const said = (second, level, ...args) =>
    plugin(second, 'rrweb/console@1', {
      level,
      trace: [`buy (${SHOP}/shop.js:1:2)`],
      payload: args.map((one) => JSON.stringify(one)),
    });
  const asked = (second, name, status, more) => ({
    name: SHOP + name,
    method: 'GET',
    initiatorType: 'fetch',
    status,
    startTime: second * 1000,
    endTime: second * 1000 + 250,
    duration: 250,
    timestamp: at(second),
    decodedBodySize: 2_048,
    ...more,
  });
  await sendSession(crow, {
    id,
    user: id,
    startedAt,
    events: [
      [0, 'pageview', { page: '/shop' }],
      // From before the console was recorded.
      [1, 'error', { page: '/shop', message: 'too early', stack: 'at init (a.js:1:2)' }],
      [70, 'error', { page: '/shop', message: 'card refused', handled: true, context: { note: EVIL } }],
      [94, 'performance', { page: '/shop', lcp: 4_200, cls: 0.02, constructor: 7 }],
      [95, 'click', { page: '/shop' }],
    ],
    replay: [
      ...pictureOf(`${SHOP}/shop`, 'The shop', startedAt),
      ...Array.from({ length: LINES }, (_, index) => said(2 + index / 100, 'log', `line ${index}`)),
      plugin(35, 'crow/performance@1', { usedJSHeapSize: 48_000_000 }),
      said(40, 'error', 'no stock', { id: 7, note: EVIL }),
      said(50, 'warn', 'slow', EVIL),
      plugin(60, 'rrweb/network@1', {
        requests: [
          asked(58, '/api/cart', 200),
          asked(59, '/api/pay?card=*', 500, {
            method: 'POST',
            requestHeaders: { 'x-client': EVIL, traceparent: TRACE },
          }),
          asked(59.2, '/logo.svg', 200, { initiatorType: 'img', method: undefined }),
        ],
        dropped: 12,
      }),
      plugin(61, 'crow/performance@1', { longTasks: [{ timestamp: at(30), duration: 420 }] }),
      plugin(65, 'crow/performance@1', { usedJSHeapSize: 21_000_000 }),
      { type: 3, timestamp: at(96), data: { source: 3, id: 1, x: 0, y: 10 } },
    ],
  });
  return until(
    async () => (await crow.sessions(`&userId=${id}`)).find(({ hasReplay }) => hasReplay),
    () => `no session of ${id}`,
  );
}

/** Sets where traces are found. */
async function linkTraces(crow, traceLink) {
  const path = '/admin/acme/settings';
  const { version, settings } = await crow.get(path, crow.keys.admin);
  const answer = await fetch(crow.page + path, {
    method: 'PUT',
    headers: { Authorization: `Bearer ${crow.keys.admin}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ version, settings: { ...settings, traceLink } }),
  });
  assert.equal(answer.status, 200, await answer.text());
}

/** Waits until a list has these texts. */
const reads = (locator, texts) =>
  until(
    async () =>
      isDeepStrictEqual(
        (await locator.allInnerTexts()).map((text) => text.trim()),
        texts,
      ),
    async () => `${JSON.stringify(await locator.allInnerTexts())} instead of ${JSON.stringify(texts)}`,
  );

export const cases = {
  async 'console and network are in step with the replay, and a click seeks'({ crow, open }) {
    const { id } = await sendVisit(crow, 'devtools');
    await linkTraces(crow, 'https://traces.example/trace/{traceId}');
    const { page, problems } = await open(`#/sessions/${id}?t=1000`);
    await (await replayFrame(page)).waitForSelector('h1');
    await pause(page);
    await page.getByRole('tab', { name: 'Console 2,004' }).click();
    assert.ok((await page.locator('.event').count()) < 60, 'only what is on the screen is in the document');
    await page.getByRole('button', { name: 'Errors' }).click();
    await reads(page.locator('.event .line'), [
      'Error: too early',
      `no stock ${JSON.stringify({ id: 7, note: EVIL })}`,
      'Error: card refused',
    ]);
    await page.locator('.event', { hasText: 'too early' }).locator('.event-row').click();
    await page.locator('.event.current', { hasText: 'too early' }).waitFor();
    await page.locator('.event', { hasText: 'no stock' }).locator('.event-row').click();
    await until(async () => (await clockOf(page)) === 40);
    await page.locator('.event.current', { hasText: 'no stock' }).waitFor();
    await page.getByRole('button', { name: 'Details of no stock' }).click();
    assert.match(
      await page.locator('.event .data').innerText(),
      /"id": 7[^]*at buy \(https:\/\/shop\.example\/shop\.js:1:2\)/,
    );
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await page.getByLabel('Search console').fill('line 1999');
    await reads(page.locator('.event .line'), ['line 1999']);
    await page.getByLabel('Search console').fill('');

    // What is played to is followed.
    await page.mouse.move(2, 2);
    await page.locator('.timeline-bar').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.locator('.event.current', { hasText: 'slow' }).waitFor();

    await page.getByRole('tab', { name: 'Network 4' }).click();
    await reads(page.locator('.event.request b'), ['GET /api/cart', 'POST /api/pay?card=*', '/logo.svg']);
    await page.getByText('12 requests not recorded').waitFor();
    await page.getByRole('button', { name: 'Failed' }).click();
    await page.locator('.event.failed .event-row').click();
    await until(async () => (await clockOf(page)) === 59);
    await page.getByRole('button', { name: 'Details of POST' }).click();
    await page.locator('.event .data', { hasText: `Request header x-client` }).waitFor();
    const trace = page.locator('.event .data .fact', { has: page.getByText('Trace id', { exact: true }) });
    assert.equal(await trace.locator('dd').innerText(), '4bf92f3577b34da6a3ce929d0e0e4736');
    const link = page.getByRole('link', { name: 'Open trace' });
    assert.equal(await link.getAttribute('href'), 'https://traces.example/trace/4bf92f3577b34da6a3ce929d0e0e4736');
    await linkTraces(crow, null);
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await page.getByLabel('Search requests').fill('4bf92f3577b34');
    await page.locator('.event.failed').waitFor();
    await until(async () => (await page.locator('.event').count()) === 1);
    await page.getByLabel('Search requests').fill('');
    await page.getByRole('button', { name: 'Files' }).click();
    await reads(page.locator('.event.request b'), ['/logo.svg']);
    await page.getByLabel('Search requests').fill('nothing like it');
    await page.getByText('No matching requests').waitFor();

    await page.getByRole('tab', { name: 'Errors 2' }).click();
    await page.getByRole('button', { name: 'Caught', exact: true }).click();
    await page.locator('.event', { hasText: 'card refused' }).waitFor();
    await until(async () => (await page.locator('.event').count()) === 1);
    await page.getByRole('button', { name: /^Details of Error/ }).click();
    assert.ok((await page.locator('.event .data').innerText()).includes('"note": ' + JSON.stringify(EVIL)));
    await page.locator('.event .event-row').click();
    await until(async () => (await clockOf(page)) === 70);
    await page.getByRole('button', { name: 'Uncaught' }).click();
    await page.locator('.event', { hasText: 'too early' }).waitFor();
    await until(async () => (await page.locator('.event').count()) === 1);

    await page.getByRole('tab', { name: 'Performance' }).click();
    await reads(page.locator('.event b'), ['Long task', '/logo.svg', '/shop']);
    await page.locator('.performance').getByText('LCP 4.2 s').waitFor();
    await page.getByRole('button', { name: 'Vitals', exact: true }).click();
    await page.getByRole('button', { name: /^Details of Web vitals/ }).click();
    await page.locator('.event .data', { hasText: 'Layout shift' }).getByText('0.02').waitFor();
    await page.getByRole('button', { name: 'Tasks', exact: true }).click();
    await page.getByRole('button', { name: 'blocked for 420 ms' }).click();
    await until(async () => (await clockOf(page)) === 30);
    await page.locator('.event.current', { hasText: 'Long task' }).waitFor();
    await page.getByRole('button', { name: '48 MB at 0:35' }).click();
    await until(async () => (await clockOf(page)) === 35);
    await page.getByRole('button', { name: '420 ms at 0:30' }).click();
    await until(async () => (await clockOf(page)) === 30);
    // The middle of the session.
    await page.getByRole('img', { name: 'Memory over time' }).click();
    await until(
      async () => Math.abs((await clockOf(page)) - 48) <= 2,
      async () => `the chart led to ${await clockOf(page)} s`,
    );
    assert.deepEqual(await findings(page), []);
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await page.getByLabel('Search measurements').fill('logo');
    await reads(page.locator('.event b'), ['/logo.svg']);
    assert.equal(await page.evaluate(() => window.hit), undefined);
    assert.deepEqual(problems, []);
  },

  async 'what was said before the moment that was asked for is there, too'({ crow, open }) {
    const { id } = await sendVisit(crow, 'devtools-late');
    const { page } = await open(`#/sessions/${id}?t=90000`);
    await (await replayFrame(page)).waitForSelector('h1');
    await page.getByRole('tab', { name: /^Console/ }).click();
    await page.getByRole('tab', { name: 'Console 2,004' }).waitFor();
    await page.getByRole('button', { name: 'Warnings' }).click();
    await page.locator('.event.current', { hasText: 'slow' }).waitFor();
  },

  async 'without any, the page says how to record them'({ crow, open }) {
    await sendSession(crow, {
      id: 'silent',
      user: 'silent',
      startedAt: Date.now() - 60 * 60_000,
      events: [[0, 'pageview', { page: '/shop' }]],
    });
    const { id } = await until(async () => (await crow.sessions('&userId=silent'))[0]);
    const { page } = await open(`#/sessions/${id}`);
    await page.getByRole('tab', { name: 'Console' }).click();
    await page.getByText('No console output').waitFor();
    await page.getByText('console: true').waitFor();
    await page.getByRole('tab', { name: 'Network' }).click();
    await page.getByText('No requests').waitFor();
    await page.getByRole('tab', { name: 'Performance' }).click();
    await page.getByText('No measurements').waitFor();
  },
};
