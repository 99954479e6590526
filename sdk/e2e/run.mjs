// End-to-end tests: a real browser, the real server, a recording proxy between them.
// `node e2e/run.mjs [name of a case or a part of it]`; needs `npm run build`, CROW_BIN and CROW_NATS_SERVER. In another browser than
// Chromium (`CROW_BROWSER=firefox` or `webkit`) it runs the cases that are made for every browser, unless a name is given.
import * as playwright from 'playwright-core';
import { launch } from '../../tools/e2e/browser.mjs';
import { runCases } from '../../tools/e2e/suite.mjs';
import { DEADLINE_MS } from '../../tools/e2e/wait.mjs';
import { startCrow } from './lib/crow.mjs';
import { startProxy } from './lib/proxy.mjs';
import { startSite } from './lib/site.mjs';

process.chdir(new URL('..', import.meta.url).pathname);
const [crow, site, browser] = await Promise.all([
  startCrow(),
  startSite(),
  // Playwright switches the back/forward cache off, and then no test of it meets one.
  launch(playwright, { without: ['--disable-back-forward-cache'] }),
]);
const proxies = [];
const world = { crow, site, browser, newContext };
const isPassed = await runCases({ suite: 'sdk', folder: new URL('cases/', import.meta.url), world, before: begin });
await browser.close();
await site.stop();
for (const proxy of proxies) await proxy.stop();
await crow.stop();
process.exit(isPassed ? 0 : 1);

/** What pages of an earlier case still send goes to the proxy of that case. */
async function begin() {
  world.proxy = await startProxy(crow.ingest);
  proxies.push(world.proxy);
  site.begin();
}

/** A browser profile of its own, whose pages start a tracker with these options. */
async function newContext(options = {}, more = {}) {
  const context = await browser.newContext(more.context ?? {});
  context.setDefaultTimeout?.(DEADLINE_MS);
  const settings = { run: site.run, options: { apiKey: crow.write, endpoint: world.proxy.origin, ...options } };
  const init = `${more.before ?? ''};window.__settings = ${JSON.stringify(settings)};`;
  site.setInit(browser.hasInitScripts === false ? init : '');
  if (browser.hasInitScripts !== false) await context.addInitScript(init);
  return context;
}
