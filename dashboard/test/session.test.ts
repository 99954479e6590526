import { describe, expect, it } from 'vitest';
import { gatewayFor } from '../src/admin/gateway';
import { drawn, partialOf } from '../src/analytics/buckets';
import { changeOf } from '../src/analytics/change';
import { pictureOf } from '../src/analytics/picture';
import { periodOf } from '../src/analytics/retention';
import { noticeOf, type Situation } from '../src/session/cover';
import { labelOf, placeOf } from '../src/session/elements';
import { momentOf } from '../src/session/events';
import { isLive } from '../src/session/live';
import { mergeEvents } from '../src/session/merge';
import { readStored } from '../src/session/sources';
import { referrerOf } from '../src/sessions/referrer';
import { firstSigns, nameOf } from '../src/sessions/visitor';

const event = (timestamp: number, type = 'click', id = '', windowId = 'w') =>
  ({ id, type, name: null, url: null, windowId, timestamp, data: { id } }) as never;

describe('events of a session', () => {
  it('of one millisecond and type are all there, in the order of the server', () => {
    const stored = [event(5, 'submit', 'a'), event(5, 'validation_error', 'b'), event(5, 'validation_error', 'c')];
    const live = [
      event(5, 'submit'),
      event(5, 'validation_error'),
      event(5, 'validation_error'),
      event(5, 'validation_error'),
      event(6, 'click'),
    ];
    const merged = mergeEvents([stored, live, live]);
    expect(merged.map(({ event: { type, timestamp } }) => `${timestamp} ${type}`)).toEqual([
      '5 submit',
      '5 validation_error',
      '5 validation_error',
      '5 validation_error',
      '6 click',
    ]);
    expect(merged.slice(0, 3).map(({ event: { id } }) => id)).toEqual(['a', 'b', 'c']);
    expect(new Set(merged.map(({ key }) => key)).size).toBe(5);
  });

  it('keep their order when a second window was written later', () => {
    const merged = mergeEvents([
      [event(1, 'b', '1'), event(1, 'a', '2'), event(3, 'c', '3')],
      [event(2, 'click', '4', 'other'), event(3, 'c', '5', 'other')],
    ]);
    expect(merged.map(({ event: { id } }) => id)).toEqual(['1', '2', '4', '3', '5']);
  });

  it('are named by what a person would call the thing, and its place', () => {
    expect(labelOf({ element: 'svg', label: 'Add to cart', text: 'x' })).toBe('Add to cart');
    expect(labelOf({ element: 'svg' })).toBe('svg');
    expect(labelOf({ text: ' Buy \n now ' })).toBe('Buy now');
    expect(placeOf({ ancestors: ['li.item', 'ul', 'nav.top', 'body'] })).toBe('nav.top › ul › li.item');
    expect(placeOf({ ancestors: 'nav' })).toBe('');
    expect(placeOf({})).toBe('');
    expect(momentOf(event(1, 'validation_error')).kind).toBe('invalid');
    expect(momentOf(event(1, 'error')).kind).toBe('error');
  });
});

describe('live', () => {
  it('ends by itself when no news comes', () => {
    expect([99, 100].map((now) => isLive({ live: true, liveUntil: 100 }, now))).toEqual([true, false]);
    expect(isLive({ live: false, liveUntil: 100 }, 1)).toBe(false);
    expect(isLive({ live: true, liveUntil: null }, 1)).toBe(false);
  });

  const base: Situation = {
    phase: 'caughtUp',
    state: { isShown: true, isWaiting: true },
    isFollowing: false,
    isLive: false,
    hasReplay: true,
    removed: null,
    missing: 0,
  };
  it('“Loading…” is only said while something is on its way', () => {
    expect(noticeOf({ ...base, phase: 'loading' })).toMatchObject({ text: 'Loading…' });
    for (const phase of ['caughtUp', 'complete'] as const) {
      for (const isFollowing of [true, false])
        for (const live of [true, false])
          expect(JSON.stringify(noticeOf({ ...base, phase, isFollowing, isLive: live }))).not.toContain('Loading');
    }
    expect(noticeOf({ ...base, isLive: true })).toMatchObject({ text: 'Waiting for the visitor' });
    expect(noticeOf({ ...base, isFollowing: true })).toMatchObject({ text: 'The visitor closed the page' });
    expect(noticeOf({ ...base, isFollowing: true, isLive: true })).toEqual({ kind: 'none' });
  });

  it('says why there is no picture', () => {
    const without = { ...base, state: null };
    expect(noticeOf({ ...without, phase: 'loading' })).toEqual({ kind: 'loading' });
    expect(noticeOf({ ...without, hasReplay: false })).toMatchObject({ title: 'This session has no replay' });
    expect(noticeOf({ ...without, hasReplay: false, isLive: true })).toMatchObject({
      title: 'Nothing is recorded yet',
    });
    for (const [removed, title] of [
      ['recording', 'The recording was removed'],
      ['identity', 'This session was anonymized'],
    ] as const)
      expect(noticeOf({ ...without, hasReplay: false, removed })).toMatchObject({ title });
    expect(noticeOf({ ...without, missing: 2 })).toMatchObject({ text: expect.stringContaining('2 parts') });
    expect(noticeOf(without)).toMatchObject({ title: 'The recording cannot be shown' });
  });
});

describe('seeking', () => {
  it('asks for whole milliseconds', async () => {
    const asked: string[] = [];
    const before = globalThis.fetch;
    globalThis.fetch = async (url) => (asked.push(String(url)), new Response('{"k":"end","gaps":[]}\n'));
    await new Promise<void>((done) =>
      readStored(
        '/r',
        1795818412660.8518,
        { lines() {}, caughtUp() {}, ended() {}, failed: () => done(), end: () => done() },
        1795818412670.2,
      ),
    );
    globalThis.fetch = before;
    expect(asked).toEqual(['/r?from=1795818412660&to=1795818412670']);
  });
});

describe('where a visitor came from', () => {
  const of = (referrer: string | null, initialUrl: string | null = 'https://www.shop.example/a') =>
    referrerOf({ referrer, initialUrl });
  it('is never the site itself', () => {
    for (const own of [
      'https://shop.example/',
      'https://SHOP.example:443/x',
      'https://shop.example./',
      'http://www.shop.example:8080/',
    ])
      expect(of(own)).toBeNull();
    expect(of(null)).toBeNull();
    expect(of('https://search.example/')).toBe('https://search.example/');
    expect(of('android-app://com.example')).toBe('android-app://com.example');
    expect(of('https://search.example/', null)).toBe('https://search.example/');
  });
});

describe('names of visitors', () => {
  it('are never cut inside of a sign', () => {
    expect(firstSigns('👩‍👩‍👧 family', 2)).toBe('👩‍👩‍👧 ');
    expect(firstSigns('شادي', 2)).toBe('شا');
    expect(nameOf({ userId: null, sessionId: 'abc-😀😀😀😀😀😀' })).toBe('Visitor 😀😀😀😀😀😀');
  });
});

describe('numbers against the period before', () => {
  it('are a percentage, a factor, or new', () => {
    expect(changeOf(9_999, 1).text).toBe('▲ ×9,999');
    expect(changeOf(112, 100).text).toBe('▲ 12.0%');
    expect(changeOf(60, 100).text).toBe('▼ 40.0%');
    expect(changeOf(0, 100).text).toBe('▼ 100%');
    expect([changeOf(5, 0).text, changeOf(0, 0).text, changeOf(5, 5).text]).toEqual(['new', 'no change', 'no change']);
  });

  const hour = 3_600_000;
  const series = [0, 1, 2, 3, 4].map((index) => ({ t: index * hour }));
  it('a bucket that the range cuts does not read as a fall', () => {
    const partial = partialOf(series, hour / 2, 4.5 * hour, hour);
    expect(partial).toEqual({ first: true, last: true });
    expect(drawn([1, 10, 11, 12, 2], partial)).toEqual({
      whole: [null, 10, 11, 12, null],
      open: [null, null, null, 12, 2],
    });
    expect(partialOf(series, 0, 5 * hour, hour)).toEqual({ first: false, last: false });
    expect(drawn([1, 2], { first: true, last: true })).toEqual({ whole: [null, null], open: [1, 2] });
  });

  it('retention has periods that fit the range', () => {
    const day = 24 * hour;
    expect([periodOf(0, 7 * day), periodOf(0, 30 * day), periodOf(0, 365 * day)]).toEqual(['day', 'week', 'month']);
  });
});

describe('the picture under a heatmap', () => {
  const line = (k: string, t: number, d: unknown, w = 'w') => JSON.stringify({ w, k, t, d });
  const meta = (t: number, href: string, w?: string) => line('r', t, { type: 4, data: { href } }, w);
  const view = (t: number, url: string) => line('e', t, { type: 'pageview', url });
  const snapshot = (t: number, w?: string) => line('r', t, { type: 2, data: {} }, w);
  const at = 'https://shop.example';

  it('is of the page, once there is a snapshot', () => {
    expect(pictureOf([view(1000, `${at}/?a=1`), meta(1300, `${at}/`), snapshot(1310)].join('\n'), '/', 1000)).toBe(
      2810,
    );
    expect(pictureOf([meta(1000, `${at}/`), snapshot(1010), view(1500, `${at}/cart`)].join('\n'), '/', 1000)).toBe(
      1499,
    );
  });

  it('is none when the visitor left before the first snapshot', () => {
    expect(
      pictureOf(
        [view(1000, `${at}/`), view(1200, `${at}/checkout`), meta(1300, `${at}/checkout`), snapshot(1310)].join('\n'),
        '/',
        1000,
      ),
    ).toBeNull();
    expect(
      pictureOf([meta(1000, `${at}/`, 'a'), meta(1000, `${at}/cart`, 'b'), snapshot(1010, 'b')].join('\n'), '/', 1000),
    ).toBeNull();
    expect(pictureOf('nonsense\n{"type":2}\nnull', '/', 1000)).toBeNull();
  });

  it('of a page within a single-page app is of the right moment', () => {
    expect(
      pictureOf(
        [meta(0, `${at}/`), snapshot(10), view(1000, `${at}/product`), view(9000, `${at}/`)].join('\n'),
        '/product',
        1000,
      ),
    ).toBe(2500);
  });
});

describe('the gateway in the lines to install', () => {
  it('is what the server says, as this browser reaches it', () => {
    expect(gatewayFor('http://127.0.0.1:7170', 'box.lan')).toBe('http://box.lan:7170');
    expect(gatewayFor('http://0.0.0.0:7070', '10.0.0.5')).toBe('http://10.0.0.5:7070');
    expect(gatewayFor('https://collect.example.com', 'app.example.com')).toBe('https://collect.example.com');
    expect(gatewayFor('https://collect.example.com/crow', 'x')).toBe('https://collect.example.com/crow');
    expect(gatewayFor(null, 'x')).toBe('');
  });
});
