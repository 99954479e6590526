// Visits a page as a person would, under a recorder or none, and takes a picture at each moment.
import { settled, until } from './settle.mjs';

export const VIEWPORT = { width: 1280, height: 800 };
export const MOMENTS = ['loaded', 'scrolled', 'used'];
/** The recorder tells of a canvas twice a second, of all else sooner. */
const GATHERED_MS = 600;
/** A page that moves for so long never stops. */
const MOVING_MS = 3_000;
/** Fields whose content is recorded: else the pictures could not be compared. */
const FIELDS = 'input, textarea, select, [contenteditable]';

/** What goes into the head of each page. */
export const HEADS = {
  bare: () => '',
  crow: ({ gateway }, { canvas }) => `<script src="${gateway}/sdk/crow.js"></script><script>window.crow = CROWTracker({ apiKey: 'crow_fidelity', endpoint: '${gateway}', allowBots: true, replay: { load: () => import('${gateway}/sdk/crow-replay.js').then(() => CROWReplay), options: ${JSON.stringify({ unmaskInputs: FIELDS, canvas: !!canvas })} } });</script>`,
  rrweb: (_, { canvas }) => `<script src="/npm/@rrweb/record/dist/record.umd.min.cjs"></script><script>window.rrwebEvents = []; (window.rrwebRecord ?? window.rrweb).record({ emit: (event) => rrwebEvents.push(JSON.stringify(event))${canvas ? ', recordCanvas: true, sampling: { canvas: 4 }' : ''} });</script>`,
};

/** The same random numbers in each run. */
const SEEDED = `(() => { let state = 42; Math.random = () => { state = (state + 0x6d2b79f5) | 0; let t = Math.imul(state ^ (state >>> 15), 1 | state); t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t; return ((t ^ (t >>> 14)) >>> 0) / 4294967296; }; })();`;

/** Visits; gives pictures and moments, the recording, errors and the cost. */
export async function visit({ browser, hosts, state, gateway }, page, recorder) {
  state.page = page;
  state.head = HEADS[recorder](hosts, page);
  const context = await browser.newContext({ viewport: VIEWPORT, deviceScaleFactor: 1, locale: 'en-GB', timezoneId: 'Europe/Berlin', reducedMotion: page.reducedMotion ?? 'no-preference' });
  try {
    await context.addInitScript(SEEDED);
    const tab = await context.newPage();
    tab.setDefaultTimeout(30_000);
    const errors = listen(tab);
    const devtools = await context.newCDPSession(tab);
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
    const shots = await walk(tab, devtools, page, hosts, () => MOMENT_NOW[recorder](tab, gateway));
    const recording = await RECORDINGS[recorder](tab, gateway, hosts.site);
    const cost = await costOf(devtools);
    return { shots, recording, cost, errors };
  } finally {
    await context.close();
  }
}

export function listen(tab) {
  const errors = [];
  tab.on('pageerror', (error) => errors.push(String(error.message).slice(0, 300)));
  tab.on('console', (message) => message.type() === 'error' && errors.push(message.text().slice(0, 300)));
  return errors;
}

async function walk(tab, devtools, page, hosts, now) {
  const shots = {};
  const take = async (moment) => {
    shots[moment] = await settled(devtools, now);
  };
  await tab.goto(hosts.site + '/', { waitUntil: 'load', timeout: 60_000 });
  if (page.ready) await tab.waitForSelector(page.ready, { state: 'attached', timeout: 60_000 });
  await tab.evaluate(() => Promise.race([document.fonts.ready, new Promise((done) => setTimeout(done, 15_000))]).then(() => null));
  await take('loaded');
  if (typeof page.scroll === 'function') await page.scroll(tab);
  else await tab.evaluate((top) => scrollTo({ top, behavior: 'instant' }), page.scroll ?? 700);
  await take('scrolled');
  await page.use(tab);
  await take('used');
  return shots;
}

const clockOf = (tab) => tab.evaluate(() => Date.now());

/** The time in the page, when the recorder has told what it has seen: it gathers scrolling and canvases for a while, and longer on a busy machine. */
const MOMENT_NOW = {
  bare: clockOf,
  rrweb: clockOf,
  async crow(tab, gateway) {
    let known;
    await until(async () => {
      known = gateway.count;
      await tab.evaluate((ms) => new Promise((done) => setTimeout(done, ms)).then(() => window.crow.flush()), GATHERED_MS);
      return gateway.count === known;
    }, MOVING_MS);
    return clockOf(tab);
  },
};

const RECORDINGS = {
  bare: async () => null,
  async crow(tab, gateway, site) {
    await tab.evaluate(() => window.crow.flush());
    await until(() => Date.now() - gateway.lastBatchAt > 700, 30_000);
    const { lines, reported } = gateway.take();
    const uploaded = [...reported].filter((url) => gateway.assets.has(url)).length;
    await gateway.complete(reported, site);
    const replay = lines.filter(({ k }) => k === 'r');
    return { lines, events: replay.map(({ d }) => d), reported: reported.size, uploaded };
  },
  async rrweb(tab) {
    const texts = await tab.evaluate(() => window.rrwebEvents);
    return { events: texts.map((text) => JSON.parse(text)) };
  },
};

async function costOf(devtools) {
  const { metrics } = await devtools.send('Performance.getMetrics');
  const of = (name) => Math.round((metrics.find((metric) => metric.name === name)?.value ?? 0) * 1_000);
  return { task: of('TaskDuration'), script: of('ScriptDuration') };
}
