// The main path in every browser: a person shops, and another one finds the session, and sees its replay.
import assert from 'node:assert/strict';
import { browserName } from '../../../tools/e2e/browser.mjs';
import { until } from '../../../tools/e2e/wait.mjs';

/** Waits in the page until a function of it gives something true, and gives that. */
const seen = (page, run, argument) =>
  until(
    () => page.evaluate(run, argument).catch(() => undefined),
    () => `${browserName}: ${run}`,
  );

/** Buys a lamp in the shop, and leaves. */
async function shop(page, origin, user) {
  await page.goto(`${origin}/product`);
  await seen(page, () => !!window.crow?.flush);
  await page.evaluate((name) => crow.identify(name), user);
  // The recorder loads by itself; what is done after its first picture is in the replay.
  await seen(page, () => !!window.CROWReplay);
  await page.evaluate(() => document.getElementById('add').click());
  await seen(page, () => document.getElementById('count').textContent === '1');
  await page.evaluate(() => history.pushState(null, '', '/cart'));
  await page.evaluate(() => dispatchEvent(new PopStateEvent('popstate')));
  await page.evaluate(() => document.getElementById('buy').click());
  await page.evaluate(() => crow.flush());
}

async function signIn(page, crow) {
  await page.goto(`${crow.page}/#/sessions`);
  await seen(page, () => !!document.querySelector('form .segments'));
  await page.evaluate(() => document.querySelector('form .segments button:last-child').click());
  await seen(page, () => !!document.querySelector('input[name="key"]'));
  await page.evaluate((key) => {
    const field = document.querySelector('input[name="key"]');
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, key);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }, crow.keys.admin);
  await seen(page, () => !document.querySelector('form [type="submit"]').disabled);
  await page.evaluate(() => document.querySelector('form [type="submit"]').click());
  await seen(page, () => !!document.querySelector('.shell'));
}

/** The document that the replay shows. */
const inReplay = (page, run) =>
  page.evaluate(
    `(${function (ask) {
      const player = document.querySelector('iframe[title="Replay"]')?.contentDocument;
      const inner = player?.querySelector('.replayer-wrapper:not([hidden]) iframe')?.contentDocument;
      return inner && ask(inner);
    }})(${run})`,
  );

const press = (page, key) =>
  page.evaluate((name) => {
    const slider = document.querySelector('[role="slider"][aria-label="Position"]');
    slider.focus();
    slider.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }));
  }, key);

export const cases = {
  async 'a session is recorded, found, and seen again'({ crow, site, browser }) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    // A second try finds its own session.
    const user = `shopper of ${browserName}, ${Date.now()}`;
    await shop(page, site.origin, user);
    const [{ id }] = await until(async () => {
      const found = await crow.sessions(`&userId=${encodeURIComponent(user)}`);
      return found[0]?.counts.replayEvents > 0 && found[0].counts.pageviews > 1 && found;
    });
    const isLive = async () => (await crow.get(`/sessions/acme/${id}`)).live;
    assert.equal(await isLive(), true, 'the page of the shop is open');
    await signIn(page, crow);
    await until(
      async () => !(await isLive()),
      () => 'live, though its page is gone',
    );
    await page.evaluate((name) => void (location.hash = `#/sessions?userId=${encodeURIComponent(name)}`), user);
    await seen(
      page,
      (session) =>
        document.querySelector(`[data-session="${session}"]`)?.click() ??
        !!document.querySelector('iframe[title="Replay"]'),
      id,
    );
    await until(() => inReplay(page, (shown) => !!shown.querySelector('header .name')).catch(() => false));
    assert.match(await inReplay(page, (shown) => shown.querySelector('header').textContent), /Lumen & Oak/);
    // The sheet of the shop is there: it makes the header a row.
    assert.equal(
      await inReplay(page, (shown) => shown.defaultView.getComputedStyle(shown.querySelector('header')).display),
      'flex',
    );
    await press(page, 'End');
    await until(() => inReplay(page, (shown) => /Thank you!/.test(shown.body.textContent)).catch(() => false));
    await press(page, 'Home');
    await until(() =>
      inReplay(page, (shown) => /Add to cart|In your cart/.test(shown.body.textContent)).catch(() => false),
    );
    await seen(page, () => [...document.querySelectorAll('.event')].some((one) => one.textContent.includes('bought')));
    await context.close();
  },
};
