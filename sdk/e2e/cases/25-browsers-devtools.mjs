// In every browser: what a page does beside what it shows is in its stored recording, in rrweb's form, and nothing more.
import assert from 'node:assert/strict';
import { browserName } from '../../../tools/e2e/browser.mjs';
import { freePort } from '../../../tools/e2e/ports.mjs';
import { storedReplay } from '../lib/replay.mjs';

const PAGE = `<!doctype html><html><head><title>Case</title><script src="/boot.js"></script><script src="/sdk/crow.js"></script><script src="/start.js"></script></head>
<body><script>
function checkout(said) {
  console.error('checkout failed', { id: 7, password: 'zq2qz', said });
}
</script><input id="name"><p data-crow-mask>Balance 1234 EUR of Ada Lovelace</p><p id="end"></p></body></html>`;

/** Each secret is called `zq…qz`. */
async function use(nobody) {
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const field = document.getElementById('name');
  field.value = 'zq1qz typed';
  field.dispatchEvent(new Event('input', { bubbles: true }));
  await wait(200);
  checkout('zq1qz typed');
  console.warn('at https://a.b/?token=zq3qz', document.querySelector('p').textContent);
  console.log('zq4qz is not recorded by default');
  const answer = await fetch('/api/orders?page=2&q=zq5qz', {
    method: 'POST',
    headers: { Authorization: 'Bearer zq6qz', 'X-Note': 'zq7qz' },
    body: JSON.stringify({ note: 'zq8qz' }),
  });
  window.answered = [answer.status, (await answer.text()).length > 0];
  await fetch('/missing.json?q=zq9qz');
  window.refused = await fetch(`http://${nobody}/nobody?q=zq10qz`).catch((error) => error.constructor.name);
  await new Promise((done) => {
    const xhr = new XMLHttpRequest();
    xhr.open('PUT', '/api/cart?id=zq11qz');
    xhr.setRequestHeader('X-Auth', 'zq12qz');
    xhr.onloadend = done;
    xhr.send('zq13qz');
    window.isXhr = xhr instanceof XMLHttpRequest;
  });
  navigator.sendBeacon('/api/beacon?q=zq14qz', 'zq15qz');
  await new Promise((done) => {
    const socket = new WebSocket(`ws://${nobody}/socket?q=zq16qz`);
    socket.onclose = done;
    window.isSocket = socket instanceof WebSocket && WebSocket.OPEN === 1;
  });
  void Promise.reject(new RangeError('nobody catches this'));
  document.getElementById('end').textContent = 'THE END';
  await crow.flush();
  return { id: crow.getSessionId(), answered, refused, isXhr, isSocket, lost: __lost };
}

/** The events that are not of rrweb itself. */
const besides = (events, plugin) =>
  events.filter(({ type, data }) => type === 6 && data.plugin === plugin).map(({ data }) => data.payload);

/** What the browser tells a moment after it happened is there, too. */
function isWhole(events, { nobody }) {
  const requests = besides(events, 'rrweb/network@1').flatMap((one) => one.requests);
  const has = (name) => requests.some((one) => one.name.includes(name));
  const orders = requests.find(({ name }) => name.includes('/api/orders'));
  return (
    JSON.stringify(events).includes('THE END') &&
    ['/missing.json', `${nobody}/nobody`, '/api/cart', '/api/beacon', 'ws:', '/devtools.html'].every(has) &&
    orders?.decodedBodySize > 0 &&
    JSON.stringify(besides(events, 'rrweb/console@1')).includes('nobody catches this') &&
    (browserName !== 'chromium' ||
      besides(events, 'crow/performance@1').some(({ usedJSHeapSize }) => usedJSHeapSize > 0))
  );
}

async function visited(world, options) {
  world.site.pages['/devtools.html'] = PAGE;
  const page = await (await world.newContext({ replay: options })).newPage();
  await page.goto(world.site.origin + '/devtools.html');
  await page.waitForFunction(() => !!window.CROWReplay?.devtools);
  const nobody = `127.0.0.1:${await freePort()}`;
  const said = await page.evaluate(use, nobody);
  const events = await storedReplay(world, said.id, (all) => isWhole(all, { nobody }));
  return { ...said, nobody, events };
}

export const cases = {
  async 'console and requests are recorded, without secrets, and the page sees no difference'(world) {
    const { events, ...said } = await visited(world, {});
    assert.deepEqual([said.answered, said.refused, said.isXhr, said.isSocket], [[200, true], 'TypeError', true, true]);
    assert.deepEqual(said.lost, []);
    const lines = besides(events, 'rrweb/console@1');
    const written = lines.map(({ level, payload }) => [level, ...payload.map((one) => JSON.parse(one))]);
    assert.deepEqual(written.slice(0, 2), [
      ['error', 'checkout failed', { id: 7, password: '*', said: '***** *****' }],
      ['warn', 'at https://a.b/?token=*', '*'.repeat('Balance 1234 EUR of Ada Lovelace'.length)],
    ]);
    assert.match(lines[0].trace[0], /^checkout \(http:.*devtools\.html:\d+:\d+\)$/);
    const [last] = written.slice(-1);
    assert.deepEqual(last.slice(0, 2), ['error', 'Uncaught']);
    assert.match(last[2], /^RangeError: nobody catches this/);

    const { origin } = world.site;
    const requests = besides(events, 'rrweb/network@1').flatMap((one) => one.requests);
    const of = (name) => requests.find((one) => one.name.startsWith(name));
    const brief = ({ name, method, initiatorType, status }) => [name, method, initiatorType, status];
    assert.deepEqual(brief(of(origin + '/api/orders')), [origin + '/api/orders?page=*&q=*', 'POST', 'fetch', 200]);
    assert.deepEqual(brief(of(origin + '/missing')), [origin + '/missing.json?q=*', 'GET', 'fetch', 404]);
    assert.deepEqual(brief(of(`http://${said.nobody}/`)), [`http://${said.nobody}/nobody?q=*`, 'GET', 'fetch', 0]);
    assert.deepEqual(brief(of(origin + '/api/cart')), [origin + '/api/cart?id=*', 'PUT', 'xmlhttprequest', 200]);
    assert.deepEqual(brief(of(origin + '/api/beacon')), [origin + '/api/beacon?q=*', 'POST', 'beacon', undefined]);
    assert.deepEqual(brief(of('ws:')), [`ws://${said.nobody}/socket?q=*`, 'GET', 'websocket', 0]);
    assert.deepEqual(brief(of(origin + '/devtools.html')).slice(0, 2), [origin + '/devtools.html', undefined]);
    assert.ok(of(origin + '/api/orders').decodedBodySize > 100, JSON.stringify(of(origin + '/api/orders')));
    for (const { startTime, endTime, timestamp } of requests)
      assert.ok(endTime >= startTime && Math.abs(timestamp - Date.now()) < 60_000);
    assert.deepEqual(
      requests.filter(({ name }) => /\/(batch|session\/start)/.test(name)),
      [],
      'none of ours',
    );

    const sent = world.proxy.requests.map(({ text }) => text).join('\n');
    for (const [place, bytes] of Object.entries({ sent, stored: JSON.stringify(events) }))
      assert.deepEqual([...new Set(bytes.match(/zq\d+qz|Lovelace/g))], [], place);
    const pluginData = (all) => all.filter(({ type }) => type === 6).map(({ data }) => data);
    const kept = pluginData(events);
    const asSent = pluginData(world.proxy.posts().flatMap(({ text }) => JSON.parse(text).replay ?? []));
    // The page sends more while this is read.
    assert.deepEqual(kept, asSent.slice(0, kept.length), 'the server keeps them as they are');
  },

  async 'what is switched off is not recorded, nor its script loaded'(world) {
    world.site.pages['/devtools.html'] = PAGE;
    const page = await (
      await world.newContext({ replay: { console: false, network: false, performance: false } })
    ).newPage();
    await page.goto(world.site.origin + '/devtools.html');
    await page.waitForFunction(() => !!window.CROWReplay);
    await page.waitForTimeout(500);
    const { error, ours } = await page.evaluate(() => {
      const names = performance.getEntriesByType('resource').map(({ name }) => name);
      return { error: String(console.error), ours: names.some((name) => name.includes('crow-devtools')) };
    });
    assert.equal(ours, false);
    assert.match(error, /native code/);
  },
};
