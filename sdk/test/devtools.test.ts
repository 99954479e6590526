// Console and requests of a page that is hostile, or only careless.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createBudget } from '../src/devtools/budget';
import { watchers } from '../src/devtools/hooks';
import { createWriter } from '../src/devtools/values';
import { watchPage, type Given } from '../src/devtools/watch';
import { urlCleaner } from '../src/core/privacy';
import type { DevtoolsOptions, Limits } from '../src/devtools/options';
import type { MaskingOptions } from '../src/replay/masking';

const cleanUrl = urlCleaner();
const stars = (text: string): string => text.replace(/\S/g, '*');
/** As the recorder hides what was typed. */
const hideText = (text: string): string => text.replace(/typed words/g, stars);
/** The page's own console, before anybody wraps it. */
const theirs = { error: vi.fn(), warn: vi.fn(), log: vi.fn(), assert: vi.fn() };
Object.assign(console, theirs);

interface Payload {
  [name: string]: any;
}

const stops: (() => void)[] = [];

function watched(options: DevtoolsOptions & MaskingOptions = {}, more: Partial<Given> = {}) {
  const events: { plugin: string; payload: Payload; json: string }[] = [];
  const { flush, stop } = watchPage(options, {
    emit: ({ type, data }) => {
      expect(type).toBe(6);
      events.push({ ...data, json: JSON.stringify(data) });
    },
    hideText,
    cleanUrl,
    isOwn: (url) => url.includes('/batch'),
    limits: () => undefined,
    now: () => Date.now(),
    later: (run, ms) => void setTimeout(run, ms),
    toJson: JSON.stringify,
    ...more,
  });
  stops.push(stop);
  const of = (plugin: string) => events.filter((event) => event.plugin === plugin).map(({ payload }) => payload);
  return {
    events,
    flush,
    stop,
    lines: () => of('rrweb/console@1'),
    /** What was written, as the page's own values. */
    written: () => of('rrweb/console@1').map(({ payload }) => payload.map((one: string) => JSON.parse(one))),
    requests: () => of('rrweb/network@1').flatMap(({ requests }) => requests.filter(({ method }: Payload) => method)),
    network: () => of('rrweb/network@1'),
  };
}

beforeEach(() => {
  vi.stubGlobal('document', { baseURI: 'https://shop.example/cart', querySelectorAll: () => [] });
  vi.stubGlobal('location', { href: 'https://shop.example/cart' });
});
afterEach(() => {
  stops.splice(0).forEach((stop) => stop());
  vi.unstubAllGlobals();
  Object.values(theirs).forEach((one) => one.mockReset());
});

describe('console', () => {
  test('errors, warnings and failed assertions are recorded, and the page sees its own call', () => {
    const { lines, written } = watched();
    console.error('no stock', 3);
    console.warn('slow');
    console.log('not by default');
    console.assert(true, 'fine');
    console.assert(false, 'broken');
    expect(lines().map(({ level }) => level)).toEqual(['error', 'warn', 'assert']);
    expect(written()).toEqual([['no stock', 3], ['slow'], ['broken']]);
    expect(theirs.error).toHaveBeenCalledWith('no stock', 3);
    expect(theirs.assert).toHaveBeenLastCalledWith(false, 'broken');
  });

  test('the trace begins where the page called', () => {
    const { lines } = watched();
    (function buy() {
      console.error('x');
    })();
    expect(lines()[0]!.trace[0]).toMatch(/^buy \(.*devtools\.test\.ts:\d+:\d+\)$/);
    expect(lines()[0]!.trace.length).toBeLessThanOrEqual(10);
  });

  test('goes on after there was no room on the stack', () => {
    const { written } = watched();
    const full = vi.spyOn(watchers, 'forEach').mockImplementation(() => {
      throw new RangeError('stack');
    });
    expect(() => console.error('full')).toThrow('stack');
    full.mockRestore();
    console.error('after');
    expect(written()).toEqual([['after']]);
  });

  test('digits of something hidden are no reason to hide a place', () => {
    const writer = createWriter((text) => text.replaceAll('1024', '****'), cleanUrl, JSON.stringify, false);
    expect(writer.frames('at f1024 (https://a.b/app.js:1:31024)\ng@https://a.b/1024.js:1024:2')).toEqual([
      'f**** (https://a.b/app.js:1:31024)',
      'g (https://a.b/****.js:1024:2)',
    ]);
  });

  test('all levels, some, or none', () => {
    const all = watched({ console: true });
    const some = watched({ console: ['log'] });
    const none = watched({ console: false });
    console.log('a');
    console.error('b');
    expect(all.written()).toEqual([['a'], ['b']]);
    expect(some.written()).toEqual([['a']]);
    expect(none.lines()).toEqual([]);
  });

  test('a recording that has stopped hears nothing, and one that starts again hears once', () => {
    const { stop, lines } = watched();
    stop();
    console.error('a');
    const again = watched();
    console.error('b');
    expect(lines()).toEqual([]);
    expect(again.written()).toEqual([['b']]);
    expect(theirs.error).toHaveBeenCalledTimes(2);
  });

  test('what the tracker says is none of the page', () => {
    const { lines } = watched();
    console.warn('[crow]', 'dropped');
    expect(lines()).toEqual([]);
  });

  test('a value that logs when it is read does not log for ever', () => {
    const { written } = watched();
    const loud = new Proxy(
      {},
      {
        ownKeys() {
          console.error('I am read');
          return [];
        },
      },
    );
    console.error(loud);
    expect(written()).toEqual([[{}]]);
    console.error('after');
    expect(written()[1]).toEqual(['after']);
  });

  test('when the page’s own console throws, the page gets that, and we nothing', () => {
    const { lines } = watched();
    theirs.error.mockImplementation(() => {
      throw new RangeError('theirs');
    });
    expect(() => console.error('x')).toThrow('theirs');
    expect(lines()).toEqual([]);
  });

  test('a recorder that throws is not seen by the page', () => {
    watched({}, { emit: () => expect.fail('ours') });
    expect(() => console.error('x')).not.toThrow();
  });

  test('a loop that logs costs a part of the budget, and the rest is counted', () => {
    const { lines, flush, events } = watched({ console: true });
    for (let i = 0; i < 10_000; i++) console.log('line', i, { deep: { list: [1, 2, 3] } });
    // What matters more has characters of its own.
    console.error('seen');
    flush();
    const { dropped, level, payload } = lines().at(-1)!;
    expect(lines().at(-2)!.payload).toEqual(['"seen"']);
    expect(level).toBe('warn');
    expect(JSON.parse(payload[0])).toContain(`${dropped} lines not recorded`);
    expect(dropped + lines().length - 2).toBe(10_000);
    expect(lines().length).toBeLessThan(1_000);
    expect(events.map(({ json }) => json).join().length).toBeLessThan(130_000);
    expect(theirs.log).toHaveBeenCalledTimes(10_000);
  });

  test('with all text masked, a line keeps its level, its trace and the names in it', () => {
    const { lines, written } = watched({ maskAllText: true });
    console.error('Ada was here', { total: 3, name: 'Ada' }, new TypeError('Ada is none'));
    expect(written()[0].slice(0, 2)).toEqual(['*** *** ****', { total: 3, name: '***' }]);
    expect(written()[0][2]).toMatch(/^TypeError: \*\*\* \*\* \*\*\*\*\n {4}at .*devtools\.test\.ts/);
    expect(lines()[0]!.trace.length).toBeGreaterThan(0);
  });
});

describe('values', () => {
  const writer = createWriter(hideText, cleanUrl, JSON.stringify, false);
  const read = (value: unknown): any => JSON.parse(writer.json(value));
  const loop: Payload = { a: 1 };
  loop.loop = loop;
  const gone = Proxy.revocable({}, {});
  gone.revoke();

  test.each<[string, unknown, unknown]>([
    ['text', 'a', 'a'],
    ['numbers', [1, NaN, -Infinity, 12n], [1, 'NaN', '-Infinity', '12']],
    ['nothing', [null, undefined], [null, 'undefined']],
    ['a symbol and a function', [Symbol('x'), function pay() {}], ['Symbol(x)', 'ƒ pay']],
    ['a cycle', loop, { a: 1, loop: { a: 1, loop: { a: 1, loop: { a: 1, loop: '[Object]' } } } }],
    ['a proxy that is gone', { gone: gone.proxy, a: 1 }, { gone: '[unreadable]', a: 1 }],
    ['a proxy that is gone, itself', gone.proxy, '[unreadable]'],
    ['an element', { nodeType: 1, nodeName: 'BUTTON' }, '<button>'],
    ['an element with a clobbered name', { nodeType: 1, nodeName: { toString: () => expect.fail() } }, '<>'],
    ['a map and a date', [new Map([[1, 2]]), new Date(NaN)], ['[Map]', 'Invalid Date']],
    [
      'keys that are secret',
      { password: 'x', accessToken: 1, Cookie: 'y', code: 'z', name: 'n' },
      { password: '*', accessToken: '*', Cookie: '*', code: '*', name: 'n' },
    ],
    ['secrets in addresses', 'GET /a?token=abc&b=1', 'GET /a?token=*&b=1'],
    ['secrets in text', 'sent Authorization: Bearer abc', 'sent Authorization: *'],
    ['cookies', 'theme=dark; id=abc', 'theme=*; id=*'],
    [
      'pairs in lists',
      [
        ['Authorization', 'Digest abc'],
        ['x-key', 'abc', 'Accept', '*/*'],
        ['/auth', '/cart'],
      ],
      [
        ['Authorization', '*'],
        ['x-key', '*', 'Accept', '*/*'],
        ['/auth', '/cart'],
      ],
    ],
    ['secrets in JSON', '{"password":"hunter2","a":1}', '{"password":"*","a":1}'],
    ['what was typed', { said: 'my typed words' }, { said: 'my ***** *****' }],
    ['a prototype of its own', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
  ])('%s', (_, value, expected) => expect(read(value)).toEqual(expected));

  test('a getter is not run', () => {
    const ran = vi.fn();
    const value = {
      get lazy() {
        return ran();
      },
    };
    expect(read(value)).toEqual({ lazy: '(…)' });
    expect(ran).not.toHaveBeenCalled();
  });

  test('a name that would change the prototype of objects changes nothing', () => {
    const value = JSON.parse('{"__proto__":{"polluted":true},"a":1}');
    expect(writer.json(value)).toBe('{"__proto__":{"polluted":true},"a":1}');
    expect(({} as Payload).polluted).toBe(undefined);
  });

  test('deep, wide and long values end', () => {
    const wide = (level: number): unknown[] => (level ? Array.from({ length: 200 }, () => wide(level - 1)) : []);
    expect(writer.json(wide(2)).length).toBeLessThan(9_000);
    expect(read(Array.from({ length: 100 }, (_, i) => i)).at(-1)).toBe('…');
    expect(Object.keys(read(Object.fromEntries(Array.from({ length: 100 }, (_, i) => ['k' + i, i])))).length).toBe(31);
    expect(writer.json('x'.repeat(1e6)).length).toBeLessThan(2_010);
    const startedAt = performance.now();
    writer.json({ length: 1e9, ...Array.from({ length: 1e5 }) });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  test.each([
    [
      'Chromium',
      'TypeError: no\n    at buy (https://a.b/x.js:1:22)\n    at new Cart (https://a.b/y.js?token=s:3:4)\n    at https://a.b/@s/z.js:5:6\n    at async Promise.all (index 0)',
    ],
    ['others', 'buy@https://a.b/x.js:1:22\nCart@https://a.b/y.js?token=s:3:4\n@https://a.b/@s/z.js:5:6\n[native code]'],
  ])('frames of %s', (_, stack) => {
    const [buy, cart, last] = writer.frames(stack);
    expect(buy).toBe('buy (https://a.b/x.js:1:22)');
    expect(cart).toMatch(/^(new )?Cart \(https:\/\/a\.b\/y\.js\?token=\*/);
    expect(last).toBe('https://a.b/@s/z.js:5:6');
  });

  test('the message of an error is not taken for a frame', () => {
    const error = new Error('typed words:12:30\nat typed words:1:2');
    expect(read(error)).not.toContain('typed words');
    expect(read(error)).toMatch(/^Error: \*+ \*+:12:30/);
  });

  test.each([
    ['a stack that throws', Object.defineProperty(new Error('m'), 'stack', { get: () => expect.fail() })],
    ['a message that throws', Object.defineProperty(new Error('m'), 'message', { get: () => expect.fail() })],
  ])('%s', (_, error) => expect(read(error)).toBe('[unreadable]'));
});

describe('requests', () => {
  let server: Server;
  let origin: string;
  let isClosed = false;
  beforeAll(async () => {
    server = createServer((incoming, outgoing) => {
      const { pathname } = new URL(incoming.url!, 'http://x');
      if (pathname === '/cut') return incoming.socket.destroy();
      outgoing.writeHead(Number(pathname.slice(1)) || 200, {
        'Content-Type': pathname === '/stream' ? 'text/event-stream' : 'application/json',
        'Set-Cookie': 'sid=abc',
        'X-Trace': 'trace-1',
        'X-Auth-Token': 'abc',
      });
      if (pathname === '/quiet') {
        outgoing.write('{"begun":true,');
        outgoing.on('close', () => (isClosed = true));
      } else if (pathname === '/endless') {
        const timer = setInterval(() => outgoing.write('"typed words",'.repeat(1_000)), 5);
        outgoing.on('close', () => clearInterval(timer));
      } else outgoing.end('{"ok":true,"token":"t0p","note":"typed words"}');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void (server.closeAllConnections(), server.close()));

  test('method, address without values, status and times; no header and no body', async () => {
    const { requests, flush, events } = watched();
    await fetch(`${origin}/orders/ada@example.com/7?page=2&q=Ada&token=abc#part`, {
      method: 'post',
      body: '{"secret":"x"}',
      headers: { Authorization: 'Bearer abc', Cookie: 'a=b' },
    });
    flush();
    expect(requests()).toEqual([
      {
        name: `${origin}/orders/*/7?page=*&q=*&token=*`,
        method: 'POST',
        initiatorType: 'fetch',
        status: 200,
        startTime: expect.any(Number),
        endTime: expect.any(Number),
        duration: expect.any(Number),
        timestamp: expect.any(Number),
      },
    ]);
    expect(Math.abs(requests()[0].timestamp - Date.now())).toBeLessThan(5_000);
    expect(events.map(({ json }) => json).join()).not.toMatch(/Ada|abc|Bearer|secret|headers|Body/);
  });

  test('parameters, headers and bodies that are named, without secrets', async () => {
    const { requests, flush, events } = watched({
      network: {
        parameters: ['page', 'token'],
        headers: ['X-Trace', 'X-Auth-Token', 'Authorization', 'Cookie', 'Set-Cookie', 'X-Client'],
        bodies: [origin + '/orders'],
      },
    });
    const sent = { password: 'hunter2', said: 'typed words', amount: 3 };
    const answer = await fetch(`${origin}/orders?page=2&token=abc`, {
      method: 'POST',
      body: JSON.stringify(sent),
      headers: { Authorization: 'Bearer abc', Cookie: 'a=b', 'X-Client': 'web' },
    });
    expect(await answer.json()).toMatchObject({ token: 't0p' });
    await vi.waitFor(() => (flush(), expect(requests()).toHaveLength(1)));
    const [{ name, requestHeaders, responseHeaders, requestBody, responseBody }] = requests();
    expect(name).toBe(`${origin}/orders?page=2&token=*`);
    expect(requestHeaders).toEqual({ 'x-client': 'web' });
    expect(responseHeaders).toEqual({ 'x-trace': 'trace-1' });
    expect(JSON.parse(requestBody)).toEqual({ password: '*', said: '***** *****', amount: 3 });
    expect(JSON.parse(responseBody)).toEqual({ ok: true, token: '*', note: '***** *****' });
    expect(events.map(({ json }) => json).join()).not.toMatch(/hunter2|abc|t0p|typed words/);
  });

  test('with all text masked there are no bodies', async () => {
    const { requests, flush } = watched({ network: { bodies: [origin] }, maskAllText: true });
    await fetch(origin + '/a', { method: 'POST', body: 'x' });
    flush();
    const [{ requestBody, responseBody }] = requests();
    expect([requestBody, responseBody]).toEqual([undefined, undefined]);
  });

  test('an answer without an end is read to a limit, and the page gets all of it', async () => {
    const { requests, flush } = watched({ network: { bodies: [origin] } });
    const answer = await fetch(origin + '/endless');
    const reader = answer.body!.getReader();
    await vi.waitFor(() => (flush(), expect(requests()).toHaveLength(1)));
    expect(requests()[0].responseBody.length).toBeLessThan(5_010);
    for (let chars = 0; chars < 100_000;) chars += (await reader.read()).value!.length;
    await reader.cancel();
  });

  test('a host is named as a whole, however it is written', async () => {
    const { requests, flush } = watched({ network: { bodies: [origin.slice(0, -1), origin.replace('http', 'HTTP')] } });
    await (await fetch(origin + '/orders')).text();
    await vi.waitFor(() => (flush(), expect(requests()).toHaveLength(1)));
    expect(requests()[0].responseBody).toContain('"ok":true');
    const near = watched({ network: { bodies: [origin.slice(0, -1)] } });
    await (await fetch(origin + '/orders')).text();
    await vi.waitFor(() => (near.flush(), expect(near.requests()).toHaveLength(1)));
    expect(near.requests()[0].responseBody).toBe(undefined);
  });

  test('an answer that takes too long is read no longer, and closed when the page is done with it', async () => {
    const time = new AbortController();
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(time.signal);
    const { requests, flush } = watched({ network: { bodies: [origin] } });
    const answer = await fetch(origin + '/quiet');
    timeout.mockRestore();
    const reader = answer.body!.getReader();
    await reader.read();
    flush();
    expect(requests()).toEqual([]);
    time.abort();
    await vi.waitFor(() => (flush(), expect(requests()).toHaveLength(1)));
    expect(requests()[0]).toMatchObject({ status: 200 });
    await reader.cancel();
    await vi.waitFor(() => expect(isClosed).toBe(true));
  });

  test('a stream of events is not read beside the page', async () => {
    const { requests, flush } = watched({ network: { bodies: [origin] } });
    const clone = vi.spyOn(Response.prototype, 'clone');
    await (await fetch(origin + '/stream')).text();
    flush();
    expect(clone).not.toHaveBeenCalled();
    clone.mockRestore();
    expect(requests()[0]).toMatchObject({ status: 200 });
  });

  test('a `fetch` that the page kept from before asks for a flush, so that what the browser tells of it does not pile up', () => {
    let tell: (list: object) => void = () => {};
    vi.stubGlobal(
      'PerformanceObserver',
      class {
        constructor(private run: typeof tell) {}
        observe({ type }: { type: string }): void {
          if (type === 'resource') tell = this.run;
        }
        disconnect(): void {}
      },
    );
    const later = vi.fn();
    watched({ performance: false }, { later });
    const startTime = performance.now() + 1;
    tell({ getEntries: () => [{ name: origin + '/', initiatorType: 'fetch', startTime, responseEnd: startTime }] });
    expect(later).toHaveBeenCalledTimes(1);
  });

  test('an answer is told of with its end and its size, when all of it is there', async () => {
    let tell: (list: object) => void = () => {};
    vi.stubGlobal(
      'PerformanceObserver',
      class {
        constructor(private run: typeof tell) {}
        observe({ type }: { type: string }): void {
          if (type === 'resource') tell = this.run;
        }
        disconnect(): void {}
      },
    );
    let tick = (): void => {};
    const { requests, flush } = watched({}, { later: (run) => void (tick = run) });
    const entry = (path: string, startTime: number, responseEnd: number) => ({
      name: origin + path,
      entryType: 'resource',
      initiatorType: 'fetch',
      startTime,
      responseEnd,
      decodedBodySize: 47,
    });
    const end = performance.now() + 20_000;
    const entries: object[] = [];
    for (const path of ['/slow', '/other', '/slow', '/500']) {
      const startedAt = performance.now();
      await fetch(origin + path);
      if (path !== '/other') entries.push(entry(path, startedAt, end));
    }
    await expect(fetch(origin + '/cut')).rejects.toThrow();
    tick();
    expect(requests().map(({ status }) => status)).toEqual([0]);
    tell({ getEntries: () => [...entries, entry('/nobody', end, end)] });
    tick();
    const told = requests().slice(1);
    expect(told.map(({ name, status, decodedBodySize }) => [name, status, decodedBodySize])).toEqual([
      [origin + '/slow', 200, 47],
      [origin + '/slow', 200, 47],
      [origin + '/500', 500, 47],
    ]);
    expect(told[0].endTime).toBe(Math.round(end));
    // The page goes: what the browser has not told of goes without it.
    flush();
    expect(requests().at(-1)).toMatchObject({ name: origin + '/other', status: 200 });
    expect(requests()).toHaveLength(5);
  });

  test('failures: a status, and no answer at all, which the page sees as before', async () => {
    const { requests, flush } = watched();
    await fetch(origin + '/500');
    await expect(fetch(origin + '/cut')).rejects.toThrow('fetch failed');
    flush();
    expect(requests().map(({ status, error }) => [status, error])).toEqual([
      [500, undefined],
      [0, 'fetch failed'],
    ]);
  });

  test('what nobody catches is still told as such', async () => {
    watched();
    const reasons: unknown[] = [];
    const onReason = (reason: unknown): void => void reasons.push(reason);
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection').on('unhandledRejection', onReason);
    void fetch(origin + '/cut');
    await vi.waitFor(() => expect(reasons).toHaveLength(1));
    process.removeAllListeners('unhandledRejection');
    others.forEach((one) => process.on('unhandledRejection', one));
  });

  test('our own requests are not recorded', async () => {
    const { requests, flush } = watched();
    await fetch(origin + '/batch');
    flush();
    expect(requests()).toEqual([]);
  });

  test.each<[string, unknown, unknown]>([
    ['an address that throws', { url: { toString: () => expect.fail() } }, undefined],
    [
      'settings that throw',
      'x',
      {
        get method() {
          return expect.fail();
        },
      },
    ],
    ['no address', undefined, undefined],
    ['data', 'data:text/plain,hello', undefined],
  ])('hostile arguments: %s', async (_, input, init) => {
    const { flush, requests, events } = watched();
    const page = await fetch(input as string, init as object).then(
      ({ status }) => status,
      (error: unknown) => String(error),
    );
    flush();
    expect(page).toBeTruthy();
    expect(requests().length).toBeLessThanOrEqual(1);
    expect(events.map(({ json }) => json).join()).not.toContain('hello');
  });

  test('a page that asks without end: what is too much is counted', async () => {
    const { requests, network, flush } = watched();
    for (let i = 0; i < 1_000; i += 50)
      await Promise.all(Array.from({ length: 50 }, (_, at) => fetch(`${origin}/item/${i + at}`)));
    await fetch(origin + '/500');
    flush();
    const dropped = network().reduce((sum, { dropped: count = 0 }) => sum + count, 0);
    expect(requests().length + dropped).toBe(1_001);
    expect(dropped).toBeGreaterThan(300);
    expect(JSON.stringify(network()).length).toBeLessThan(130_000);
    expect(requests().at(-1).status).toBe(500);
  });
});

describe('a budget', () => {
  let now = 1e6;
  const budgetOf = (limits?: Limits) =>
    createBudget('console', { now: () => now, limits: () => limits, toJson: JSON.stringify });
  /** 900 characters. */
  const item = (): object => ({ text: 'x'.repeat(900 - '{"text":""}'.length) });
  /** Whether another one of a kind is recorded. */
  const isTaken = ({ spend }: ReturnType<typeof budgetOf>, kind: string): boolean => {
    const take = vi.fn();
    spend(kind, item, take);
    return take.mock.calls.length > 0;
  };
  /** How many of a kind are recorded until one is dropped. */
  const spendAll = (budget: ReturnType<typeof budgetOf>, kind: string): number => {
    let count = 0;
    while (isTaken(budget, kind)) count++;
    return count;
  };

  test('fills again with time, also when the clock was set back', () => {
    const budget = budgetOf();
    expect(spendAll(budget, 'a')).toBe(100);
    expect(isTaken(budget, 'b')).toBe(true);
    expect(budget.dropped()).toBe(1);
    expect(budget.dropped()).toBe(0);
    now -= 1e6;
    expect(isTaken(budget, 'a')).toBe(false);
    now += 10_000;
    expect(spendAll(budget, 'a')).toBe(50);
  });

  test('is lower where the server has a limit, of each kind, in each minute', () => {
    now = 60_000 * 5;
    const budget = budgetOf({ console: 3 });
    expect([spendAll(budget, 'a'), spendAll(budget, 'b')]).toEqual([3, 3]);
    now += 59_999;
    expect(spendAll(budget, 'a')).toBe(0);
    now += 1;
    expect(spendAll(budget, 'a')).toBe(3);
    expect(budget.dropped()).toBe(4);
  });

  test('is not higher because the server allows more', () => {
    for (const limits of [{ console: 10_000 }, { network: 1 }, {}]) expect(spendAll(budgetOf(limits), 'a')).toBe(100);
  });
});

describe('limits of the server', () => {
  /** To a port that nobody listens on. */
  const post = async (): Promise<unknown> =>
    fetch('http://127.0.0.1:9/orders', {
      method: 'POST',
      body: 'hello',
      headers: { 'x-client': 'web', traceparent: '00-1-2-01' },
    }).catch(() => {});
  /** What is recorded of a request without an answer. */
  const recorded = async (limits: Limits | undefined, options: DevtoolsOptions) => {
    const { requests, flush } = watched(options, { limits: () => limits });
    await post();
    flush();
    return requests();
  };

  test('switch the console off and on while it is recorded, and nothing is counted as dropped', () => {
    let limits: Limits | undefined;
    const { written, flush } = watched({}, { limits: () => limits });
    console.error('before the server has answered');
    limits = { console: 0 };
    console.error('off');
    flush();
    limits = {};
    console.error('on');
    flush();
    expect(written()).toEqual([['before the server has answered'], ['on']]);
    expect(theirs.error).toHaveBeenCalledTimes(3);
  });

  test('lower the number of lines, and the recording says how many are missing', () => {
    const limits = { console: 2 };
    const { lines, flush } = watched({}, { limits: () => limits, now: () => 60_000 * 1_000 });
    for (let i = 0; i < 5; i++) console.error(i);
    console.warn('of another level');
    flush();
    expect(lines().map(({ payload }) => payload[0])).toEqual([
      '0',
      '1',
      '"of another level"',
      '"[crow] 3 lines not recorded"',
    ]);
  });

  test('switch requests off', async () => {
    const { network, flush } = watched({}, { limits: () => ({ network: 0 }) });
    await post();
    flush();
    expect(network()).toEqual([]);
  });

  test('withhold headers and bodies that the page names, and not the trace', async () => {
    const network = { headers: ['X-Client'], bodies: ['http://127.0.0.1:9'] };
    const [all] = await recorded(undefined, { network });
    expect(all.requestHeaders).toEqual({ 'x-client': 'web', traceparent: '00-1-2-01' });
    expect(all.requestBody).toBe('hello');
    const [fewer] = await recorded({ headers: false, bodies: false }, { network });
    expect(fewer.requestHeaders).toEqual({ traceparent: '00-1-2-01' });
    expect(fewer.requestBody).toBe(undefined);
  });

  test('give a page nothing that it does not ask for itself', async () => {
    const limits = { console: 10_000, network: 10_000, headers: true, bodies: true };
    const [request] = await recorded(limits, {});
    expect(request.requestHeaders).toEqual({ traceparent: '00-1-2-01' });
    expect(request.requestBody).toBe(undefined);
    const { lines, network, flush } = watched({ console: false, network: false }, { limits: () => limits });
    console.error('x');
    await post();
    flush();
    expect([lines(), network()]).toEqual([[], []]);
  });
});
