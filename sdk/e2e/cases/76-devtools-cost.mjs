// What recording console and network costs a page that logs and asks a lot. `npm run e2e -- 76-devtools`
import assert from 'node:assert/strict';
import { until } from '../../../tools/e2e/wait.mjs';

const LINES = 2_000;
const REQUESTS = 500;
const ROUNDS = 5;

/** Only when it is asked for by name. */
export const isMeasurement = true;

const PAGE = `<!doctype html><html><head><title>Busy</title><script src="/boot.js"></script><script src="/sdk/crow.js"></script><script src="/start.js"></script></head><body><p>busy</p></body></html>`;

/** Milliseconds of the main thread that the lines take, and that 500 requests take beside the answers themselves. */
async function work([lines, requests]) {
  const order = {
    id: 'C1',
    customer: { plan: 'pro', since: 2019 },
    items: [1, 2, 3].map((id) => ({ id, price: 9.5 })),
  };
  let started = performance.now();
  for (let i = 0; i < lines; i++) console.error('order failed', i, order);
  const logging = performance.now() - started;
  let asking = 0;
  for (let i = 0; i < requests; i += 10) {
    started = performance.now();
    const answers = Array.from({ length: 10 }, (_, at) => fetch(`/boot.js?item=${i + at}`));
    asking += performance.now() - started;
    await Promise.all(answers);
  }
  await new Promise((done) => setTimeout(done, 1_500));
  await crow.flush();
  return { logging, asking };
}

export const cases = {
  async [`${LINES} lines and ${REQUESTS} requests`]({ site, proxy, newContext }) {
    site.pages['/busy.html'] = PAGE;
    const off = { console: false, network: false, performance: false };
    const rows = { 'replay alone': [], 'console and network': [] };
    for (let round = 0; round < ROUNDS * 2; round++) {
      const name = Object.keys(rows)[round % 2];
      const context = await newContext({ replay: round % 2 ? { console: true } : off });
      const page = await context.newPage();
      await page.goto(site.origin + '/busy.html');
      await page.waitForFunction((isOn) => (isOn ? !!window.CROWReplay?.devtools : !!window.CROWReplay), !!(round % 2));
      await page.waitForTimeout(500);
      proxy.requests.length = 0;
      const times = await page.evaluate(work, [LINES, REQUESTS]);
      const sent = () => proxy.posts().flatMap(({ text }) => JSON.parse(text).replay ?? []);
      if (round % 2) await until(() => sent().some(({ type }) => type === 6));
      const events = sent().filter(({ type }) => type === 6);
      const bodies = proxy.posts().filter(({ text }) => text.includes('"type":6'));
      rows[name].push({
        'lines, ms': times.logging,
        'requests, ms': times.asking,
        'JSON, KB': JSON.stringify(events).length / 1000,
        'gzipped, KB': bodies.reduce((sum, { raw }) => sum + raw.length, 0) / 1000,
        'lines recorded': events.filter(({ data }) => data.plugin === 'rrweb/console@1').length,
        'requests recorded': events.flatMap(({ data }) => data.payload.requests ?? []).length,
      });
      await context.close();
    }
    const median = (name, what) => rows[name].map((row) => row[what]).sort((a, b) => a - b)[ROUNDS >> 1];
    console.log(
      `\n${''.padEnd(22)}${Object.keys(rows)
        .map((name) => name.padStart(22))
        .join('')}`,
    );
    for (const what of Object.keys(rows['replay alone'][0]))
      console.log(
        `${what.padEnd(22)}${Object.keys(rows)
          .map((name) => median(name, what).toFixed(1).padStart(22))
          .join('')}`,
      );
    console.log();
    assert.ok(median('console and network', 'JSON, KB') < 400);
  },
};
