// Replay through the real server: recorded, sent, stored, read back, rebuilt.
import assert from 'node:assert/strict';
import { until } from '../../../tools/e2e/wait.mjs';
import { assertSameTree, compared, rebuilt, storedReplay } from '../lib/replay.mjs';

const RATE = { replay: {} };

async function open(world, options = RATE, more = {}) {
  const context = await world.newContext(options, more);
  const page = await context.newPage();
  await page.goto(world.site.origin + '/');
  return { context, page };
}

/** Opens the page and waits until its recorder runs. */
async function openRecorded(world, options) {
  const opened = await open(world, options);
  await until(() => world.proxy.posts().some(({ text }) => text.includes('"replay":')));
  return opened;
}

export const cases = {
  async 'a visit is recorded, stored and rebuilt as it was, without secrets'(world) {
    const { page } = await openRecorded(world);
    await page.click('#add');
    await page.fill('[name=email]', 'ada@example.com');
    await page.fill('[name=password]', 'hunter2-secret');
    await page.fill('[name=cardnumber]', '4111111111111111');
    await page.fill('[name=note]', 'private note text');
    await page.mouse.wheel(0, 600);
    await page.waitForFunction(() => scrollY > 0);
    await page.evaluate(() => {
      const list = document.createElement('ul');
      for (let i = 0; i < 50; i++)
        list.append(Object.assign(document.createElement('li'), { textContent: 'row ' + i }));
      document.body.prepend(list);
      const chat = document.createElement('div');
      chat.attachShadow({ mode: 'open' }).innerHTML = '<p>How can we help?</p>';
      document.body.append(chat);
    });
    await page.addScriptTag({ url: '/dom.js' });
    const { id, live } = await page.evaluate(async () => {
      crow.track('checkpoint');
      await crow.flush();
      // Fields are recorded as stars.
      return { id: crow.getSessionId(), live: writeDown(document) };
    });
    // The tag of dom.js comes last but for scrolling, which the recorder gathers for a while.
    const isScript = ({ node }) => node.tagName === 'script';
    const isScroll = ({ type, data }) => type === 3 && data.source === 3;
    const events = await storedReplay(
      world,
      id,
      (all) => all.some(({ data }) => data.adds?.some(isScript)) && all.some(isScroll),
    );
    const { text } = await rebuilt(world, events);
    const expected = live
      .replace('Balance 1234 EUR of Ada Lovelace', '******* **** *** ** *** ********')
      .replace(/(token|secret)=\w+/g, '$1=*');
    assertSameTree(compared(text), compared(expected, world.site.origin));
    assert.ok(
      events.some(({ type, data }) => type === 3 && data.source === 5 && /^\*+$/.test(data.text)),
      'input is recorded',
    );
    assert.ok(
      events.some(({ type, data }) => type === 3 && data.source === 2 && data.type === 2),
      'clicks are recorded',
    );
    const sent = world.proxy.requests.map((request) => request.text).join('\n');
    for (const secret of ['hunter2', '4111', 'private note', 'ada@example', 'Lovelace', 'abc123', 's3cr3t']) {
      assert.ok(!sent.includes(secret), secret + ' has left the page');
    }
  },

  async 'one recording over a reload and while the server is down for a while'(world) {
    const { page } = await openRecorded(world);
    world.proxy.setTrouble(({ path }) => (path === '/batch' ? { status: 503 } : undefined));
    await page.evaluate(() =>
      document.body.prepend(Object.assign(document.createElement('h2'), { textContent: 'while it was down' })),
    );
    await until(() => world.proxy.posts().some(({ text }) => text.includes('while it was down')));
    await page.reload();
    world.proxy.setTrouble();
    await page.waitForFunction(() => window.CROWReplay);
    await page.evaluate(() =>
      document.body.prepend(Object.assign(document.createElement('h2'), { textContent: 'after the reload' })),
    );
    const id = await page.evaluate(() => crow.getSessionId());
    const events = await storedReplay(
      world,
      id,
      (all) => /while it was down/.test(JSON.stringify(all)) && /after the reload/.test(JSON.stringify(all)),
    );
    assert.equal(events.filter(({ type }) => type === 2).length, 2, 'a full snapshot of each page');
    const { text } = await rebuilt(world, events);
    assert.match(text, /after the reload/);
    assert.doesNotMatch(text, /while it was down/);
  },

  async 'a receipt that asks gets a fresh full snapshot'(world) {
    let left = 1;
    world.proxy.setRewrite((text, { path, text: body }) =>
      path === '/batch' && body.includes('"replay":') && left-- > 0
        ? JSON.stringify({ ...JSON.parse(text), needSnapshot: true })
        : text,
    );
    const { page } = await open(world);
    const id = await page.evaluate(() => crow.getSessionId());
    const events = await storedReplay(world, id, (all) => all.filter(({ type }) => type === 2).length >= 2);
    assert.equal(events.filter(({ type }) => type === 2).length, 2);
  },

  async 'what does not fit one request is split'(world) {
    world.proxy.setTrouble(({ path, text }) =>
      path === '/batch' && text.includes('"replay":') && JSON.parse(text).replay.length > 40
        ? { status: 413 }
        : undefined,
    );
    const { page } = await open(world);
    await page.waitForFunction(() => window.CROWReplay);
    const id = await page.evaluate(async () => {
      for (let i = 0; i < 150; i++) {
        document.body.append(Object.assign(document.createElement('p'), { textContent: 'line ' + i }));
        await null;
      }
      return crow.getSessionId();
    });
    const events = await storedReplay(world, id, (all) => JSON.stringify(all).includes('line 149'));
    for (let i = 0; i < 150; i++)
      assert.equal(events.filter((event) => JSON.stringify(event).includes(`"line ${i}"`)).length, 1, 'line ' + i);
    const { text } = await rebuilt(world, events);
    assert.equal(text.match(/"line \d+"/g).length, 150);
  },

  async 'no recorder is loaded without consent, and none records outside its share'(world) {
    const { page } = await open(world, { ...RATE, consent: 'pending' });
    assert.equal(await page.evaluate(() => typeof CROWReplay), 'undefined');
    await page.evaluate(() => crow.consent('granted'));
    await page.waitForFunction(() => typeof CROWReplay === 'object');
    const { page: other } = await open(world, { replay: { sampleRate: 0 } });
    await other.evaluate(() => crow.flush());
    await other.waitForTimeout(500);
    const id = await other.evaluate(() => crow.getSessionId());
    assert.ok(!world.proxy.posts().some(({ text }) => text.includes(id) && text.includes('"replay":')));
  },

  async 'stopped and started again'(world) {
    const { page } = await openRecorded(world);
    const id = await page.evaluate(async () => {
      crow.stopReplay();
      document.body.append('not seen');
      await new Promise((done) => setTimeout(done, 50));
      document.body.lastChild.remove();
      crow.startReplay();
      document.body.append('seen again');
      return crow.getSessionId();
    });
    const events = await storedReplay(world, id, (all) => JSON.stringify(all).includes('seen again'));
    assert.ok(!JSON.stringify(events).includes('not seen'));
  },

  async '@rrweb/record may record instead'(world) {
    const { site, newContext } = world;
    const context = await newContext();
    const page = await context.newPage();
    await page.goto(site.origin + '/');
    await page.addScriptTag({ url: '/modules/@rrweb/record/dist/record.umd.min.cjs' });
    await page.addScriptTag({ url: '/sdk/crow-replay.js' });
    const id = await page.evaluate(async () => {
      const recorder = (window.rrwebRecord ?? window.rrweb).record;
      crow.use(CROWReplay.replay({ recorder }));
      await new Promise((done) => setTimeout(done, 100));
      document.body.append('by rrweb');
      return crow.getSessionId();
    });
    await storedReplay(world, id, (all) => JSON.stringify(all).includes('by rrweb'));
  },

  async 'a huge page and a huge change go in several events, and nothing is lost'(world) {
    const NODES = 12_000;
    world.site.pages['/huge.html'] =
      `<!doctype html><title>Huge</title><script src="/boot.js"></script><script src="/dom.js"></script><script src="/sdk/crow.js"></script><body><div id="host"></div><script>
      const rows = (name) => Array.from({ length: ${NODES / 3} }, (_, i) => '<p class="r">' + name + ' <b>' + i + '</b></p>').join('');
      document.body.insertAdjacentHTML('beforeend', '<main>' + rows('first') + '</main><footer>the end</footer>');
      host.attachShadow({ mode: 'open' }).innerHTML = '<i>in the shadow</i>';
    </script><script src="/start.js"></script></body>`;
    const context = await world.newContext(RATE);
    const page = await context.newPage();
    await page.goto(world.site.origin + '/huge.html');
    await page.waitForFunction(() => window.CROWReplay);
    const { id, live } = await page.evaluate(() => {
      document.querySelector('p').remove();
      document.querySelector('footer').firstChild.data = 'not yet the end';
      document.querySelector('main').insertAdjacentHTML('afterbegin', rows('second'));
      return { id: crow.getSessionId(), live: writeDown(document) };
    });
    const events = await storedReplay(world, id, (all) => /not yet the end/.test(JSON.stringify(all)));
    const sizes = events.map((event) => JSON.stringify(event).length);
    assert.ok(Math.max(...sizes) < 2_000_000, `the largest event has ${Math.max(...sizes)} B`);
    assert.equal(events.filter(({ type }) => type === 2).length, 1);
    assert.ok(
      events.filter(({ data }) => data.adds?.length > 100).length >= 3,
      'the rest of the snapshot, and two parts of the change',
    );
    const { text } = await rebuilt(world, events);
    assertSameTree(compared(text), compared(live, world.site.origin));
  },

  async 'the recorder stops when the organization records no more, and events go on'(world) {
    const { crow, proxy, site, newContext } = world;
    const { write, changeSettings, ...reader } = crow.organization('unrecorded');
    const page = await (await newContext({ ...RATE, apiKey: write })).newPage();
    await page.goto(site.origin + '/');
    const id = await page.evaluate(() => crow.getSessionId());
    await storedReplay({ crow: reader }, id, () => true);
    /** Whether replay is sent of a change of the page. */
    const isRecorded = async (name) => {
      const before = proxy.posts().length;
      await page.evaluate(async (words) => {
        document.body.append(words);
        await new Promise((done) => setTimeout(done, 300));
        crow.track(words);
        await crow.flush();
      }, name);
      const sent = proxy.posts().slice(before);
      return sent.some(({ text }) => JSON.parse(text).replay);
    };
    assert.ok(await isRecorded('before the change'));
    await changeSettings((settings) => ({ ...settings, recording: { ...settings.recording, enabled: false } }));
    await until(async () => !(await isRecorded('once more')));
    assert.ok(!(await isRecorded('afterwards')), 'the recorder has stopped');
    await until(async () => (await reader.events(id)).some(({ name }) => name === 'afterwards'));
  },
};
