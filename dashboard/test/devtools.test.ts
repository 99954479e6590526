import { describe, expect, it } from 'vitest';
import { burstsOf } from '../src/session/devtools/bursts';
import { crumbsOf, lastMoments } from '../src/issues/crumbs';
import { Collector } from '../src/session/devtools/collector';
import { nothingBeside, readLine, type Beside } from '../src/session/devtools/read';
import { longestOf, slowRows, worstOf } from '../src/session/devtools/slow';
import { withErrors } from '../src/session/devtools/use-beside';
import { momentOf } from '../src/session/events';

/** A line of a recording; the client's clock is 100 ms behind the server's. */
const line = (plugin: string, payload: unknown, t = 10_000) =>
  JSON.stringify({ w: 'w', k: 'r', t, d: { type: 6, data: { plugin, payload }, timestamp: t - 100 } });

function read(...lines: string[]): Beside {
  const found = nothingBeside();
  lines.forEach((one, index) => readLine(one, String(index), found));
  return found;
}

describe('what a page did beside what it showed', () => {
  it('reads lines of the console as rrweb writes them', () => {
    const payload = {
      level: 'assert',
      trace: ['buy (a.js:1:2)'],
      payload: ['"no stock\\n    at a.js"', '{"id":7}', 'no JSON'],
    };
    expect(read(line('rrweb/console@1', payload)).lines).toEqual([
      {
        id: '0',
        at: 10_000,
        level: 'error',
        text: 'Assertion failed: no stock {"id":7} no JSON',
        args: ['no stock\n    at a.js', { id: 7 }, 'no JSON'],
        trace: ['buy (a.js:1:2)'],
      },
    ]);
  });

  it('places requests by the corrected clock', () => {
    const request = { name: 'https://a.b/x', startTime: 1, endTime: 51, duration: 50, timestamp: 9_000, status: 404 };
    const [row] = read(line('rrweb/network@1', { requests: [{ ...request, initiatorType: 'fetch' }] })).requests;
    expect(row).toMatchObject({ at: 9_100, end: 9_150, kind: 'call', method: 'GET', status: 404, isFailed: true });
  });

  it.each([
    ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', '4bf92f3577b34da6a3ce929d0e0e4736'],
    ['<img>-4bf92f3577b34da6a3ce929d0e0e4736-1', ''],
    ['00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01', ''],
    [5, ''],
    [undefined, ''],
  ])('names the trace of a request with the header %s', (traceparent, traceId) => {
    const request = { name: 'https://a.b/x', duration: 5, requestHeaders: { traceparent } };
    expect(read(line('rrweb/network@1', { requests: [request] })).requests).toMatchObject([{ traceId }]);
  });

  it('takes requests of rrweb’s own plugin, which do not say when', () => {
    const request = { name: 'https://a.b/x.js', initiatorType: 'script', startTime: 20, endTime: 70, duration: 50 };
    const [row] = read(line('rrweb/network@1', { requests: [request] })).requests;
    expect(row).toMatchObject({ at: 9_950, end: 10_000, kind: 'file', status: null, isFailed: false });
  });

  it('says how many were dropped, and which tasks were long', () => {
    const { requests, longTasks, memory } = read(
      line('rrweb/network@1', { requests: [], dropped: 12 }),
      line('crow/performance@1', { longTasks: [{ timestamp: 9_000, duration: 120 }] }),
      line('crow/performance@1', { usedJSHeapSize: 5_000_000 }),
      line('crow/performance@1', { usedJSHeapSize: 4_000_000 }, 40_000),
      line('crow/performance@1', { usedJSHeapSize: 'much' }),
    );
    expect(requests).toMatchObject([{ kind: 'dropped', url: '12' }]);
    expect(longTasks).toEqual([{ at: 9_100, duration: 120 }]);
    expect(memory).toEqual([
      { at: 10_000, bytes: 5_000_000, window: 'w' },
      { at: 40_000, bytes: 4_000_000, window: 'w' },
    ]);
  });

  it.each([
    ['no JSON', '{"type":6'],
    ['null', 'null'],
    ['no event', JSON.stringify({ k: 'r', t: 1, d: null })],
    ['no payload', line('rrweb/console@1', null)],
    ['lists that are none', line('rrweb/network@1', { requests: { length: 1e9 } })],
    ['requests that are none', line('rrweb/network@1', { requests: [null, 1, 'x'] })],
    ['tasks that are none', line('crow/performance@1', { longTasks: [null, { timestamp: 'x', duration: -1 }] })],
    ['a time that is none', line('rrweb/console@1', { level: 'error', payload: [] }).replace('10000', '1e99')],
  ])('ignores %s', (_, one) => expect(read(one)).toEqual(nothingBeside()));

  it('keeps what is forged within bounds', () => {
    const huge = 'x'.repeat(100_000);
    const { lines, requests } = read(
      line('rrweb/console@1', { level: huge, trace: Array(5_000).fill('a'), payload: Array(5_000).fill('1') }),
      line('rrweb/network@1', { requests: [{ name: { a: 1 }, status: 'x', startTime: -1, endTime: NaN }] }),
    );
    expect(lines[0]).toMatchObject({ level: 'log' });
    expect(lines[0]!.trace).toHaveLength(1_000);
    expect(lines[0]!.text.length).toBeLessThanOrEqual(10_000);
    expect(requests[0]).toMatchObject({ url: '', status: null, at: 10_000, end: 10_000 });
  });
});

describe('readings that overlap', () => {
  const one = line('rrweb/console@1', { level: 'error', payload: ['"a"'] });
  const two = line('rrweb/console@1', { level: 'error', payload: ['"b"'] }, 9_000);

  it('show each line once, lines that are the same twice, and all in order', () => {
    const collector = new Collector();
    const first = collector.begin(9_500);
    first.lines(`${one}\n${one}\n`);
    const whole = collector.begin(null);
    whole.lines(`${two}\n{"k":"r","d":{"type":3}}\n${one}\n`);
    whole.lines(`${one}\n`);
    expect(collector.get().lines.map(({ text }) => text)).toEqual(['b', 'a', 'a']);
  });

  it('say whether everything was read', () => {
    const collector = new Collector();
    const part = collector.begin(9_500);
    part.end();
    expect([collector.isCovered, collector.isComplete]).toEqual([false, false]);
    const broken = collector.begin(null);
    expect([collector.isCovered, collector.isComplete]).toEqual([true, false]);
    broken.abort();
    expect([collector.isCovered, collector.isComplete]).toEqual([false, false]);
    const whole = collector.begin(null);
    whole.end();
    whole.abort();
    expect([collector.isCovered, collector.isComplete]).toEqual([true, true]);
  });
});

describe('bursts of requests', () => {
  const row = (id: string, at: number, end: number) => ({ id, at, end });

  it('end when nothing was asked for a second, counted from the last answer', () => {
    const bursts = burstsOf([row('a', 0, 5_000), row('b', 100, 200), row('c', 5_900, 6_000), row('d', 7_001, 7_002)]);
    expect([...bursts.values()].map(({ from, to }) => [from, to])).toEqual([
      [0, 6_000],
      [0, 6_000],
      [0, 6_000],
      [7_001, 7_002],
    ]);
  });
});

describe('errors that nobody caught', () => {
  const failed = (timestamp: number, message: string) =>
    momentOf({
      id: message,
      type: 'error',
      timestamp,
      data: { name: 'TypeError', message, stack: `TypeError: ${message}\n    at buy (a.js:1:2)` },
    } as never);

  it('are lines once, also those from before the console was recorded', () => {
    const { lines } = read(
      line('rrweb/console@1', { level: 'error', payload: ['"Uncaught"', '"TypeError: no stock"'] }),
    );
    const all = withErrors(lines, [failed(9_000, 'early'), failed(10_020, 'no stock')]);
    expect(all.map(({ text }) => text)).toEqual(['TypeError: early', 'Uncaught TypeError: no stock']);
    expect(all[0]!.trace).toEqual(['buy (a.js:1:2)']);
  });

  it.each([
    ['hidden', '*', 'buy@https://a.b/@shop/a.js:1:2'],
    ['hidden, in Chromium', '*', '    at buy (https://a.b/@shop/a.js:1:2)'],
    ['empty', '', '    at https://a.b/@shop/a.js:1:2'],
  ])('are lines once if their message is %s: places are the same', (_, message, frame) => {
    const { lines } = read(
      ...[1, 2].map((row) =>
        line('rrweb/console@1', {
          level: 'error',
          payload: ['"********"', '"TypeError: *"'],
          trace: [`buy (https://a.b/@shop/a.js:${row}:2)`],
        }),
      ),
    );
    const data = { name: 'TypeError', message, stack: `*\n${frame}\n    at c (a.js:1:2)` };
    const error = momentOf({ id: 'e', type: 'error', timestamp: 10_020, data } as never);
    expect(withErrors(lines, [error])).toHaveLength(2);
    expect(crumbsOf([error], { ...nothingBeside(), lines }, 10_020).map(({ id }) => id)).toHaveLength(2);
    expect(withErrors(lines.slice(1), [error])).toHaveLength(2);
  });

  it('are not taken for another line because their message says nothing, or is in a warning', () => {
    const { lines } = read(
      line('rrweb/console@1', { level: 'error', payload: ['"**** *****"'] }),
      line('rrweb/console@1', { level: 'warn', payload: ['"no stock"'] }),
    );
    const errors = ['', '*', 'no stock'].map((message) => failed(10_020, message));
    expect(withErrors(lines, errors)).toHaveLength(lines.length + 3);
    expect(crumbsOf(errors, { ...nothingBeside(), lines }, 10_020).filter(({ id }) => /^line/.test(id))).toHaveLength(
      2,
    );
  });
});

const happened = (timestamp: number, type: string, data: object = {}) =>
  ({ id: `${timestamp}`, type, name: null, url: 'https://a.b/cart', windowId: 'w', timestamp, data }) as never;

describe('what made a page slow', () => {
  const measured = (timestamp: number, data: object) => momentOf(happened(timestamp, 'performance', data));
  const tasks = [60, 420, 51, 70, 80, 90].map((duration, at) => ({ timestamp: at, duration }));
  const { longTasks, requests } = read(
    line('crow/performance@1', { longTasks: tasks }),
    line('rrweb/network@1', {
      requests: [
        { name: 'https://a.b/x.js', initiatorType: 'script', timestamp: 7_000, duration: 50 },
        { name: 'https://a.b/api', initiatorType: 'fetch', timestamp: 8_000, duration: 50 },
      ],
    }),
  );
  const rows = slowRows({ longTasks, requests }, [
    measured(5_000, { lcp: 2_000, cls: 0.3, load: Number.POSITIVE_INFINITY, constructor: 5 }),
    momentOf(happened(6_000, 'click')),
    measured(9_000, { lcp: 4_100, inp: -1, timeToInteractive: 900 }),
  ]);

  it('is in the order of time, and calls are left to the network', () => {
    expect(rows.map(({ at, kind }) => `${at} ${kind}`)).toEqual([
      ...longTasks.map(({ at }) => `${at} task`),
      '5000 vitals',
      '7100 loading',
      '9000 vitals',
    ]);
  });

  it('has the worst of each measurement, and the longest tasks first', () => {
    expect(worstOf(rows)).toEqual([
      ['LCP', 4_100],
      ['CLS', 0.3],
      ['timeToInteractive', 900],
    ]);
    expect(longestOf(rows).map(({ duration }) => duration)).toEqual([420, 90, 80, 70, 60]);
  });
});

describe('what happened before an error', () => {
  const AT = 100_000;
  async function* pages(...all: unknown[][]) {
    for (const events of all) yield { events } as never;
    throw new Error('asked for more than is needed');
  }

  it('is the last interactions, without what comes after it', async () => {
    const early = Array.from({ length: 30 }, (_, index) => happened(index, index % 2 ? 'click' : 'scroll'));
    const late = [happened(90_000, 'performance'), happened(AT, 'error', { message: 'no' }), happened(AT + 1, 'click')];
    const moments = await lastMoments(pages(early, [], late), AT);
    expect(moments.map(({ at }) => at)).toEqual([...Array.from({ length: 15 }, (_, index) => 2 * index + 1), AT]);
    const many = await lastMoments(
      pages(
        Array.from({ length: 50 }, (_, at) => happened(at, 'click')),
        late,
      ),
      AT,
    );
    expect(many.map(({ at }) => at)).toEqual([...Array.from({ length: 19 }, (_, index) => 31 + index), AT]);
  });

  it('has lines and calls of the last minute, and says the same error once', () => {
    const request = (timestamp: number, more: object) => ({ name: 'https://a.b/x?y', timestamp, duration: 5, ...more });
    const beside = read(
      line('rrweb/console@1', { level: 'warn', payload: ['"long ago"'] }, 39_999),
      line('rrweb/console@1', { level: 'warn', payload: ['"<b>slow</b>"'] }, 99_000),
      line('rrweb/console@1', { level: 'error', payload: ['"Uncaught no stock"'] }, 99_990),
      line('rrweb/network@1', {
        requests: [
          request(98_000, { initiatorType: 'fetch', status: 500 }),
          request(98_100, { initiatorType: 'img', status: 200 }),
          request(98_200, { initiatorType: 'img', status: 404 }),
          request(99_950, { initiatorType: 'fetch', status: 200 }),
        ],
        dropped: 3,
      }),
    );
    const long = { text: 'x'.repeat(1_000) };
    const moments = [happened(10, 'click', long), happened(AT, 'error', { message: 'no stock' })].map(momentOf);
    const crumbs = crumbsOf(moments, beside, AT);
    expect(crumbs.map(({ at, title, detail, isBad }) => [at, title, detail.slice(0, 20), isBad])).toEqual([
      [10, 'Click', 'x'.repeat(20), false],
      [98_100, 'GET /x?y', '500, 5 ms', true],
      [98_300, 'GET /x?y', '404, 5 ms', true],
      [99_000, 'Console: warn', '<b>slow</b>', false],
      [AT, 'Error', 'no stock', true],
    ]);
    expect(crumbs[0]!.detail).toHaveLength(300);
  });
});
