// What recording replay, console and network costs a page: CROW beside Sentry and PostHog. See docs/benchmarks.md.
// `npm ci && npm run measure`; needs `npm run build` in sdk/. `-- --rounds 5 --seconds 60 --at-once 1 --only CROW --only 'no SDK'`;
// `--beside <sdk folder>` measures another build of CROW as well, `--out <file>` keeps all figures, `--show` says what was decoded.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as playwright from 'playwright-core';
import { launchChromium } from '../e2e/browser.mjs';
import { settled } from '../e2e/wait.mjs';
import { captured, readable } from './lib/decode.mjs';
import { QUERY, SECRETS } from './lib/page.mjs';
import { loadSdks } from './lib/sdks.mjs';
import { startServers } from './lib/sink.mjs';
import { tableOf } from './lib/table.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '60' },
    'at-once': { type: 'string', default: '1' },
    only: { type: 'string', multiple: true },
    beside: { type: 'string' },
    out: { type: 'string' },
    show: { type: 'boolean' },
  },
});
const ms = Number(values.seconds) * 1000;
/** What a minute of the page has. Fewer seconds have fewer, so that the rate stays. */
const MINUTE = { ms, requests: Math.round(ms / 120), lines: Math.round(ms / 30), changes: Math.round(ms / 200) };
/** The longest that an SDK waits before it sends, and some more. */
const LAST_MS = 7_000;

const sdks = await loadSdks(values.beside);
// The others are compared with the page without an SDK.
const names = Object.keys(sdks).filter((name) => name === 'no SDK' || !values.only || values.only.includes(name));
const rows = Object.fromEntries(names.map((name) => [name, []]));
// Another one begins in each round.
const visits = Array.from({ length: Number(values.rounds) }, (_, round) =>
  names.map((_, at) => ({ round: round + 1, name: names[(at + round) % names.length] })),
).flat();
await Promise.all(Array.from({ length: Number(values['at-once']) }, work));
const versions = Object.fromEntries(names.map((name) => [name, sdks[name].version]));
if (values.out) writeFileSync(values.out, JSON.stringify({ work: MINUTE, versions, rows }, null, 1) + '\n');
console.log(tableOf({ names, versions, rows, work: MINUTE }));
const ours = [...(rows.CROW ?? []), ...(rows['CROW, other build'] ?? [])];
const leaked = ours.flatMap(({ secrets }) => secrets);
const isEmpty = ours.some(({ lines, requests, changes, snapshots }) => !(lines && requests && changes && snapshots));
if (leaked.length) console.error(`CROW sent secrets: ${[...new Set(leaked)].join(', ')}`);
if (isEmpty) console.error('CROW did not record');
process.exit(leaked.length || isEmpty ? 1 : 0);

async function work() {
  for (let next; (next = visits.shift());) {
    const row = { round: next.round, ...(await visit(sdks[next.name])) };
    rows[next.name].push(row);
    const { task, lines, requests, sentBytes, secrets } = row;
    process.stderr.write(`${JSON.stringify({ ...next, task, lines, requests, sentBytes, secrets })}\n`);
    if (values.out) writeFileSync(values.out, JSON.stringify({ work: MINUTE, rows }, null, 1) + '\n');
  }
}

/** One visit, in a browser of its own. */
async function visit(sdk) {
  const servers = await startServers(sdk);
  const browser = await launchChromium(playwright, { args: ['--enable-precise-memory-info'] });
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    const thrown = [];
    page.on('pageerror', (error) => thrown.push(error.message));
    const cdp = await context.newCDPSession(page);
    // The process of the page is there before the SDK is.
    await page.goto(`${servers.origin}/blank`);
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
    const before = await metricsOf(cdp);
    await page.goto(servers.origin + '/' + QUERY);
    await page.waitForTimeout(2_000);
    const hands = useHands(page);
    const answered = await page.evaluate((work) => window.work(work), MINUTE);
    await hands.stop();
    await page.waitForTimeout(LAST_MS);
    const after = await metricsOf(cdp);
    const longTasks = await page.evaluate(() => window.longTasks);
    await cdp.send('HeapProfiler.collectGarbage');
    const { JSHeapUsedSize: heap } = await metricsOf(cdp);
    await page.goto(`${servers.origin}/blank`);
    await settled(() => servers.got.sent.length);
    return rowOf({ ...servers.got, before, after, heap, longTasks, answered, thrown });
  } finally {
    await browser.close();
    await servers.stop();
  }
}

/** Somebody moves the mouse and clicks, because SDKs stop recording pages that nobody uses. */
function useHands(page) {
  let isOver = false;
  const done = (async () => {
    for (let step = 0; !isOver; step++) {
      await page.mouse.move(300 + ((step * 37) % 500), 200 + ((step * 53) % 400), { steps: 5 });
      if (step % 5 === 0) await page.click('#refresh');
      await page.waitForTimeout(1_000);
    }
  })();
  return { stop: () => ((isOver = true), done) };
}

async function metricsOf(cdp) {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

function rowOf({ sent, scripts, preflights, before, after, heap, longTasks, answered, thrown }) {
  const used = (name) => (after[name] - before[name]) * 1000;
  const posts = sent.filter(({ method }) => method === 'POST');
  const text = sent.map(readable).join('\n');
  const { kinds, ...what } = captured(sent);
  if (values.show)
    process.stderr.write(
      `${JSON.stringify({ kinds, thrown, urls: count(sent.map(({ url }) => url.split('?')[0])) })}\n`,
    );
  return {
    task: used('TaskDuration'),
    script: used('ScriptDuration'),
    layout: used('LayoutDuration') + used('RecalcStyleDuration'),
    process: used('ProcessTime'),
    long: longTasks.length,
    longest: Math.max(0, ...longTasks),
    heap: heap / 1e6,
    sentBytes: posts.reduce((sum, { body }) => sum + body.length, 0),
    posts: posts.length,
    otherRequests: sent.length - posts.length,
    preflights,
    scriptBytes: scripts.reduce((sum, { bytes }) => sum + bytes, 0),
    scripts,
    answered,
    ...what,
    kinds,
    secrets: Object.entries(SECRETS).flatMap(([place, secret]) => (text.includes(secret) ? [place] : [])),
    times: Object.fromEntries(Object.entries(SECRETS).map(([place, secret]) => [place, text.split(secret).length - 1])),
  };
}

function count(all) {
  const counts = {};
  for (const one of all) counts[one] = (counts[one] ?? 0) + 1;
  return counts;
}
