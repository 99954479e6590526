// A person's path through the demo shop, on the server that serves shop and SDK.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { until } from '../../../tools/e2e/wait.mjs';
import { assertSameTree, compared, rebuilt, storedReplay } from '../lib/replay.mjs';

const QUESTION = 'When will it arrive?';
const TYPED = {
  name: 'Grace Hopper',
  email: 'grace@example.org',
  street: 'Cobol Lane 1959',
  card: '5555 5555 5555 4444',
};
const PAGES = 6;

async function visit({ crow, browser }) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 } });
  await context.addInitScript({ content: readFileSync('e2e/site/dom.js', 'utf8') + ';window.writeDown = writeDown;' });
  const page = await context.newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  await page.goto(crow.shop + '/');
  return { context, page, problems };
}

/** The page as it is, and the moment: what changes later has a later time. */
function checkpoint(page) {
  return page.evaluate(async () => {
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const at = Date.now();
    const live = writeDown(document);
    while (Date.now() <= at);
    return { at, live };
  });
}

export const cases = {
  async 'a path through the demo shop: its events, and a replay that equals the page at checkpoints'(world) {
    const crow = world.crow.reader('demo');
    const { page, problems } = await visit(world);
    const checkpoints = {};
    const mark = async (name) => (checkpoints[name] = await checkpoint(page));

    await page.click('[data-choice=granted]');
    await page.waitForFunction(() => window.CROWReplay);
    await page.click('[data-kind=Kitchen]');
    await page.fill('#search', 'kettle');
    await page.selectOption('#order', 'cheap');
    await mark('catalogue');
    await page.click('a[href="/product/copper-kettle"]');
    await page.click('#add');
    await page.click('summary');
    await page.click('#chat .open');
    await page.fill('#chat input', QUESTION);
    await page.click('#chat form button');
    await page.locator('#chat li', { hasText: 'three days.' }).waitFor();
    await mark('product');
    await page.click('#chat .open');
    await page.click('.cart');
    await page.click('[data-change="1"]');
    await page.waitForSelector('output:text("2")');
    await page.click('text=Check out');
    await page.click('#checkout .primary');
    await mark('checkout');
    for (const field in TYPED) await page.fill(`[name=${field}]`, TYPED[field]);
    await page.selectOption('[name=country]', 'Norway');
    await page.click('#checkout .primary');
    await page.waitForSelector('.done');
    await mark('thanks');
    const id = await page.evaluate(() => window.crow.getSessionId());
    await page.click('nav a[href="/help"]');
    await page.waitForFunction(() => window.CROWReplay);
    await page.click('details:nth-of-type(2) summary');
    await mark('help');
    assert.equal(await page.evaluate(() => window.crow.getSessionId()), id, 'one session over both documents');
    await page.evaluate(() => {
      document.body.append('after all');
      return new Promise((done) => setTimeout(done)).then(window.crow.flush);
    });
    // The shop has no service for deliveries.
    assert.deepEqual(
      problems.filter((text) => !/status of 404/.test(text)),
      [],
    );

    const events = await until(
      async () => {
        const stored = await crow.events(id);
        return (
          stored.filter(({ type }) => type === 'pageview').length === PAGES &&
          stored.some(({ data }) => data?.text === 'May I send it back?') &&
          // What a page sends as it goes may come after what the next one sends.
          stored.some(({ type }) => type === 'performance') &&
          stored
        );
      },
      async () => `stored: ${(await crow.events(id)).map(({ type, name }) => name ?? type)}`,
    );
    checkEvents(events);
    // Events are listed before they are stored, and the session says who it was when they are.
    await until(async () => /^customer-C\d+$/.test((await crow.session(id)).userId));

    const replay = await storedReplay({ crow }, id, (all) => JSON.stringify(all).includes('after all'));
    for (const [name, { at, live }] of Object.entries(checkpoints)) {
      const { text, warnings } = await rebuilt(
        world,
        replay.filter(({ timestamp }) => timestamp <= at),
      );
      // What was typed into a hidden field stays hidden where that page repeats it; the next page cannot know it.
      const hidden = name === 'help' ? [TYPED.name] : [TYPED.name, QUESTION];
      const expected = hidden.reduce((text, typed) => text.replaceAll(typed, typed.replace(/\S/g, '*')), live);
      assertSameTree(compared(text), compared(expected, world.crow.shop), name);
      assert.deepEqual(warnings, [], name);
    }
    const stored = JSON.stringify([events, replay]);
    for (const secret of Object.values(TYPED)) assert.ok(!stored.includes(secret), `${secret} has left the page`);
  },

  async 'nothing leaves the demo shop without consent'({ crow, browser }) {
    const { page } = await visit({ crow, browser });
    const sent = [];
    page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()));
    await page.click('[data-choice=denied]');
    await page.click('a[href="/product/walnut-radio"]');
    await page.click('#add');
    await page.goto(crow.shop + '/help');
    await page.waitForSelector('#contact');
    assert.deepEqual(sent, []);
    assert.equal(await page.evaluate(() => typeof CROWReplay), 'undefined');
    assert.deepEqual(await page.evaluate(() => Object.keys({ ...localStorage, ...sessionStorage }).sort()), [
      'shop_cart',
      'shop_consent',
    ]);
  },

  async 'the live page shows each request and its answer'({ crow, browser }) {
    const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
    const page = await context.newPage();
    await page.goto(crow.shop + '/live');
    const shop = page.frameLocator('#shop');
    await shop.locator('[data-choice=granted]').click();
    await shop.locator('a[href="/product/enamel-mug"]').click();
    await shop.locator('#add').click();
    await page.locator('.request.good .chip.custom', { hasText: 'add_to_cart' }).waitFor();
    await page.locator('.request.good .chip.replay', { hasText: 'full snapshot' }).waitFor();
    await until(async () => Number(await page.textContent('#acknowledged')) > 3);
    assert.equal(await page.locator('.request.bad').count(), 0);
  },
};

function checkEvents(events) {
  const of = (type) => events.filter((event) => event.type === type);
  const titles = of('pageview').map(({ data }) => data.title);
  assert.deepEqual(titles, [
    'Corvid Supply',
    'Copper kettle',
    'Cart',
    'Check out',
    'Thank you',
    'Help · Corvid Supply',
  ]);
  const names = of('custom').map(({ name }) => name);
  assert.deepEqual(names, ['search', 'add_to_cart', 'chat_question', 'cart_changed', 'purchase_completed']);
  const purchase = of('custom').at(-1).data;
  assert.equal(purchase.amount, 178);
  assert.deepEqual(purchase.items, [{ productId: 'copper-kettle', quantity: 2 }]);
  const view = of('product_view').find(({ data }) => data.kind === 'Kitchen');
  assert.ok(view.data.id === 'copper-kettle' && view.data.duration > 0);
  const wrong = of('validation_error').map(({ data }) => data.attributes.name);
  // All in the same millisecond.
  assert.deepEqual(wrong.sort(), ['card', 'country', 'email', 'name', 'street']);
  assert.equal(of('submit').length, 2, 'a wrong form and a right one; that of the chat does not leave its shadow root');
  assert.equal(of('identify').length, 1);
  assert.ok(of('click').some(({ data }) => data.text === 'Add to cart' && data.element === 'button'));
  assert.ok(of('performance').length >= 1 && of('scroll').length >= 1);
}
