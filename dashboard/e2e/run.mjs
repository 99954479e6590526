// End-to-end tests: a real browser, the real server with the built page in it.
// `node e2e/run.mjs [part of a case's name]`; needs `npm run build`, the SDK's build, CROW_BIN and CROW_NATS_SERVER. In another browser than
// Chromium (`CROW_BROWSER=firefox` or `webkit`) it runs the cases that are made for every browser, unless a name is given.
import * as playwright from 'playwright-core';
import { launch } from '../../tools/e2e/browser.mjs';
import { runCases } from '../../tools/e2e/suite.mjs';
import { startCrow } from './lib/crow.mjs';
import { sendAll } from './lib/data.mjs';
import { startSite } from './lib/site.mjs';
import { visitor } from './lib/visitor.mjs';

process.chdir(new URL('..', import.meta.url).pathname);
const [crow, browser] = await Promise.all([startCrow(), launch(playwright)]);
const site = await startSite(crow);
const world = { crow, site, browser, ...visitor(browser, crow) };
await sendAll(crow);
const isPassed = await runCases({
  suite: 'dashboard',
  folder: new URL('cases/', import.meta.url),
  world,
  failed: (number) => world.picture(`failed-${number}`),
});
await browser.close();
await site.stop();
await crow.stop();
process.exit(isPassed ? 0 : 1);
