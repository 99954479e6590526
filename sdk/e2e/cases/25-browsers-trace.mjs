// In every browser: requests to a host that the site names say which trace they belong to, and no others.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { until } from '../../../tools/e2e/wait.mjs';
import { storedReplay } from '../lib/replay.mjs';

const PAGE = `<!doctype html><html><head><title>Case</title><script src="/boot.js"></script><script src="/sdk/crow.js"></script><script src="/start.js"></script></head>
<body><p id="end"></p></body></html>`;

/** Two APIs on origins of their own, which write down what they get. */
async function startApi() {
  const received = [];
  const server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    received.push({ method, url, host: headers.host, parent: headers.traceparent, own: headers['x-own'] });
    outgoing.writeHead(200, {
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Headers': 'traceparent, x-own',
      'Access-Control-Allow-Methods': '*',
    });
    outgoing.end('fine');
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { host: `127.0.0.1:${server.address().port}`, received, stop: () => server.close() };
}

async function ask([named, other]) {
  const xhr = (url, ...headers) =>
    new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open('GET', url);
      for (const [name, value] of headers) request.setRequestHeader(name, value);
      request.onloadend = () => done(request.responseText);
      request.send();
    });
  const answers = [
    await (await fetch(`http://${named}/fetch`, { headers: { 'X-Own': '1' } })).text(),
    await (await fetch(new Request(`http://${named}/request`, { method: 'PUT', body: 'x' }))).text(),
    await (await fetch(`http://${named}/theirs`, { headers: { traceparent: 'theirs' } })).text(),
    await xhr(`http://${named}/xhr`, ['X-Own', '2']),
    await xhr(`http://${named}/xhr-theirs`, ['Traceparent', 'theirs']),
    await (await fetch(`http://${other}/other`)).text(),
    await xhr(`http://${other}/other-xhr`),
    await (await fetch('/same-site')).ok,
  ];
  document.getElementById('end').textContent = 'THE END';
  await crow.flush();
  return { answers, id: crow.getSessionId(), lost: __lost };
}

export const cases = {
  async 'requests to a named host get a trace, which is recorded'(world) {
    const [named, other] = [await startApi(), await startApi()];
    world.site.pages['/trace.html'] = PAGE;
    const replay = { network: { traceHosts: [named.host] } };
    const page = await (await world.newContext({ replay })).newPage();
    await page.goto(world.site.origin + '/trace.html');
    // The wrapper is there when the request that asks for it has the header.
    await until(async () => {
      await page.evaluate((given) => fetch(`http://${given}/ready`).then(() => {}), named.host);
      return named.received.some(({ url, parent }) => url === '/ready' && parent);
    });
    named.received.length = 0;
    const { answers, id, lost } = await page.evaluate(ask, [named.host, other.host]);
    assert.deepEqual(answers, ['fine', 'fine', 'fine', 'fine', 'fine', 'fine', 'fine', true]);
    assert.deepEqual(lost, []);

    const got = named.received.filter(({ method, url }) => method !== 'OPTIONS' && url !== '/ready');
    const of = (path) => got.find(({ url }) => url === path);
    for (const path of ['/fetch', '/request', '/xhr'])
      assert.match(of(path).parent, /^00-[\da-f]{32}-[\da-f]{16}-01$/, path);
    assert.deepEqual([of('/fetch').own, of('/request').method, of('/xhr').own], ['1', 'PUT', '2']);
    assert.deepEqual([of('/theirs').parent, of('/xhr-theirs').parent], ['theirs', 'theirs']);
    assert.equal(new Set(got.map(({ parent }) => parent)).size, 4, 'each request has its own');
    const others = other.received.map(({ method, url, parent }) => [method, url, parent]);
    assert.deepEqual(others, [
      ['GET', '/other', undefined],
      ['GET', '/other-xhr', undefined],
    ]);

    const requestsOf = (events) =>
      events.filter(({ data }) => data.plugin === 'rrweb/network@1').flatMap(({ data }) => data.payload.requests);
    const names = [...got.map(({ url }) => named.host + url), `${other.host}/other-xhr`];
    const isWhole = (all) => names.every((name) => requestsOf(all).some((one) => one.name === `http://${name}`));
    const requests = requestsOf(await storedReplay(world, id, isWhole));
    for (const { url, parent } of got) {
      const request = requests.find(({ name }) => name === `http://${named.host}${url}`);
      assert.deepEqual(request?.requestHeaders, { traceparent: parent }, url);
    }
    const withoutOne = requests.filter(({ name, requestHeaders }) => !name.includes(named.host) && requestHeaders);
    assert.deepEqual(withoutOne, []);
    named.stop();
    other.stop();
  },
};
