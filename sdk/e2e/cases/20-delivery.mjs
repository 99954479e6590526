// Delivery under trouble, counted: created = stored + reported as dropped, none twice.
import assert from 'node:assert/strict';
import { settled, until } from '../../../tools/e2e/wait.mjs';

const rows = [];

/** Waits until the server shows every event, and adds a row to the table. */
async function balance(name, world) {
  const { crow, proxy, site } = world;
  const ids = () => new Set(site.created.filter(Boolean));
  const count = async () => {
    // What a page of the round before has sent late is none of ours.
    const isOurs = ({ text }) => [...ids()].some((id) => text.includes(id));
    const sessions = new Set(
      proxy
        .posts()
        .filter(isOurs)
        .map(({ text }) => JSON.parse(text).sessionId),
    );
    const stored = [];
    for (const id of sessions) stored.push(...(await crow.events(id)));
    const own = stored.filter(({ type }) => type !== 'client_report');
    const dropped = {};
    for (const { type, data } of stored) {
      if (type !== 'client_report') continue;
      for (const [reason, n] of Object.entries(data.dropped)) dropped[reason] = (dropped[reason] ?? 0) + n;
    }
    return { own, dropped, lost: Object.values(dropped).reduce((a, b) => a + b, 0) };
  };
  /** What a page says it has created may arrive after what it sent. */
  const isBalanced = async () => {
    const counted = await count();
    return ids().size > 0 && counted.own.length + counted.lost === ids().size && counted;
  };
  await settled(() => ids().size);
  const { own, dropped } = await until(isBalanced, async () => {
    const { own, dropped } = await count();
    return `${name}: created ${ids().size}, stored ${own.length}, dropped ${JSON.stringify(dropped)}, posts ${proxy.posts().length}`;
  });
  const stored = own.map((event) => event.eventId ?? event.id);
  assert.equal(new Set(stored).size, stored.length, name + ': none twice');
  rows.push({ name, created: ids().size, stored: own.length, dropped, requests: proxy.posts().length });
  return { own, dropped };
}

async function openAndTrack({ site, newContext }, count = 10, options = {}, more = {}) {
  const context = await newContext(options, more);
  const page = await context.newPage();
  await page.goto(site.origin + '/');
  await track(page, count);
  return { context, page };
}

const track = (page, count) =>
  page.evaluate((n) => {
    for (let i = 0; i < n; i++) crow.track('step', { i });
  }, count);

/** Waits until other pages see what this one has kept of its events: what one process writes, another sees later. */
async function isKept(page, { site }, isEnough) {
  site.pages['/plain.html'] = '<!doctype html><title>Without a tracker</title>';
  await page.goto(site.origin + '/plain.html');
  await page.waitForFunction(
    ([prefix, test]) =>
      Object.entries(localStorage).some(([key, text]) => key.startsWith(prefix) && eval(test)(JSON.parse(text))),
    ['crow_queue_', String(isEnough)],
  );
}

/** The page goes; the next one on the site finds what is left. */
async function leaveAndComeBack(page, world) {
  await page.goto('about:blank');
  // A page that has gone says so by a zero in the place of a time.
  await isKept(page, world, ({ t }) => t === 0);
  await page.goto(world.site.origin + '/other.html');
}

/** Closes the tab as a person does, and waits until it is. */
async function closeTab(page) {
  const closed = page.waitForEvent('close');
  await page.close({ runBeforeUnload: true });
  await closed;
}

/** Fails the first `n` batches. */
function first(n, fault) {
  let left = n;
  return ({ path }) => (path === '/batch' && left-- > 0 ? fault : undefined);
}

export const cases = {
  async 'all is well'(world) {
    const { page } = await openAndTrack(world);
    await page.evaluate(() => crow.flush());
    await balance('all is well', world);
  },

  async '503 three times'(world) {
    world.proxy.setTrouble(first(3, { status: 503 }));
    await openAndTrack(world);
    await balance('503 three times', world);
    const posts = world.proxy.posts();
    const retried = posts.filter(({ text }) => JSON.parse(text).batchId === JSON.parse(posts[0].text).batchId);
    assert.equal(retried.length, 4);
    assert.equal(new Set(retried.map(({ text }) => JSON.parse(text).seq)).size, 1, 'a retry keeps its number');
    assert.ok(new Set(retried.map(({ text }) => JSON.parse(text).sentAt)).size > 1, 'sentAt is set at each attempt');
  },

  async '429 with Retry-After'(world) {
    world.proxy.setTrouble(first(1, { status: 429, headers: { 'Retry-After': '2' } }));
    await openAndTrack(world);
    await balance('429, Retry-After 2 s', world);
    const [before, after] = world.proxy.posts();
    assert.ok(after.at - before.at >= 1900, `came again after ${after.at - before.at} ms`);
  },

  async '413 above ten events'(world) {
    world.proxy.setTrouble(({ path, text }) =>
      path === '/batch' && JSON.parse(text).events.length > 10 ? { status: 413 } : undefined,
    );
    await openAndTrack(world, 60, { flushAt: 100 });
    await balance('413 above 10 events', world);
  },

  async 'the answer is lost, not the request'(world) {
    world.proxy.setTrouble(first(2, 'lose_answer'));
    await openAndTrack(world);
    await balance('answer lost twice', world);
  },

  async 'offline for a while'(world) {
    const { page, context } = await openAndTrack(world, 5);
    await context.setOffline(true);
    await track(page, 50);
    await page.waitForTimeout(1500);
    const posts = world.proxy.posts().length;
    await context.setOffline(false);
    await until(() => world.proxy.posts().length > posts);
    // What the page said while it was offline did not arrive.
    world.site.created.push(...(await page.evaluate(() => __created.map(({ id }) => id))));
    await balance('offline 1.5 s', world);
  },

  async 'the network is cut, and the browser does not notice'(world) {
    world.proxy.setTrouble(() => 'cut');
    const { page } = await openAndTrack(world, 30);
    await page.waitForTimeout(1000);
    world.proxy.setTrouble();
    await balance('connections cut 1 s', world);
  },

  async 'slow preflight, and the page goes meanwhile'(world) {
    world.proxy.setPreflightDelay(1500);
    const { page } = await openAndTrack(world, 25);
    await page.waitForTimeout(100);
    await page.goto('about:blank');
    await balance('slow preflight, page gone', world);
  },

  async 'tab closed at every stage'(world) {
    for (const [stage, wait] of [
      ['at once', 0],
      ['after 100 ms', 100],
      ['after 320 ms', 320],
      ['after 700 ms', 700],
    ]) {
      world.proxy.reset();
      world.site.begin();
      const { page, context } = await openAndTrack(world, 25);
      await page.waitForTimeout(wait);
      await closeTab(page);
      await balance('tab closed ' + stage, world);
      await context.close();
    }
  },

  async 'reload in the middle'(world) {
    const { page } = await openAndTrack(world, 15);
    await page.reload();
    await track(page, 15);
    await page.reload();
    await track(page, 15);
    const sessions = await page.evaluate(() => crow.getSessionId());
    await balance('reload in the middle', world);
    const batches = world.proxy.posts().map(({ text }) => JSON.parse(text));
    assert.equal(new Set(batches.map(({ windowId }) => windowId)).size, 1, 'one window');
    assert.deepEqual([...new Set(batches.map(({ sessionId }) => sessionId))], [sessions]);
    const numbers = new Map(batches.map(({ seq, batchId }) => [seq, batchId]));
    assert.deepEqual(
      [...numbers.keys()].sort((a, b) => a - b),
      [...Array(numbers.size).keys()],
      'numbers without gaps',
    );
  },

  async 'many pages in a row, the server down for some'(world) {
    const { page } = await openAndTrack(world, 5);
    world.proxy.setTrouble(() => ({ status: 503 }));
    for (let i = 0; i < 4; i++) {
      await page.goto(world.site.origin + (i % 2 ? '/' : '/other.html'));
      await track(page, 5);
    }
    world.proxy.setTrouble();
    await page.goto(world.site.origin + '/');
    await balance('5 pages, down for 4', world);
  },

  async 'two tabs'(world) {
    const { page, context } = await openAndTrack(world, 10);
    const other = await context.newPage();
    await other.goto(world.site.origin + '/other.html');
    await track(other, 10);
    await track(page, 10);
    const ids = await Promise.all([page, other].map((tab) => tab.evaluate(() => crow.getSessionId())));
    assert.equal(ids[0], ids[1], 'one session');
    await balance('two tabs', world);
    const windows = new Set(world.proxy.posts().map(({ text }) => JSON.parse(text).windowId));
    assert.equal(windows.size, 2);
  },

  async 'duplicated tab'(world) {
    const { page, context } = await openAndTrack(world, 10);
    await page.reload();
    await track(page, 5);
    // As the browser does it: the new tab begins with a copy of sessionStorage.
    const [copy] = await Promise.all([
      context.waitForEvent('page'),
      page.evaluate(() => void window.open('/other.html')),
    ]);
    await copy.waitForFunction(() => window.crow);
    await track(copy, 10);
    await track(page, 10);
    await balance('duplicated tab', world);
    const windows = new Set(world.proxy.posts().map(({ text }) => JSON.parse(text).windowId));
    assert.equal(windows.size, 2);
  },

  async 'clock three days behind, and two ahead'(world) {
    for (const days of [-3, 2]) {
      world.proxy.reset();
      world.site.begin();
      const before = `{ const now = Date.now; Date.now = () => now() + ${days * 86_400_000}; }`;
      const { page } = await openAndTrack(world, 10, {}, { before });
      const id = await page.evaluate(() => crow.getSessionId());
      const { own } = await balance(`clock ${days} days off`, world);
      for (const { timestamp } of own)
        assert.ok(
          Math.abs(Date.parse(timestamp) || timestamp) &&
            Math.abs((Number(timestamp) || Date.parse(timestamp)) - Date.now()) < 60_000,
          `${id} ${timestamp}`,
        );
    }
  },

  async 'storage blocked'(world) {
    const before = `for (const name of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(window, name, { get() { throw new DOMException('blocked', 'SecurityError'); } });
    }`;
    const { page } = await openAndTrack(world, 25, {}, { before });
    await closeTab(page);
    await balance('storage blocked', world);
  },

  async 'storage full, the server down, more than a beacon holds'(world) {
    const before = `addEventListener('DOMContentLoaded', () => {
      for (let size = 1 << 20; size >= 1; size >>= 1) {
        try { for (let i = 0; ; i++) localStorage.setItem('fill' + size + '-' + i, 'x'.repeat(size)); } catch {}
      }
    });`;
    let isDown = true;
    world.proxy.setTrouble(({ path, headers }) =>
      path === '/batch' && isDown && !headers['content-type'].startsWith('text/plain') ? { status: 503 } : undefined,
    );
    const { page } = await openAndTrack(world, 0, { flushAt: 1000, flushAfterMs: 60_000 }, { before });
    await page.evaluate(() => {
      for (let i = 0; i < 60; i++) crow.track('big', { i, text: 'y'.repeat(2500) });
    });
    await page.goto('about:blank');
    isDown = false;
    const { dropped } = await balance('storage full, 150 KB at unload', world);
    assert.ok(dropped.storage_full > 0);
  },

  async 'too much for the beacon waits for the next page'(world) {
    const { page } = await openAndTrack(world, 0, { flushAt: 1000, flushAfterMs: 60_000 });
    await page.evaluate(() => {
      for (let i = 0; i < 60; i++) crow.track('big', { i, text: 'y'.repeat(2500) });
    });
    await leaveAndComeBack(page, world);
    await balance('150 KB at unload', world);
  },

  async 'the tab crashes, and its events are adopted'(world) {
    world.proxy.setTrouble(() => 'cut');
    const { page, context } = await openAndTrack(world, 10);
    await until(() => world.proxy.posts().length > 0);
    // What was created is kept before it is sent.
    const watcher = await context.newPage();
    await isKept(watcher, world, ({ e, b }) => [...e, ...b.flatMap(({ e }) => e)].length >= 11);
    await watcher.close();
    await page.goto('chrome://crash').catch(() => {});
    world.proxy.setTrouble();
    const next = await context.newPage();
    await next.addInitScript('{ const now = Date.now; Date.now = () => now() + 200_000; }');
    await next.goto(world.site.origin + '/');
    await balance('tab crashed', world);
  },

  async 'more than the rate allows'(world) {
    const { page } = await openAndTrack(world, 0);
    // The page's own events, such as its performance, come when they come.
    const { lost, seconds } = await page.evaluate(() => {
      const startedAt = performance.now();
      for (let i = 0; i < 160; i++) crow.track('step', { i });
      const kept = __created.filter(({ name }) => name === 'step').length;
      return { lost: 160 - kept, seconds: (performance.now() - startedAt) / 1000 };
    });
    // A hundred at once, and ten a second, also while it counts.
    assert.ok(lost > 0 && lost >= 59 - 10 * seconds && lost <= 61, `${lost} in ${seconds} s`);
    // Else what the page says as it goes may be too much, too.
    await page.evaluate(() => new Promise((done) => setTimeout(done, 1_000)));
    await page.goto('about:blank');
    // Into the list itself: what the page said as it left may still be on its way.
    world.site.created.push(...Array.from({ length: lost }, (_, i) => 'lost' + i));
    const { dropped } = await balance('160 events at once', world);
    assert.equal(dropped.rate_limit, lost);
  },

  async 'an event that is too large'(world) {
    const { page } = await openAndTrack(world, 3);
    await page.evaluate(() => {
      crow.track('large', { text: 'z'.repeat(260_000) });
    });
    await page.evaluate(() => crow.flush());
    await track(page, 3);
    const { dropped } = await balance('an event too large', world);
    assert.deepEqual(dropped, { too_large: 1 });
  },

  async 'a wrong key stops, and says so once'(world) {
    const { page } = await openAndTrack(world, 25, { apiKey: 'crow_' + 'x'.repeat(43) });
    await page.waitForFunction(() => __lost.some(({ code }) => code === 'unauthorized'));
    await track(page, 25);
    await page.waitForTimeout(800);
    assert.equal(world.proxy.posts().length, 1);
    const said = await page.evaluate(() => __lost.filter(({ code }) => code === 'unauthorized').length);
    assert.equal(said, 1);
  },

  async 'back from the back/forward cache is a new page view of a window of its own'(world) {
    const { page } = await openAndTrack(world, 5);
    await page.goto(world.site.origin + '/other.html');
    await track(page, 5);
    await page.evaluate(() => void setTimeout(() => history.back()));
    await page.waitForFunction(() => location.pathname === '/' && window.crow);
    await page.waitForTimeout(200);
    await track(page, 5);
    await balance('back and forward', world);
  },
};

export function finish() {
  console.log('\ntrouble                          created  stored  dropped               requests');
  for (const { name, created, stored, dropped, requests } of rows) {
    const reasons =
      Object.entries(dropped)
        .map(([reason, n]) => `${n} ${reason}`)
        .join(', ') || '0';
    console.log(
      `${name.padEnd(32)} ${String(created).padStart(7)} ${String(stored).padStart(7)}  ${reasons.padEnd(28)} ${requests}`,
    );
  }
  console.log();
}
