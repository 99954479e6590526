// What is shown of a page beyond its tree.
import assert from 'node:assert/strict';
import { until } from '../../../tools/e2e/wait.mjs';
import { sendSession } from '../lib/data.mjs';
import { replayFrame } from '../lib/visitor.mjs';

const node = (id, tagName, attributes = {}, ...childNodes) => ({ type: 2, id, tagName, attributes, childNodes });
const text = (id, textContent) => ({ type: 3, id, textContent });
const change = (data) => ({ type: 3, data });
const TEXT = 'Use @import "x" and url(y) in CSS';

function recording(at) {
  const body = node(
    5,
    'body',
    {},
    node(10, 'pre', {}, text(11, TEXT)),
    node(12, 'input', { id: 'field' }),
    node(14, 'canvas', { width: '120', height: '40' }),
    node(15, 'div', { style: 'height: 900px' }),
    node(16, 'dialog', { open: '', rr_open_mode: 'modal', id: 'dialog' }, node(17, 'button', {}, text(18, 'OK'))),
    node(19, 'div', { popover: 'auto', rr_open_mode: 'popover', id: 'popover' }, text(20, 'over')),
    {
      ...node(21, 'section', { id: 'host' }, { ...node(22, 'b', {}, text(23, 'in')), isShadow: true }),
      isShadowHost: true,
    },
    node(
      24,
      'form',
      { id: 'form' },
      node(25, 'input', { name: 'firstChild' }),
      node(26, 'input', { name: 'appendChild' }),
      node(27, 'input', { id: 'nodeType' }),
      node(28, 'img', { name: 'documentElement' }),
    ),
    node(29, 'input', { id: 'box', type: 'checkbox', rr_indeterminate: true }),
    node(30, 'input', { id: 'late', type: 'checkbox' }),
    node(31, 'math', {}, node(32, 'mi', {}, text(33, 'x'))),
  );
  const style = node(
    6,
    'style',
    {},
    text(7, 'html{scroll-behavior:smooth} #field:focus{color:rgb(1, 2, 3)} pre{background:ur'),
    text(8, 'l(/admin/acme/keys);color:rgb(4, 5, 6)}'),
  );
  const page = {
    type: 0,
    id: 1,
    childNodes: [
      { type: 1, id: 2, name: 'html', publicId: '', systemId: '' },
      node(3, 'html', {}, node(4, 'head', {}, style), body),
    ],
  };
  const events = [
    { type: 4, data: { href: 'https://shop.example/scene', width: 800, height: 600 } },
    { type: 2, data: { node: page, initialOffset: { top: 0, left: 0 } } },
    change({ source: 2, type: 5, id: 12 }),
    change({
      source: 0,
      texts: [{ id: 8, value: 'l(/x);color:rgb(7, 8, 9)}' }],
      removes: [],
      adds: [],
      attributes: [],
    }),
    change({ source: 2, type: 1, id: 10, x: 5, y: 5 }),
    change({
      source: 15,
      id: 21,
      styleIds: [1, 2],
      styles: [
        { styleId: 1, rules: [] },
        { styleId: 2, media: 'print', rules: [{ rule: 'b{color:red !important}', index: 0 }] },
      ],
    }),
    change({ source: 8, styleId: 1, replaceSync: 'b{color:rgb(8, 9, 10)}' }),
    change({ source: 1, positions: [{ x: 5, y: 5, id: 10, timeOffset: 0 }] }),
    change({
      source: 0,
      texts: [],
      removes: [],
      adds: [],
      attributes: [
        { id: 15, attributes: { title: 'x' } },
        { id: 30, attributes: { rr_indeterminate: true } },
      ],
    }),
    change({
      source: 0,
      texts: [],
      removes: [],
      attributes: [],
      adds: [
        { parentId: 24, nextId: null, node: node(34, 'i') },
        { parentId: 34, nextId: null, node: text(35, 'added') },
      ],
    }),
  ];
  return events.map((event, index) => ({ ...event, timestamp: at + index * 100 }));
}

export const cases = {
  async 'the top layer, the focus, canvases and sheets in parts look as they did'({ crow, open }) {
    const startedAt = Date.now() - 600_000;
    await sendSession(crow, {
      id: 'scene',
      startedAt,
      user: 'scene',
      replay: recording(startedAt),
      events: [[0, 'pageview', { page: '/scene' }]],
    });
    const { id } = await until(async () =>
      (await crow.sessions('&userId=scene')).find(({ counts }) => counts.replayEvents >= 9),
    );
    const { page, context } = await open('#/setup');
    const asked = [];
    context.on('request', (request) => asked.push(request.url()));
    await page.goto(`${crow.page}/#/sessions/${id}`);
    const frame = await replayFrame(page);
    await frame.waitForSelector('#dialog', { state: 'attached' });
    const seen = () =>
      frame.evaluate(() => {
        const of = (selector) => document.querySelector(selector);
        return {
          text: of('pre').textContent,
          colour: getComputedStyle(of('pre')).color,
          isModal: of('#dialog').matches(':modal'),
          top: of('#dialog').getBoundingClientRect().top,
          isOver: of('#popover').matches(':popover-open'),
          focus: getComputedStyle(of('#field')).color,
          canvas: [of('canvas').getBoundingClientRect().width, of('canvas').getBoundingClientRect().height],
          smooth: of('style + style, style').textContent.length > 0,
          adopted: getComputedStyle(of('#host').shadowRoot.querySelector('b')).color,
          isPreHovered: of('pre').matches('[data-crow-state-hover]'),
          isDialogHovered: of('#dialog').matches('[data-crow-state-hover]'),
          between: [of('#box').indeterminate, of('#late').indeterminate],
          math: of('mi').namespaceURI.split('/').pop(),
          form: of('#form').lastElementChild.outerHTML,
        };
      });
    await until(
      async () => {
        const { colour, isModal, isOver, focus } = await seen();
        return colour === 'rgb(7, 8, 9)' && isModal && isOver && focus === 'rgb(1, 2, 3)';
      },
      async () => JSON.stringify(await seen()),
    );
    const shown = await seen();
    assert.equal(shown.text, TEXT);
    assert.ok(shown.top >= 0 && shown.top < 600, `the dialog is in the window: ${JSON.stringify(shown)}`);
    assert.deepEqual(shown.canvas, [120, 40]);
    await until(
      async () => (await seen()).adopted === 'rgb(8, 9, 10)',
      async () => `a sheet that changed after it was adopted: ${JSON.stringify(await seen())}`,
    );
    await until(
      async () => {
        const { isPreHovered, isDialogHovered } = await seen();
        return !isPreHovered && isDialogHovered;
      },
      async () => `the pointer is over what has opened there: ${JSON.stringify(await seen())}`,
    );
    await until(
      async () => /added/.test((await seen()).form),
      async () => `in a form whose fields are called like its properties: ${JSON.stringify(await seen())}`,
    );
    assert.deepEqual((await seen()).between, [true, true]);
    assert.equal((await seen()).math, 'MathML');
    assert.ok(!(await page.evaluate(() => document.activeElement?.tagName === 'IFRAME')), 'the app keeps the keyboard');
    assert.deepEqual(
      asked.filter((url) => /\/admin\/acme\/keys|\/x$/.test(url)),
      [],
    );
  },
};
