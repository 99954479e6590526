// The script tag without code, and the stub that queues calls until the file is there.
import assert from 'node:assert/strict';
import { until } from '../../../tools/e2e/wait.mjs';

async function page({ browser, site, crow, proxy }, attributes) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.on('pageerror', (error) => console.log(error.stack));
  const tag = `<script src="${site.origin}/sdk/crow.js" data-key="${crow.write}" data-endpoint="${proxy.origin}" data-options='{"allowBots":true,"flushAfterMs":300}' ${attributes} defer></script>`;
  const stub = `<script>window.crow=window.crow||{q:[]};['track','identify','page','product','group','register','consent'].forEach(function(n){crow[n]=crow[n]||function(){crow.q.push([n].concat([].slice.call(arguments)))}})</script>`;
  site.pages['/tag.html'] =
    `<!doctype html><title>Tag</title>${stub}<script>crow.identify('ada');crow.track('early',{a:1})</script>${tag}<button id=b>Go</button>`;
  await page.goto(site.origin + '/tag.html');
  return page;
}

export const cases = {
  async 'a tag is enough, and calls before it are not lost'(world) {
    const at = await page(world, '');
    await at.click('#b');
    await until(() => world.proxy.posts().length > 0);
    const id = await at.evaluate(() => crow.getSessionId());
    const events = await until(async () => {
      const stored = await world.crow.events(id);
      return stored.some(({ type }) => type === 'click') && stored.some(({ name }) => name === 'early') && stored;
    });
    assert.ok(events.some(({ type }) => type === 'pageview'));
    assert.ok(events.some(({ type }) => type === 'identify'));
  },

  async 'data-replay loads the recorder beside it'(world) {
    const at = await page(world, `data-replay='{"maskAllText":true}'`);
    const id = await at.evaluate(() => crow.getSessionId());
    const snapshot = await until(async () => (await world.crow.replay(id))?.find(({ type }) => type === 2));
    assert.ok(JSON.stringify(snapshot).includes('"textContent":"**"'), 'with the options that it names');
  },

  async 'data-consent=pending waits'(world) {
    const at = await page(world, 'data-consent=pending');
    await at.waitForTimeout(700);
    assert.equal(world.proxy.requests.length, 0);
    await at.evaluate(() => crow.consent('granted'));
    await until(() => world.proxy.posts().some(({ text }) => text.includes('early')));
  },

  async 'the files of the gateway, demanded by hash from another origin'({ browser, site, crow }) {
    const { files } = await (await fetch(crow.ingest + '/sdk/manifest.json')).json();
    const { name, integrity } = files['crow.js'];
    const tag = (hash) =>
      `<script src="${crow.ingest}/sdk/${name}" integrity="${hash}" crossorigin="anonymous" data-key="${crow.write}" data-options='{"allowBots":true,"flushAfterMs":300}' data-replay defer></script>`;
    site.pages['/hash.html'] = `<!doctype html><title>Hash</title>${tag(integrity)}`;
    site.pages['/forged.html'] = `<!doctype html><title>Forged</title>${tag(integrity.replace(/.{6}$/, 'AAAAAA'))}`;
    const page = await (await browser.newContext()).newPage();
    await page.goto(site.origin + '/hash.html');
    await page.waitForFunction(() => window.CROWReplay);
    const id = await page.evaluate(() => crow.getSessionId());
    await until(async () => (await crow.replay(id))?.some(({ type }) => type === 2));
    await page.goto(site.origin + '/forged.html');
    assert.equal(await page.evaluate(() => typeof CROWTracker), 'undefined');
  },
};
