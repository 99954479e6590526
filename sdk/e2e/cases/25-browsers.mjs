// In every browser: what a page has created is stored, once, however the page goes, and its replay is what it was.
import assert from 'node:assert/strict';
import { browserName } from '../../../tools/e2e/browser.mjs';
import { until } from '../../../tools/e2e/wait.mjs';
import { sameInReplay } from '../lib/cases.mjs';

const rows = [];

/** A page of the shop, and what it says it has created. */
async function visit({ site, newContext }, options = {}) {
  const context = await newContext({ flushAfterMs: 60_000, flushAt: 1_000, ...options });
  const page = await context.newPage();
  await page.goto(site.origin + '/');
  await page.waitForFunction(() => window.crow && __created.length > 0);
  return { context, page };
}

const track = (page, name) =>
  page.evaluate((given) => {
    for (let i = 0; i < 3; i++) crow.track(given);
  }, name);

/** Waits until all that was created is stored; fails when something is missing or there twice. `page` is the one that is open. */
async function stored({ crow, proxy, site }, page, name, atLeast) {
  const created = () => new Set(site.created).size;
  const kept = async () => {
    // What a page of the case before has sent late is none of ours.
    const isOurs = ({ text }) => site.created.some((id) => text.includes(id));
    const sessions = new Set(
      proxy
        .posts()
        .filter(isOurs)
        .map(({ text }) => JSON.parse(text).sessionId),
    );
    const events = [];
    for (const id of sessions) events.push(...(await crow.events(id)));
    return events.map((event) => event.eventId ?? event.id);
  };
  const isAll = async () => {
    await page.evaluate(() => crow.flush());
    return created() >= atLeast && (await kept()).length >= created();
  };
  await until(isAll, async () => `${name}: created ${created()}, stored ${(await kept()).length}, at least ${atLeast}`);
  const ids = await kept();
  assert.equal(new Set(ids).size, ids.length, name + ': none twice');
  assert.equal(ids.length, created(), name + ': nothing from nowhere');
  rows.push([name, created(), ids.length]);
}

/** Waits for the page of that path, which the browser has gone to by itself. */
const arrived = (page, path) => page.waitForFunction((given) => location.pathname === given && !!window.crow, path);

const LEAVE = {
  link: () => void setTimeout(() => document.querySelector('#away').click()),
  assign: () => void setTimeout(() => location.assign('/other.html')),
  form: () =>
    void setTimeout(() => {
      const form = document.createElement('form');
      form.action = '/other.html';
      document.body.append(form);
      form.submit();
    }),
};

const left = Object.entries(LEAVE).map(([name, leave]) => [
  `a page left: ${name}`,
  async (world) => {
    const { page } = await visit(world);
    await track(page, name);
    await page.evaluate(leave);
    await arrived(page, '/other.html');
    await stored(world, page, name, 5);
  },
]);

/** A page with a bit of everything that a recording is made of. */
const PAGE = `
  <h1 class="t">Shop</h1>
  <input id="name" value="Ada"> <input id="secret" type="password" value="hidden"> <label><input id="yes" type="checkbox"> yes</label>
  <select id="size"><option>S</option><option>M</option></select> <textarea id="note">first</textarea>
  <div id="box" style="height: 60px; width: 100px; overflow: auto"><p style="height: 900px">tall</p></div>
  <div id="host"></div>
  <dialog id="dialog">Sure?</dialog>
  <svg width="20" height="20"><circle cx="10" cy="10" r="8"></circle></svg>`;

function useThePage() {
  const find = (id) => document.getElementById(id);
  document.querySelector('style').sheet.insertRule('.t { color: rgb(1, 2, 3) }');
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('#box { background-color: rgb(4, 5, 6) }');
  document.adoptedStyleSheets.push(sheet);
  const root = find('host').attachShadow({ mode: 'open' });
  root.innerHTML = '<style>p { color: rgb(7, 8, 9) }</style><p>in the <b>shadow</b></p>';
  find('name').value = 'Grace';
  find('yes').checked = true;
  find('size').value = 'M';
  find('note').value = 'second';
  find('box').scrollTop = 300;
  find('dialog').showModal();
  find('host').after(Object.assign(document.createElement('p'), { className: 't', textContent: 'added' }));
  document.body.append(document.querySelector('svg'));
}

const seen = (document) => {
  const find = (id) => document.getElementById(id);
  const color = (element, name = 'color') => element && getComputedStyle(element)[name];
  return [
    writeDown(document.body),
    color(document.querySelector('.t')),
    color(find('box'), 'backgroundColor'),
    color(find('host').shadowRoot?.querySelector('p')),
    find('box').scrollTop,
    find('dialog').matches(':modal'),
  ];
};

export const cases = {
  ...Object.fromEntries(left),

  async 'a replay is what the page was'(world) {
    const [text, ...styles] = await sameInReplay(world, {
      html: PAGE,
      before: '<style>.t { font-size: 20px }</style>',
      options: { unmaskInputs: '#name, #yes, #size, #note' },
      act: useThePage,
      ask: seen,
      // What was typed into a password field is in no recording.
      onlyLive: (live) => [live[0].replace('(hidden)', '(***)'), ...live.slice(1)],
    });
    assert.match(text, /"added"/);
    assert.deepEqual(styles, ['rgb(1, 2, 3)', 'rgb(4, 5, 6)', 'rgb(7, 8, 9)', 300, true]);
  },

  async 'a tab that is closed, and one that is loaded again'(world) {
    const { page, context } = await visit(world);
    const tab = await context.newPage();
    await tab.goto(world.site.origin + '/other.html');
    await arrived(tab, '/other.html');
    await track(tab, 'closed');
    await tab.close();
    await track(page, 'loaded again');
    await page.evaluate(() => void setTimeout(() => location.reload()));
    await page.waitForFunction(
      () => !!window.crow && !__created.some(({ name }) => name === 'loaded again') && __created.length > 0,
    );
    await stored(world, page, 'closed, loaded again', 9);
    const closed = () => world.proxy.posts().filter(({ text }) => JSON.parse(text).page === 'closed');
    // Firefox often ends the script of a tab that is closed at its first request there; then the silence of the tab tells the same a minute later.
    const wanted = browserName === 'firefox' ? 1 : 2;
    await until(
      () => closed().length >= wanted,
      () => `${closed().length} pages said that they go`,
    );
  },

  async 'there and back, from the back/forward cache'(world) {
    const { page } = await visit(world);
    await page.evaluate(() => (window.__same = true));
    await track(page, 'first');
    await page.evaluate(() => void setTimeout(() => location.assign('/other.html')));
    await arrived(page, '/other.html');
    await track(page, 'other');
    await page.evaluate(() => void setTimeout(() => history.back()));
    await arrived(page, '/');
    // The pageview of a page that is back comes one task later.
    await page.waitForFunction(() =>
      window.__same ? __created.filter(({ type }) => type === 'pageview').length > 1 : __created.length > 0,
    );
    assert.ok(await page.evaluate(() => !!window.__same), 'the browser kept the page');
    await track(page, 'back');
    await page.evaluate(() => crow.flush());
    await page.evaluate(() => void setTimeout(() => location.assign('/other.html')));
    await arrived(page, '/other.html');
    await stored(world, page, 'back/forward cache', 12);
  },
};

export function finish() {
  console.log(`\n${browserName.padEnd(28)} created stored`);
  for (const [name, created, kept] of rows)
    console.log(`${name.padEnd(28)} ${String(created).padStart(7)} ${String(kept).padStart(6)}`);
  console.log();
}
