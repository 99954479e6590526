import assert from 'node:assert/strict';
import { until } from '../../../tools/e2e/wait.mjs';

const vitalsOracle = 'web-vitals/dist/web-vitals.iife.js';

export const cases = {
  async 'the path of a person yields the expected events'({ crow, proxy, site, newContext }) {
    const context = await newContext();
    const page = await context.newPage();
    const isCreated = (type) =>
      page.waitForFunction((wanted) => __created.some((event) => event.type === wanted), type);
    await page.goto(site.origin + '/?utm_source=mail');
    // What is painted after the first input does not count any more.
    await page.evaluate(
      () =>
        new Promise((done) =>
          new PerformanceObserver(() => done()).observe({ type: 'largest-contentful-paint', buffered: true }),
        ),
    );
    await page.click('#add');
    await page.click('#dead');
    await isCreated('dead_click');
    await page.click('#throw');
    await page.click('#masked');
    await page.click('#ignored');
    await page.click('#dead', { clickCount: 4, delay: 20 });
    await page.click('#pay');
    await page.fill('[name=email]', 'ada@example.com');
    await page.fill('[name=password]', 'hunter2-secret');
    await page.fill('[name=cardnumber]', '4111111111111111');
    await page.fill('[name=note]', 'private note text');
    await page.click('#pay');
    await page.mouse.wheel(0, 1500);
    await page.waitForFunction(() => __created.some(({ type, data }) => type === 'scroll' && data.depth >= 50));
    await page.evaluate(() => {
      crow.identify('ada', { plan: 'pro' });
      crow.group('company', 'acme', { seats: 3 });
      crow.register({ experiment: 'b' });
      crow.track('purchase_completed', { productId: '12345', amount: 99.99, currency: 'USD' });
      crow.product({ id: 'p-9', name: 'Mouse' });
    });
    await page.evaluate(() => scrollTo(0, 0));
    await page.click('#to-laptop');
    await page.waitForFunction(() => __created.filter(({ type }) => type === 'pageview').length > 1);
    const [sessionId, ids] = await page.evaluate(() => [crow.getSessionId(), __created.map(({ id }) => id)]);
    await page.goto('about:blank');
    const events = await until(
      async () => {
        const all = await crow.events(sessionId);
        // The page's last event is on its way when the page has gone.
        const isWhole = all.length >= new Set([...ids, ...site.created]).size;
        return isWhole && all.some(({ type }) => type === 'performance') && all;
      },
      async () => `stored ${(await crow.events(sessionId)).length} of ${ids.length}; ${proxy.posts().length} posts`,
    );

    const of = (type) => events.filter((event) => event.type === type);
    const [first, second] = of('pageview');
    assert.match(first.url, /utm_source=mail/);
    assert.equal(first.data.title, 'Shop');
    assert.equal(first.data.navigation, 'load');
    assert.match(second.url, /laptop-x1\?token=\*&ref=mail$/);
    assert.equal(second.data.title, 'Laptop X1');
    assert.equal(second.data.navigation, 'pushState');

    const add = of('click').find(({ data }) => data.id === 'add');
    assert.equal(add.data.element, 'button');
    assert.equal(add.data.text, 'Add to cart');
    assert.deepEqual(add.data.classes, ['buy', 'primary']);
    assert.equal(add.data.attributes['data-crow-label'], 'cart');
    assert.ok(add.data.x > 0 && add.data.y > 0);
    assert.equal(of('click').filter(({ data }) => data.rage).length, 2, 'third and fourth of four quick clicks');
    assert.ok(of('dead_click').every(({ data }) => data.id !== 'add'));
    assert.ok(of('dead_click').some(({ data }) => data.id === 'dead'));
    assert.equal(of('click').find(({ data }) => data.id === 'masked').data.text, undefined);
    assert.ok(!of('click').some(({ data }) => data.id === 'ignored'));

    const [error] = of('error');
    assert.equal(error.data.message, 'Uncaught TypeError: cannot buy *'.replace('Uncaught TypeError: ', ''));
    assert.equal(error.data.name, 'TypeError');
    assert.ok(error.data.stack.includes('onclick'));

    assert.equal(of('validation_error')[0].data.reason, 'valueMissing');
    assert.equal(of('validation_error')[0].data.attributes.name, 'email');
    assert.equal(of('submit').length, 1);
    assert.match(of('submit')[0].data.attributes.action, /secret=\*$/);
    const focused = of('focus').map(({ data }) => data.attributes.name);
    for (const name of ['email', 'password', 'cardnumber', 'note']) assert.ok(focused.includes(name), name);
    assert.ok(of('blur').every(({ data }) => data.duration >= 0 && data.form === 'checkout'));
    assert.ok(of('input').length >= 4);
    assert.ok(Math.max(...of('scroll').map(({ data }) => data.depth)) >= 50);

    const products = of('product_view');
    const shown = products.find(({ data }) => data.id === 'laptop-x1');
    assert.equal(shown.data.name, 'Laptop X1');
    assert.ok(shown.data.duration >= 1000 && shown.data.scrollDepth > 0);
    assert.ok(products.some(({ data }) => data.id === 'p-9' && data.duration > 0));

    const [purchase] = of('custom');
    assert.equal(purchase.name, 'purchase_completed');
    assert.deepEqual(purchase.data, {
      experiment: 'b',
      groups: { company: 'acme' },
      productId: '12345',
      amount: 99.99,
      currency: 'USD',
    });
    assert.equal(of('identify')[0].data.userId, 'ada');
    assert.equal(of('performance').length, 1);
    const { load, ttfb, timeToInteractive, lcp, cls } = of('performance')[0].data;
    for (const value of [load, ttfb, timeToInteractive, lcp, cls]) assert.ok(value >= 0);

    // Events are listed before they are stored, and the session says who it was when they are.
    await until(async () => (await crow.session(sessionId)).userId === 'ada');
    const stored = events.map(({ id, eventId }) => eventId ?? id);
    assert.equal(new Set(stored).size, stored.length, 'none twice');
    const sent = proxy
      .posts()
      .map(({ text }) => text)
      .join('\n');
    for (const secret of ['hunter2', '41111111', 'private note', 'ada@example', 'Lovelace', 's3cr3t', 'abc123']) {
      assert.ok(!sent.includes(secret), `${secret} has left the page`);
    }
  },

  async 'web vitals agree with the web-vitals library'({ crow, site, newContext }) {
    const context = await newContext();
    const page = await context.newPage();
    await page.goto(site.origin + '/');
    await page.addScriptTag({ url: '/modules/' + vitalsOracle });
    await page.evaluate(() => {
      window.__oracle = {};
      for (const name of ['LCP', 'CLS', 'INP', 'FCP', 'TTFB']) {
        webVitals['on' + name]((metric) => (__oracle[name.toLowerCase()] = metric.value), { reportAllChanges: true });
      }
      document.querySelector('#add').addEventListener('click', () => {
        const until = performance.now() + 120;
        while (performance.now() < until);
      });
      setTimeout(() => {
        const box = document.createElement('div');
        box.style.height = '300px';
        document.body.prepend(box);
      }, 50);
    });
    await page.waitForFunction(() => __oracle.cls > 0.01 && __oracle.lcp && __oracle.fcp);
    await page.click('#add');
    await page.waitForFunction(() => __oracle.inp >= 100);
    const { ours, oracle } = await page.evaluate(async () => {
      Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
      const measured = () => __created.find(({ type }) => type === 'performance');
      while (!measured()) await new Promise((done) => setTimeout(done, 50));
      return { ours: measured().data, oracle: __oracle };
    });
    assert.ok(oracle.cls > 0.01 && oracle.inp >= 100, JSON.stringify(oracle));
    for (const name of ['lcp', 'fcp', 'ttfb', 'inp']) {
      assert.ok(Math.abs(ours[name] - oracle[name]) <= 1, `${name}: ${ours[name]} and ${oracle[name]}`);
    }
    assert.ok(Math.abs(ours.cls - oracle.cls) < 0.001, `cls: ${ours.cls} and ${oracle.cls}`);
  },
};
