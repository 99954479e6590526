// Sessions whose numbers are worked out by hand.
import { readFileSync } from 'node:fs';
import { until } from '../../../tools/e2e/wait.mjs';

const DEMO = new URL('../../../tests/data/rrweb-demo-session.json', import.meta.url);
const DESKTOP =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';
const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1';
const SHOP = 'https://shop.example';

/** A real recording of 81 s, as if it had begun then, on this page of the shop. */
export function demoRecording(startedAt, page = '/lamps') {
  const events = JSON.parse(readFileSync(DEMO, 'utf8'));
  const first = events[0].timestamp;
  return events.map(({ type, data, timestamp }) => ({
    type,
    data: data.href ? { ...data, href: SHOP + page } : data,
    timestamp: timestamp - first + startedAt,
  }));
}

let batches = 0;

/** A page with one heading, as rrweb records it: its address, then its full picture. */
export function pictureOf(url, heading, timestamp) {
  const node = (id, tagName, ...childNodes) => ({ type: 2, id, tagName, attributes: {}, childNodes });
  const page = {
    type: 0,
    id: 1,
    childNodes: [
      { type: 1, id: 2, name: 'html', publicId: '', systemId: '' },
      node(3, 'html', node(4, 'head'), node(5, 'body', node(6, 'h1', { type: 3, id: 7, textContent: heading }))),
    ],
  };
  return [
    { type: 4, timestamp, data: { href: url, width: 1280, height: 720 } },
    { type: 2, timestamp: timestamp + 10, data: { node: page, initialOffset: { left: 0, top: 0 } } },
  ];
}

/** Sends a session; events are `[seconds after its start, type, more]`. */
export async function sendSession(
  crow,
  {
    id,
    startedAt,
    user,
    visitor,
    traits,
    isPhone = false,
    events,
    replay,
    referrer = 'https://elsewhere.example/',
    page,
    isOver = true,
  },
) {
  const viewport = isPhone ? [390, 844] : [1280, 720];
  const headers = { 'User-Agent': isPhone ? PHONE : DESKTOP };
  const written = events.map(([after, type, { page = '/', name, ...data } = {}], index) => ({
    id: `${id}-${index}`,
    type,
    ...(name && { name }),
    timestamp: startedAt + after * 1000,
    url: SHOP + page,
    data: { ...(type === 'pageview' && { viewport, title: page }), ...data },
  }));
  await crow.post(
    '/batch',
    {
      sessionId: id,
      windowId: 'w1',
      seq: 0,
      batchId: `b${batches++}`,
      sentAt: Date.now(),
      sdk: { name: 'crow-js', version: '0.1.0', platform: 'web' },
      context: {
        url: `${SHOP}/`,
        referrer,
        viewport,
        screen: [1920, 1080],
        locale: 'en',
        timezone: 'Europe/Berlin',
        ...(user && { userId: user }),
        ...(visitor && { visitorId: visitor }),
        ...(traits && { traits }),
      },
      events: written,
      ...(replay && { replay }),
      ...(page && { page }),
    },
    headers,
  );
  if (isOver) await crow.post('/session/end', { sessionId: id }, headers);
}

/** An hour in which something happens each second: 3,600 changes and 7,200 moves of the mouse, 6 full snapshots. */
export async function sendHour(crow, startedAt, id = 'hour') {
  const node = (id, tagName, ...childNodes) => ({ type: 2, id, tagName, attributes: {}, childNodes });
  const pageAt = (second) => ({
    node: {
      type: 0,
      id: 1,
      childNodes: [
        { type: 1, id: 2, name: 'html', publicId: '', systemId: '' },
        node(
          3,
          'html',
          node(4, 'head'),
          node(5, 'body', node(6, 'h1', { type: 3, id: 7, textContent: `tick ${second}` })),
        ),
      ],
    },
    initialOffset: { left: 0, top: 0 },
  });
  for (let minute = 0, seq = 0; minute < 60; minute += 5, seq++) {
    const replay = [];
    for (let second = minute * 60; second < (minute + 5) * 60; second++) {
      const timestamp = startedAt + second * 1000;
      if (second % 600 === 0)
        replay.push(
          { type: 4, timestamp, data: { href: `${SHOP}/hour`, width: 1280, height: 720 } },
          { type: 2, timestamp, data: pageAt(second) },
        );
      replay.push({
        type: 3,
        timestamp: timestamp + 1,
        data: { source: 0, adds: [], removes: [], attributes: [], texts: [{ id: 7, value: `tick ${second}` }] },
      });
      for (const half of [200, 700])
        replay.push({
          type: 3,
          timestamp: timestamp + half,
          data: { source: 1, positions: [{ x: second % 1200, y: 300, id: 5, timeOffset: 0 }] },
        });
    }
    await crow.post('/batch', {
      sessionId: id,
      windowId: 'w1',
      seq,
      sentAt: Date.now(),
      context: { url: `${SHOP}/hour`, userId: id, referrer: 'https://other.example/' },
      events: minute ? [] : [{ id: `${id}-0`, type: 'pageview', timestamp: startedAt, url: `${SHOP}/hour`, data: {} }],
      replay,
    });
  }
  await crow.post('/session/end', { sessionId: id });
}

/** Where the sessions of the analyses come from, and no others: by it they are told apart. */
const FOUND_BY = 'https://search.example/';
const ORIGIN = Date.now() - 2 * 3600_000;

/** The session that has a recording. */
export const DEMO_SESSION = {
  id: 'demo',
  startedAt: ORIGIN,
  user: 'ada',
  referrer: FOUND_BY,
  replay: demoRecording(ORIGIN),
  events: [
    [0, 'pageview', { page: '/lamps' }],
    [5, 'click', { page: '/lamps', x: 640, y: 305, text: 'Look closer' }],
    [20, 'error', { page: '/lamps', name: undefined, message: 'price is undefined' }],
    [40, 'custom', { page: '/lamps', name: 'searched', words: 'oak' }],
    [80, 'click', { page: '/lamps', x: 640, y: 305, text: 'Count' }],
  ],
};

const step = (page, after) => [after, 'pageview', { page }];
const add = (after) => [after, 'click', { page: '/product', text: 'Add to cart', x: 320, y: 505 }];
const bought = (after) => [after, 'custom', { page: '/cart', name: 'bought', amount: 10 }];

/**
 * Six on a computer, four on a phone. The funnel “/product, click there, bought”:
 * 8 look at a product (d1–d5, p1–p3), 5 click (d1–d4, p1), 3 buy (d1, d2, p1).
 * d6 buys without a look at a product, p4 looks at the start page only.
 */
export const FUNNEL_SESSIONS = [
  [
    'd1',
    [
      step('/', 0),
      step('/product', 5),
      add(10),
      step('/cart', 15),
      bought(20),
      [21, 'performance', { page: '/cart', ttfb: 120, fcp: 900, lcp: 1500, cls: 0.02, inp: 90, load: 2300 }],
    ],
  ],
  ['d2', [step('/product', 0), add(6), step('/cart', 9), bought(30)]],
  ['d3', [step('/product', 0), add(7)]],
  ['d4', [step('/', 0), step('/product', 3), add(4), step('/cart', 8)]],
  ['d5', [step('/product', 0), step('/', 9)]],
  ['d6', [step('/cart', 0), bought(5)]],
  ['p1', [step('/product', 0), add(12), step('/cart', 20), bought(40)]],
  ['p2', [step('/product', 0)]],
  ['p3', [step('/', 0), step('/product', 2)]],
  // Left before anything but the first byte could be measured.
  ['p4', [step('/', 0), [1, 'performance', { ttfb: 300 }]]],
].map(([id, events], index) => ({
  id,
  events,
  isPhone: id.startsWith('p'),
  user: `user-${id}`,
  referrer: FOUND_BY,
  startedAt: ORIGIN - (index + 1) * 60_000,
}));

export const FUNNEL = {
  steps: [
    { type: 'pageview', url: '/product' },
    { type: 'click', url: '/product' },
    { type: 'custom', name: 'bought' },
  ],
  sessions: [8, 5, 3],
  byDevice: { desktop: [5, 4, 2], mobile: [3, 1, 1] },
  dropped: [3, 2],
};

/** Clicks on /product with a computer: d1 to d4, all in one place; five sessions saw the page. */
export const HEAT = { page: '/product', clicks: 4, sessions: 5, x: 250, y: 505 };

export async function sendAll(crow) {
  await sendSession(crow, DEMO_SESSION);
  for (const session of FUNNEL_SESSIONS) await sendSession(crow, session);
  // Closed, so that nothing of them changes under a test.
  await until(async () => (await crow.sessions('&live=false')).length >= 1 + FUNNEL_SESSIONS.length);
}
