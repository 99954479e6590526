// What must not leave the page, and what must not be kept in it.
import assert from 'node:assert/strict';
import { settled, until } from '../../../tools/e2e/wait.mjs';

/** Opens the page, acts, and leaves it; gives what is kept and what was sent. */
async function visit({ site, proxy, newContext }, options, more = {}) {
  const context = await newContext(options, more);
  const page = await context.newPage();
  await page.goto(site.origin + '/');
  await page.click('#add');
  await page.fill('[name=email]', 'ada@example.com');
  await page.evaluate(() => {
    crow.identify('ada');
    crow.track('step');
    crow.register({ a: 1 });
  });
  await page.waitForTimeout(700);
  const kept = () =>
    page.evaluate(() => ({
      keys: [...Object.keys(localStorage), ...Object.keys(sessionStorage)],
      cookie: document.cookie,
    }));
  const reload = async () => {
    await page.goto(site.origin + '/other.html');
    await page.waitForTimeout(500);
  };
  return { page, context, kept, reload, requests: proxy.requests };
}

async function isSilent(world, options, more) {
  const { kept, reload, requests, context } = await visit(world, options, more);
  assert.deepEqual(await kept(), { keys: [], cookie: '' });
  await reload();
  assert.deepEqual(await kept(), { keys: [], cookie: '' });
  assert.deepEqual(await context.cookies(), []);
  assert.equal(requests.length, 0);
}

export const cases = {
  'consent pending: no request, no cookie, no key': (world) => isSilent(world, { consent: 'pending' }),
  'consent denied: no request, no cookie, no key': (world) => isSilent(world, { consent: 'denied' }),
  'Global Privacy Control: no request, no cookie, no key': (world) =>
    isSilent(world, {}, { before: "Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })" }),
  'Do Not Track: no request, no cookie, no key': (world) =>
    isSilent(world, {}, { before: "Object.defineProperty(navigator, 'doNotTrack', { value: '1' })" }),
  'an automated browser: no request, no key': (world) => isSilent(world, { allowBots: false }),
  'not sampled: no request': async (world) => {
    const { requests } = await visit(world, { sampleRate: 0 });
    assert.equal(requests.length, 0);
  },

  async 'consent given later sends what was held'(world) {
    const { page, requests } = await visit(world, { consent: 'pending' });
    const id = await page.evaluate(() => (crow.consent('granted'), crow.getSessionId()));
    await until(() => requests.length > 0);
    const events = await until(async () => {
      const stored = await world.crow.events(id);
      return stored.some(({ type }) => type === 'custom') && stored;
    });
    assert.ok(events.some(({ type }) => type === 'pageview') && events.some(({ data }) => data.id === 'add'));
    await until(async () => (await world.crow.session(id)).userId === 'ada');
  },

  async 'consent withdrawn later is said once, and the server erases what it has of the session'(world) {
    const { page, kept, reload, requests } = await visit(world, {});
    const id = await page.evaluate(() => crow.getSessionId());
    await until(async () => (await world.crow.session(id))?.userId === 'ada');
    await page.evaluate(() => crow.flush());
    await settled(() => requests.length);
    requests.length = 0;
    await page.evaluate(() => crow.consent('denied'));
    await until(() => requests.length > 0);
    const [{ text }] = requests;
    assert.ok(text.includes('"denied"') && !/ada|step|example/.test(text), text);
    await until(async () => !(await world.crow.session(id)));
    assert.deepEqual(await kept(), { keys: [], cookie: '' });
    await reload();
    assert.ok(requests.length === 1 || !requests.slice(1).some(({ text }) => text.includes(id)));
  },

  async 'consent refused later forgets what was held'(world) {
    const { page, kept, requests, reload } = await visit(world, { consent: 'pending' });
    await page.evaluate(() => crow.consent('denied'));
    await page.evaluate(() => crow.track('later'));
    await reload();
    assert.equal(requests.length, 0);
    assert.deepEqual(await kept(), { keys: [], cookie: '' });
  },

  async 'opt-out wipes ids and queue, and is remembered'(world) {
    world.proxy.setTrouble(() => ({ status: 503 }));
    const { page, kept, reload, requests } = await visit(world, {});
    await until(async () => (await kept()).keys.length >= 2);
    await page.evaluate(() => crow.optOut());
    assert.deepEqual((await kept()).keys, ['crow_optout']);
    await settled(() => requests.length);
    requests.length = 0;
    world.proxy.setTrouble();
    await reload();
    await page.evaluate(() => crow.track('after'));
    await page.waitForTimeout(600);
    assert.equal(requests.length, 0);
    assert.equal(await page.evaluate(() => crow.hasOptedOut()), true);
    await page.evaluate(() => (crow.optIn(), crow.track('again')));
    await until(() => requests.some(({ text }) => text.includes('again')));
    assert.ok(!requests.some(({ text }) => text.includes('"step"')));
  },

  async 'opt-out stops other tabs, and leaves nothing of ours in any store, but all that is not ours'(world) {
    const { page, context } = await visit(world, { replay: {} });
    const [other, gone] = [await context.newPage(), await context.newPage()];
    const rows = () =>
      page.evaluate(async () => {
        const open = (name) =>
          new Promise((done) => (indexedDB.open(name).onsuccess = ({ target }) => done(target.result)));
        const names = (await indexedDB.databases()).map(({ name }) => name).sort();
        const found = {};
        for (const name of names) {
          const database = await open(name);
          found[name] = await new Promise(
            (done) =>
              (database.transaction('batches').objectStore('batches').count().onsuccess = ({ target }) =>
                done(target.result)),
          );
          database.close();
        }
        return found;
      });
    await page.evaluate(() => {
      localStorage.theirs = 'x';
      const request = indexedDB.open('theirs', 1);
      request.onupgradeneeded = () => request.result.createObjectStore('batches').put('x', 'y');
      return new Promise((done) => (request.onsuccess = () => done(request.result.close())));
    });
    world.proxy.setTrouble(() => ({ status: 503 }));
    for (const tab of [other, gone]) {
      await tab.goto(world.site.origin + '/');
      await tab.evaluate(() => document.body.append('while it was down'));
    }
    await until(
      async () => (await rows()).crow_replay >= 2,
      async () => JSON.stringify(await rows()),
    );
    await gone.close();
    await page.evaluate(() => crow.optOut());
    // What one tab writes, another sees a moment later.
    await other.waitForFunction(() => crow.hasOptedOut());
    await settled(() => world.proxy.requests.length);
    world.proxy.setTrouble();
    world.proxy.requests.length = 0;
    await other.evaluate(() => (document.body.append('after that'), crow.flush()));
    await until(
      async () => !(await rows()).crow_replay,
      async () => JSON.stringify(await rows()),
    );
    assert.equal((await rows()).theirs, 1);
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage).sort()), ['crow_optout', 'theirs']);
    // Replay goes out every two seconds.
    await other.waitForTimeout(2_500);
    assert.deepEqual(
      world.proxy.requests.filter(({ path }) => path === '/batch'),
      [],
    );
  },

  async 'opt-out on a page without a recorder removes what another page has recorded'(world) {
    world.proxy.setTrouble(() => ({ status: 503 }));
    const { page } = await visit(world, {});
    await page.evaluate(() => {
      const request = indexedDB.open('crow_replay', 1);
      request.onupgradeneeded = () => request.result.createObjectStore('batches').put('x', 'y');
      return new Promise((done) => (request.onsuccess = () => done(request.result.close())));
    });
    await page.evaluate(() => crow.optOut());
    await until(async () => !(await page.evaluate(async () => (await indexedDB.databases()).length)));
  },

  async 'wrong calls throw nothing into the page'(world) {
    const context = await world.newContext({ endpoint: 'nonsense' });
    const page = await context.newPage();
    const errors = [];
    page.on('pageerror', (error) => errors.push(error));
    await page.goto(world.site.origin + '/');
    await page.evaluate(() => {
      crow.track();
      crow.track(17, 'x');
      crow.identify({});
      crow.group();
      crow.product();
      crow.consent('perhaps');
      crow.use({});
      const loop = {};
      loop.loop = loop;
      crow.track('loop', loop);
    });
    assert.deepEqual(errors, []);
    assert.equal(world.proxy.requests.length, 0);
  },
};
