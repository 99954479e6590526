// The header that names a trace: which requests get it, and that the page sees no other difference.
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { watchPage } from '../src/devtools/watch';
import { traceRequests } from '../src/replay/trace';

const PARENT = /^00-[\da-f]{32}-[\da-f]{16}-01$/;
/** The page's own; `XMLHttpRequest` is one that only writes down what is called. */
class FakeXhr {
  sent: [string, string][] = [];
  isOpen = false;
  open(_method: string, url: string): void {
    this.isOpen = !String(url).includes('cannot open');
  }
  setRequestHeader(name: string, value: string): void {
    if (!this.isOpen) throw new Error('not open');
    this.sent.push([name, value]);
  }
  send(): void {
    if (!this.isOpen) throw new Error('not open');
  }
}
vi.stubGlobal('XMLHttpRequest', FakeXhr);
vi.stubGlobal('document', { baseURI: 'https://shop.example/cart', querySelectorAll: () => [] });
vi.stubGlobal('location', { href: 'https://shop.example/cart' });

let server: Server;
let host: string;
let received: { headers: IncomingHttpHeaders; method: string; body: string }[] = [];
const requests: any[] = [];
const stops: (() => void)[] = [];
let hooks: ReturnType<typeof watchPage>;
const isOwn = (url: string): boolean => url.endsWith('/crow/batch');
const trace = (...hosts: unknown[]): void => void stops.push(traceRequests(hosts as string[], hooks.wrap, isOwn));

beforeAll(async () => {
  server = createServer(async (incoming, outgoing) => {
    let body = '';
    for await (const part of incoming) body += part;
    received.push({ headers: incoming.headers, method: incoming.method!, body });
    outgoing.end('fine');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  hooks = watchPage(
    { console: false, performance: false },
    {
      emit: ({ data }) => void requests.push(...data.payload.requests),
      hideText: (text) => text.replace(/\d{13,19}/g, '***'),
      cleanUrl: (text) => text,
      isOwn: () => false,
      limits: () => undefined,
      now: () => Date.now(),
      later: () => {},
      toJson: JSON.stringify,
    },
  );
});
afterAll(() => {
  hooks.stop();
  server.close();
});
beforeEach(() => void ((received = []), (requests.length = 0)));
afterEach(() => {
  stops.splice(0).forEach((stop) => stop());
  hooks.flush();
});

test('requests to a host that is named get it, each its own, and it is recorded', async () => {
  trace(host);
  await fetch(`http://${host}/a`);
  await fetch(new URL(`http://${host}/b`), { method: 'POST', body: 'text', headers: { 'X-Own': '1' } });
  const [a, b] = received.map(({ headers }) => headers.traceparent as string);
  expect(a).toMatch(PARENT);
  expect(b).toMatch(PARENT);
  expect(a).not.toBe(b);
  expect(received[1]).toMatchObject({ method: 'POST', body: 'text', headers: { 'x-own': '1' } });
  hooks.flush();
  expect(requests.map(({ requestHeaders }) => requestHeaders)).toEqual([{ traceparent: a }, { traceparent: b }]);
});

test('an id whose digits could be those of a card is recorded whole', async () => {
  const header = '00-8fba40d318b0e376672407601451ade1-9599a1c5546ae63f-01';
  await fetch(`http://${host}/`, { headers: { traceparent: header } });
  await fetch(`http://${host}/`, { headers: { traceparent: header + '-'.repeat(1_000) } });
  hooks.flush();
  expect(requests.map(({ requestHeaders }) => requestHeaders.traceparent)).toEqual([header, header + '-'.repeat(45)]);
});

test('no other host gets it, and none after the recording has stopped', async () => {
  trace('127.0.0.1', 'localhost', host + '0', host.slice(0, -1), 'http://' + host, '', null, 5);
  await fetch(`http://${host}/a`);
  trace(host);
  stops.splice(0).forEach((stop) => stop());
  await fetch(`http://${host}/b`);
  expect(received.map(({ headers }) => headers.traceparent)).toEqual([undefined, undefined]);
});

test('a single host that was not put into a list does not name all hosts that are part of it', async () => {
  stops.push(traceRequests(`x${host}x`, hooks.wrap, isOwn));
  await fetch(`http://${host}/a`);
  stops.push(traceRequests(host, hooks.wrap, isOwn));
  await fetch(`http://${host}/b`);
  expect(received.map(({ headers }) => !!headers.traceparent)).toEqual([false, true]);
});

test('what we send ourselves to a host that is named does not get it', async () => {
  trace(host);
  await fetch(`http://${host}/crow/batch`, { method: 'POST', body: '{}' });
  await fetch(`http://${host}/a`);
  expect(received.map(({ headers }) => !!headers.traceparent)).toEqual([false, true]);
});

test('two recordings that name the same host add it once', async () => {
  trace(host);
  trace(host);
  await fetch(`http://${host}/a`);
  expect(received[0]!.headers.traceparent).toMatch(PARENT);
});

test.each<[string, () => Parameters<typeof fetch>]>([
  ['in settings', () => [`http://${host}/`, { headers: { TraceParent: 'theirs' } }]],
  ['in a request', () => [new Request(`http://${host}/`, { headers: { traceparent: 'theirs' } })]],
  ['in a list', () => [`http://${host}/`, { headers: [['traceparent', 'theirs']] }]],
])('a header of the page stays: %s', async (_, args) => {
  trace(host);
  await fetch(...args());
  expect(received[0]!.headers.traceparent).toBe('theirs');
  hooks.flush();
  expect(requests[0].requestHeaders).toEqual({ traceparent: 'theirs' });
});

test('a request keeps its method, body, headers and referrer', async () => {
  trace(host);
  const request = new Request(`http://${host}/`, {
    method: 'PUT',
    body: 'content',
    headers: { 'X-Own': '1' },
    referrerPolicy: 'no-referrer',
  });
  await fetch(request);
  expect(received[0]).toMatchObject({ method: 'PUT', body: 'content', headers: { 'x-own': '1' } });
  expect(received[0]!.headers.traceparent).toMatch(PARENT);
  expect(request.headers.has('traceparent'), 'it is not changed itself').toBe(false);
});

test('settings of another kind, such as a request, are left alone', async () => {
  trace(host);
  await fetch(`http://${host}/`, new Request('http://x/', { method: 'DELETE', headers: { 'X-Own': '1' } }));
  expect(received[0]).toMatchObject({ method: 'DELETE', headers: { 'x-own': '1' } });
  expect(received[0]!.headers.traceparent).toBe(undefined);
});

test.each<[string, unknown, unknown]>([
  ['no address', undefined, undefined],
  ['null', null, null],
  ['an address that throws', { url: { toString: () => expect.fail() } }, undefined],
  [
    'settings that throw',
    'http://host/',
    {
      get headers() {
        return expect.fail();
      },
    },
  ],
  ['headers that cannot be', 'http://host/', { headers: { 'a b': '1' } }],
  ['settings without a prototype', 'http://host/', Object.create(null)],
])('the page sees the same with %s', async (_, input, init) => {
  const address = (typeof input === 'string' ? input.replace('host', host) : input) as string;
  const ask = (): Promise<unknown> =>
    fetch(address, init as RequestInit).then(
      ({ status }) => status,
      (error: unknown) => String(error),
    );
  const before = await ask();
  trace(host);
  expect(await ask()).toBe(before);
});

test('a host that asks in XMLHttpRequest', () => {
  trace('api.example');
  const ask = (url: string, ...headers: [string, string][]): [string, string][] => {
    const xhr = new XMLHttpRequest() as unknown as FakeXhr;
    xhr.open('GET', url);
    for (const [name, value] of headers) xhr.setRequestHeader(name, value);
    xhr.send();
    return xhr.sent;
  };
  expect(ask('https://api.example/a')).toEqual([['traceparent', expect.stringMatching(PARENT)]]);
  expect(ask('//api.example/a', ['X-Own', '1'])).toHaveLength(2);
  expect(ask('https://api.example/a', ['TRACEPARENT', 'theirs'])).toEqual([['TRACEPARENT', 'theirs']]);
  expect(ask('/a')).toEqual([]);
  expect(ask('https://evil.example/?https://api.example/')).toEqual([]);
  expect(ask('https://api.example@evil.example/')).toEqual([]);
});

test('an XMLHttpRequest that is opened again belongs to its last address', () => {
  trace('api.example');
  const xhr = new XMLHttpRequest() as unknown as FakeXhr;
  expect(() => xhr.send()).toThrow('not open');
  xhr.open('GET', 'https://api.example/');
  xhr.open('GET', 'https://other.example/');
  xhr.send();
  expect(xhr.sent).toEqual([]);
  xhr.open('GET', 'https://api.example/cannot open');
  expect(() => xhr.send(), 'the error of the page, not ours').toThrow('not open');
  xhr.open('GET', 'https://api.example/');
  xhr.open('GET', { toString: () => 'http://' } as unknown as string);
  expect(xhr.sent).toEqual([]);
});
