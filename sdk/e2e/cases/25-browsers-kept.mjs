// In every browser: a recording that waits for an error is sent from before it, over pages, and else not at all.
import assert from 'node:assert/strict';
import { until } from '../../../tools/e2e/wait.mjs';
import { rebuilt, storedReplay } from '../lib/replay.mjs';

const pageOf = (
  name,
) => `<!doctype html><html><head><title>Case</title><script src="/boot.js"></script><script src="/sdk/crow.js"></script><script src="/start.js"></script></head>
<body><h1>${name}</h1><p id="state"></p></body></html>`;

const replayIn = (posts) => posts.flatMap(({ text }) => JSON.parse(text).replay ?? []);

/** Opens both pages of a visit; each writes something down. */
async function visited(world) {
  const { site, newContext } = world;
  site.pages['/first.html'] = pageOf('FIRST PAGE');
  site.pages['/second.html'] = pageOf('SECOND PAGE');
  const page = await (await newContext({ replay: { waitForError: true } })).newPage();
  for (const name of ['first', 'second']) {
    await page.goto(`${site.origin}/${name}.html`);
    await page.waitForFunction(() => !!window.CROWReplay?.devtools);
    await page.evaluate(async (given) => {
      document.getElementById('state').textContent = 'seen on the ' + given;
      crow.track('step', { given });
      await new Promise((done) => setTimeout(done, 300));
      await crow.flush();
    }, name);
  }
  return page;
}

/** What happens, and what the recording says then. */
async function after(world, page, happen) {
  await page.evaluate(happen);
  await page.waitForFunction(() =>
    window.__created.some(({ type, data }) => type === 'error' || data.rage || window.kept),
  );
  const id = await page.evaluate(async () => {
    document.getElementById('state').textContent = 'THE END';
    await new Promise((done) => setTimeout(done, 300));
    await crow.flush();
    return crow.getSessionId();
  });
  return { id, events: await storedReplay(world, id, (all) => JSON.stringify(all).includes('THE END')) };
}

export const cases = {
  async 'nothing is recorded of a visit without an error, and its events are'(world) {
    const page = await visited(world);
    const id = await page.evaluate(async () => {
      await new Promise((done) => setTimeout(done, 2_500));
      await crow.flush();
      return crow.getSessionId();
    });
    assert.deepEqual(replayIn(world.proxy.posts()), []);
    const names = async () => (await world.crow.events(id)).map(({ name }) => name).filter(Boolean);
    // What was acknowledged may take a moment to be readable.
    await until(async () => (await names()).length >= 2);
    assert.deepEqual(await names(), ['step', 'step']);
  },

  async 'an error that nobody catches sends what came before it, and the page before'(world) {
    const page = await visited(world);
    const { id, events } = await after(world, page, () => void setTimeout(() => JSON.parse('{')));
    const types = events.map(({ type }) => type);
    assert.deepEqual(
      types.filter((type) => type === 2 || type === 4),
      [4, 2, 4, 2],
      'each page begins with its whole document',
    );
    assert.equal(
      types.find((type) => type < 5),
      4,
    );
    const all = JSON.stringify(events);
    for (const text of ['FIRST PAGE', 'seen on the first', 'SECOND PAGE', 'seen on the second', 'Uncaught'])
      assert.ok(all.includes(text), text);
    const times = events.map(({ timestamp }) => timestamp);
    assert.ok(events[0].timestamp === Math.min(...times), 'in order');
    if (world.browser.hasInitScripts !== false) assert.match((await rebuilt(world, events)).text, /THE END/);

    await page.goto(world.site.origin + '/first.html');
    await page.waitForFunction(() => !!window.CROWReplay);
    await page.evaluate(() => void (document.getElementById('state').textContent = 'NEXT PAGE'));
    await storedReplay(world, id, (more) => JSON.stringify(more).includes('NEXT PAGE'));
  },

  async 'so does a call'(world) {
    const page = await visited(world);
    const { events } = await after(world, page, () => {
      window.kept = true;
      crow.keepReplay();
    });
    assert.ok(JSON.stringify(events).includes('seen on the first'));
  },
};
