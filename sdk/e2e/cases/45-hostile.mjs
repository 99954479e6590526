// Pages that hide DOM properties, change built-ins, or load the SDK twice; and what people call a reaction.
import assert from 'node:assert/strict';
import { until } from '../../../tools/e2e/wait.mjs';
import { inParallel } from '../lib/cases.mjs';

let pages = 0;

/** A page of its own with a body and a script that runs before the SDK; gives the events that it creates. */
async function open({ site, newContext }, body, before = '') {
  const path = `/hostile-${pages++}.html`;
  site.pages[path] = `<!doctype html><title>Real title</title><script>${before}</script><script src="/boot.js"></script>
    ${before.includes('EARLY') ? body : ''}<script src="/sdk/crow.js"></script><script src="/start.js"></script>${body}`;
  const page = await (await newContext()).newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto(site.origin + path);
  await page.waitForFunction(() => window.crow);
  const events = (type) => page.evaluate((wanted) => __created.filter((event) => event.type === wanted), type);
  return { page, problems, events };
}

/** Waits until the server has stored an event of each type. */
async function isStored(world, page, ...types) {
  const id = await page.evaluate(() => crow.getSessionId());
  return until(
    async () => {
      await page.evaluate(() => crow.flush());
      const stored = await world.crow.events(id);
      return types.every((type) => stored.some((event) => (event.name || event.type) === type)) && stored;
    },
    async () =>
      JSON.stringify([await page.evaluate(() => __lost), (await world.crow.events(id)).map(({ type }) => type)]),
  );
}

const NAMES = [
  'title',
  'referrer',
  'body',
  'cookie',
  'location',
  'addEventListener',
  'querySelector',
  'querySelectorAll',
  'documentElement',
  'createElement',
  'currentScript',
  'getSelection',
];
const FIELDS = [
  'id',
  'attributes',
  'matches',
  'closest',
  'getAttribute',
  'getRootNode',
  'parentElement',
  'localName',
  'nodeType',
  'childNodes',
  'tagName',
  'classList',
  'form',
  'labels',
  'toJSON',
];

const LIBRARIES = {
  'Prototype.js 1.6': `Array.prototype.toJSON = function () { return '[' + this.join() + ']'; }; String.prototype.toJSON = Date.prototype.toJSON = Object.prototype.toJSON = function () { return '"' + this + '"'; };
    Object.keys = function (object) { var keys = []; for (var key in object) keys.push(key); return keys; }; Array.prototype.reduce = function () { return this[0]; };`,
  'Prototype.js 1.7 and MooTools': `Array.from = function (items) { return [].slice.call(items || []); }; window.Event = window.Hash = function () {};`,
  'a fetch that throws': `const original = window.fetch; window.fetch = function () { throw new Error('theirs'); };`,
  'a clock and screen of its own': `Date.now = () => new Date(); var screen = null; var performance = { now() {} }; window.innerWidth = 'wide';`,
  'nothing random, no beacon': `Math.random = () => 0.5; Object.defineProperty(crypto, 'randomUUID', { value: undefined });`,
};

const libraries = Object.entries(LIBRARIES).map(([name, before]) => [
  `built-ins: ${name}`,
  async (world) => {
    const { page, problems } = await open(world, '<button id=b onclick="this.textContent += 1">Go</button>', before);
    await page.click('#b');
    await page.evaluate(
      () => (crow.identify('ada\\n', { list: [1, 2] }), crow.track('step', { list: ['a', { b: 1 }] })),
    );
    const stored = await isStored(world, page, 'pageview', 'click', 'identify', 'step');
    assert.deepEqual(stored.find((event) => event.name === 'step').data, { list: ['a', { b: 1 }] });
    assert.deepEqual(problems, []);
  },
]);

const SHADOW = `<x-counter></x-counter><script>customElements.define('x-counter', class extends HTMLElement {
  constructor() { super(); this.attachShadow({ mode: 'open' }).innerHTML = '<button>More</button><output>0</output>';
    this.shadowRoot.querySelector('button').onclick = () => this.shadowRoot.querySelector('output').textContent++; } })</script>`;

/** Buttons that work: each click is answered. */
const WORKING = {
  'a shadow root': [SHADOW, 'x-counter button'],
  'the clipboard': ['<button onclick="navigator.clipboard.writeText(1).catch(() => {})">Copy</button>', 'button'],
  'a stepper of a field': [
    '<input type=number value=1><button onclick="document.querySelector(\'input\').stepUp()">+</button>',
    'button',
  ],
  'a stepper that takes its time': [
    '<b>0</b><button onclick="setTimeout(() => document.querySelector(\'b\').textContent++, 400)">+</button>',
    'button',
  ],
  'the focus': ['<input><button onclick="document.querySelector(\'input\').focus()">Search</button>', 'button'],
  'a canvas': [
    "<canvas></canvas><button onclick=\"document.querySelector('canvas').getContext('2d').fillRect(0, 0, 9, 9)\">Draw</button>",
    'button',
  ],
  'a download': ['<button onclick="window.URL.createObjectURL(new Blob([1]))">Save</button>', 'button'],
};

/** How long a page has to answer a click, and a bit more. */
const REACTION_MS = 1_100;

async function isAnswered(world, [name, [body, selector]]) {
  const { page, events } = await open(world, body);
  await page.click(selector);
  await page.waitForTimeout(REACTION_MS);
  await page.click(selector, { clickCount: 4, delay: 20 });
  await until(async () => (await events('click')).length === 5);
  await page.waitForTimeout(REACTION_MS);
  // A field that has the focus already shows nothing when it gets it again.
  const most = name === 'the focus' ? 1 : 0;
  assert.ok((await events('dead_click')).length <= most, `${name}: a dead click`);
  assert.ok(most || !(await events('click')).some(({ data }) => data.rage), `${name}: a rage click`);
}

export const cases = {
  ...Object.fromEntries(libraries),

  // They wait more than they compute.
  'clicks that are answered are neither dead nor of rage': (world) =>
    inParallel(Object.entries(WORKING), 4, (one) => isAnswered(world, one)),

  async 'documents and forms whose children are named like their properties'(world) {
    const body =
      NAMES.map((name) => `<form name="${name}"></form>`).join('') +
      `<img name=body>
      <form id=real onsubmit="return false"><label for=f>Your name</label><input id=f name=f>${FIELDS.map((name) => `<input type=hidden name="${name}">`).join('')}<button onclick="event.preventDefault(); this.textContent += 1">Go</button></form>`;
    const { page, problems, events } = await open(world, body, '/* EARLY */');
    // The driver would ask the form for its attributes.
    const press = async (selector) => {
      const [x, y] = await page.evaluate((given) => {
        const { left, top } = Document.prototype.querySelector.call(document, given).getBoundingClientRect();
        return [left + 5, top + 5];
      }, selector);
      await page.mouse.click(x, y);
    };
    await press('#f');
    await page.keyboard.type('abc');
    await press('#real button');
    await page.evaluate(() => {
      const form = document.getElementById('real');
      crow.track('with a form', { form });
      HTMLFormElement.prototype.requestSubmit.call(form);
    });
    const stored = await isStored(world, page, 'pageview', 'focus', 'input', 'blur', 'click', 'with a form');
    assert.deepEqual(problems, []);
    const [focus] = await events('focus');
    assert.equal(focus.data.form, 'real');
    assert.equal(focus.data.label, 'Your name');
    assert.equal(focus.data.ancestors[0], 'form#real');
    assert.equal(stored.find(({ type }) => type === 'pageview').data.title, 'Real title');
    assert.ok(
      !JSON.stringify(await page.evaluate(() => __created)).includes('abc'),
      'what was typed stays in the page',
    );
  },

  async 'the script twice is one tracker'(world) {
    const { page, events } = await open(
      world,
      '<button onclick="this.textContent += 1">Go</button><script src="/sdk/crow.js"></script><script src="/start.js"></script>',
    );
    await page.click('button');
    await until(async () => (await events('click')).length > 0);
    await page.waitForTimeout(300);
    assert.deepEqual([(await events('pageview')).length, (await events('click')).length], [1, 1]);
  },

  async 'clicks are named by what a person would name'(world) {
    const body = `<a href="#x" aria-label="Cart"><svg role=img width=20 height=20><rect width=20 height=20 /></svg></a>
      <span id=t>Close the chat</span><button aria-labelledby=t onclick="1">x</button><input type=submit value=Send onclick="event.preventDefault()">
      <div contenteditable=plaintext-only>secret words</div><div data-crow-mask><button>Balance 12</button></div>`;
    const { page, events } = await open(world, body);
    for (const selector of ['svg', 'button', '[type=submit]', '[contenteditable]', '[data-crow-mask] button'])
      await page.click(selector);
    await until(async () => (await events('click')).length === 5);
    const clicks = await events('click');
    assert.deepEqual(
      clicks.map(({ data }) => [data.element, data.label]),
      [
        ['a', 'Cart'],
        ['button', 'Close the chat'],
        ['input', 'Send'],
        ['div', undefined],
        ['button', undefined],
      ],
    );
    assert.ok(!JSON.stringify(clicks).includes('secret words'));
    assert.deepEqual(clicks[0].data.ancestors, ['body', 'html']);
  },

  async 'product views of an app of one page'(world) {
    const { page, events } = await open(world, '');
    await page.evaluate(async () => {
      history.pushState({}, '', '/p/1');
      crow.product({ id: 'p1', price: '9.50' });
      crow.product({ id: 'p1', price: '9.50' });
      await new Promise((done) => setTimeout(done, 700));
      history.pushState({}, '', '/p/2');
      crow.product({ id: 'p2', price: 5 });
      await new Promise((done) => setTimeout(done, 300));
      history.pushState({}, '', '/');
    });
    await until(async () => (await events('product_view')).length === 2);
    const [first, second] = (await events('product_view')).map(({ data }) => data);
    assert.deepEqual([first.id, first.price, second.id, second.price], ['p1', 9.5, 'p2', 5]);
    assert.ok(first.duration >= 600 && second.duration >= 200, `${first.duration} ${second.duration}`);
  },

  async 'errors: the harmless one is none, and each has one name'(world) {
    const { page, events } = await open(world, '');
    await page.evaluate(() => {
      dispatchEvent(
        new ErrorEvent('error', { message: 'ResizeObserver loop completed with undelivered notifications.' }),
      );
      dispatchEvent(new ErrorEvent('error', { message: 'uncaught exception: plain', error: 'plain' }));
      dispatchEvent(new ErrorEvent('error', { message: 'Uncaught plain', error: 'plain' }));
      dispatchEvent(new ErrorEvent('error', { message: 'Uncaught other' }));
    });
    assert.deepEqual(
      (await events('error')).map(({ data }) => data.message),
      ['plain', 'other'],
    );
  },
};
