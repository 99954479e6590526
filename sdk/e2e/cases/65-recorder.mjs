// Single rules of the recorder, in a page without a tracker.
import assert from 'node:assert/strict';

async function recording({ site, browser }, options = {}) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(site.origin + '/fuzz.html');
  await page.evaluate((given) => {
    window.events = [];
    window.errors = [];
    window.skew = 0;
    const now = Date.now;
    window.clock = () => now();
    Date.now = () => clock() + skew;
    // No clean frame either, so that the recorder has to believe this clock.
    Object.defineProperty(HTMLIFrameElement.prototype, 'contentWindow', { get: () => null });
    const emit = (event) => events.push(JSON.parse(JSON.stringify(event)));
    window.recording = CROWReplay.record({ emit, onError: (error) => errors.push(error), ...given });
  }, options);
  return page;
}

export const cases = {
  async 'after five minutes without the person nothing is recorded, and a fresh snapshot when they are back'(world) {
    const page = await recording(world);
    await page.mouse.click(100, 100);
    const idle = await page.evaluate(async () => {
      skew = 301_000;
      events.length = 0;
      for (let i = 0; i < 20; i++) {
        document.body.append('tick ' + i);
        await null;
      }
      return events.length;
    });
    assert.equal(idle, 0);
    await page.mouse.click(100, 100);
    const types = await page.evaluate(() => events.map(({ type }) => type));
    assert.deepEqual(types.slice(0, 2), [4, 2]);
    const back = await page.evaluate(async () => {
      events.length = 0;
      document.body.append('tock');
      await null;
      return JSON.stringify(events);
    });
    assert.match(back, /tock/);
  },

  async 'an attribute that changes without end is slowed down, others are not'(world) {
    const page = await recording(world);
    const { storm, other } = await page.evaluate(async () => {
      const [busy, calm] = [document.querySelector('b'), document.querySelector('li')];
      // However long it takes, it is one moment.
      const at = Date.now();
      clock = () => at;
      for (let i = 0; i < 1000; i++) {
        busy.setAttribute('data-x', String(i));
        await null;
      }
      calm.setAttribute('data-x', 'calm');
      await null;
      const all = JSON.stringify(events);
      return { storm: all.match(/"data-x":"\d+"/g).length, other: all.includes('"calm"') };
    });
    assert.ok(storm >= 100 && storm < 130, String(storm));
    assert.ok(other);
  },

  async 'hidden things are hidden in snapshot, change and input'(world) {
    const page = await recording(world, { mask: '.mine', block: '.box', unmaskInputs: '[data-open]' });
    await page.evaluate(() => {
      const root = document.getElementById('root');
      root.innerHTML =
        '<p data-crow-mask title="SECRET-1">SECRET-2</p><p class="mine">SECRET-3</p><div class="box" data-a="SECRET-4"><i>SECRET-5</i></div>' +
        '<div class="rr-block">SECRET-6</div><input id="a" value="SECRET-7"><textarea id="b">SECRET-8</textarea><div contenteditable="true">SECRET-9</div>' +
        '<input id="c" type="hidden" value="SECRET-10"><input id="d" data-open value="OPEN"><p>4111 1111 1111 1111</p>' +
        '<script>"SECRET-11"</' +
        'script><a id="e" href="javascript:alert(1)" onclick="steal()">x</a><select id="f"><option value="1">one<option value="2" selected>two</select>';
    });
    await page.fill('#a', 'SECRET-12');
    await page.fill('#b', 'SECRET-13');
    await page.evaluate(() => {
      document.querySelector('[data-crow-mask]').firstChild.data = 'SECRET-14';
      document.querySelector('.box').append('SECRET-15');
      document.getElementById('c').value = 'SECRET-16';
      document.getElementById('a').setAttribute('value', 'SECRET-17');
      document.querySelector('[data-crow-mask]').setAttribute('title', 'SECRET-18');
      document.querySelector('[contenteditable]').firstChild.data = 'SECRET-19';
      recording.snapshot();
    });
    const { all, errors } = await page.evaluate(() => ({ all: JSON.stringify(events), errors: errors.map(String) }));
    assert.deepEqual(errors, []);
    for (const leak of [/SECRET-\d+/, /4111/, /javascript:/, /steal/]) assert.equal(all.match(leak)?.[0], undefined);
    assert.match(all, /OPEN/);
    assert.ok(!/"selected":true/.test(all), 'which option is chosen is hidden, too');
  },

  async 'a page that breaks the recorder is told of nothing, and neither are its own calls'(world) {
    const page = await recording(world);
    const thrown = [];
    page.on('pageerror', (error) => thrown.push(error));
    const result = await page.evaluate(async () => {
      const trap = document.createElement('input');
      Object.defineProperty(trap, 'type', {
        get: () => {
          throw new Error('trap');
        },
      });
      document.body.append(trap, 'beside it');
      await null;
      const sheet = new CSSStyleSheet();
      sheet.insertRule('.ok { top: 0 }');
      document.querySelector('b').attachShadow?.call(document.createElement('div'), { mode: 'closed' });
      return {
        errors: errors.length,
        rules: sheet.cssRules.length,
        isBesideThere: JSON.stringify(events).includes('beside it'),
      };
    });
    assert.deepEqual(thrown, []);
    assert.deepEqual(result, { errors: 1, rules: 1, isBesideThere: true });
  },

  async 'nothing is recorded after stop'(world) {
    const page = await recording(world);
    const count = await page.evaluate(async () => {
      recording.stop();
      events.length = 0;
      document.body.append('x');
      document.querySelector('style').sheet.insertRule('.z { top: 0 }');
      document.adoptedStyleSheets = [new CSSStyleSheet()];
      await null;
      return events.length;
    });
    await page.mouse.click(50, 50);
    assert.equal(count + (await page.evaluate(() => events.length)), 0);
  },

  async 'nodes that are gone are let go'(world) {
    const page = await recording(world);
    const session = await page.context().newCDPSession(page);
    const nodes = async () => {
      await session.send('HeapProfiler.collectGarbage');
      const { metrics } = await session.send('Performance.getMetrics');
      return metrics.find(({ name }) => name === 'Nodes').value;
    };
    await session.send('Performance.enable');
    const comeAndGo = (times) =>
      page.evaluate(async (count) => {
        for (let i = 0; i < count; i++) {
          const box = document.createElement('div');
          box.innerHTML = '<p>one</p><p>two</p><p>three</p>';
          document.body.append(box);
          await null;
          box.remove();
          await null;
          events.length = 0;
        }
      }, times);
    await comeAndGo(100);
    const before = await nodes();
    await comeAndGo(3_000);
    const after = await nodes();
    assert.ok(after - before < 500, `${before} nodes before, ${after} after 21,000 came and went`);
  },
};
