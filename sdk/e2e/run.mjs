// End-to-end tests: a real browser, the real server, a recording proxy between them.
// `node e2e/run.mjs [name of a case or a part of it]`; needs `npm run build`, CROW_BIN and CROW_NATS_SERVER. In another browser than
// Chromium (`CROW_BROWSER=firefox` or `webkit`) it runs the cases that are made for every browser, unless a name is given.
import { readdirSync } from 'node:fs';
import { browserName, launch } from './lib/browser.mjs';
import { DEADLINE_MS, startCrow } from './lib/crow.mjs';
import { startProxy } from './lib/proxy.mjs';
import { startSite } from './lib/site.mjs';

/** Suites run side by side, so each line says where it comes from. */
const WHERE = `sdk/${browserName}`;
process.chdir(new URL('..', import.meta.url).pathname);
const wanted = process.argv[2] ?? (browserName === 'chromium' ? '' : '25-browsers');
const crow = await startCrow();
const proxy = await startProxy(crow.origin);
const site = await startSite();
const browser = await launch();
const world = { crow, proxy, site, browser, newContext };
const failures = [];
let passed = 0;

for (const file of readdirSync('e2e/cases').sort()) {
  const before = passed + failures.length;
  const { cases, finish, isMeasurement } = await import(`./cases/${file}`);
  if (isMeasurement && !wanted) continue;
  for (const [name, run] of Object.entries(cases)) {
    if (!`${file} ${name}`.includes(wanted)) continue;
    if (await succeeds(file, name, run)) passed++;
    else failures.push(name);
  }
  if (passed + failures.length > before) finish?.();
}
await browser.close();
await site.stop();
await proxy.stop();
await crow.stop();
console.log(`${WHERE}: ${passed} passed, ${failures.length} failed`);
process.exit(failures.length || !passed ? 1 : 0);

/** A case that fails gets a second try: some go by the clock, and the machine may be busy. */
async function succeeds(file, name, run) {
  for (const isLast of [false, true]) {
    await silence();
    proxy.reset();
    site.begin();
    const startedAt = Date.now();
    try {
      await run(world);
      console.log(`ok    ${WHERE} ${file.replace('.mjs', '')}: ${name} (${Date.now() - startedAt} ms)`);
      return true;
    } catch (error) {
      console.log(`${isLast ? 'FAIL ' : 'AGAIN'} ${WHERE} ${file.replace('.mjs', '')}: ${name}\n${error.stack}`);
    } finally {
      for (const context of browser.contexts()) await context.close();
    }
  }
  return false;
}

/** What the pages of the last case sent as they closed may still be on its way. */
async function silence() {
  let heard;
  do {
    heard = proxy.requests.length + site.created.length;
    await new Promise((done) => setTimeout(done, 200));
  } while (proxy.requests.length + site.created.length > heard);
}

/** A browser profile of its own, whose pages start a tracker with these options. */
async function newContext(options = {}, more = {}) {
  const context = await browser.newContext(more.context ?? {});
  context.setDefaultTimeout?.(DEADLINE_MS);
  const settings = { run: site.run, options: { apiKey: crow.write, endpoint: proxy.origin, ...options } };
  const init = `${more.before ?? ''};window.__settings = ${JSON.stringify(settings)};`;
  site.setInit(browser.hasInitScripts === false ? init : '');
  if (browser.hasInitScripts !== false) await context.addInitScript(init);
  return context;
}
