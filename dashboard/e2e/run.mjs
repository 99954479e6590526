// End-to-end tests: a real browser, the real server with the built page in it.
// `node e2e/run.mjs [part of a case's name]`; needs `npm run build`, the SDK's build, CROW_BIN and CROW_NATS_SERVER. In another browser than
// Chromium (`CROW_BROWSER=firefox` or `webkit`) it runs the cases that are made for every browser, unless a name is given.
import { readdirSync } from 'node:fs';
import { browserName, launch } from './lib/browser.mjs';
import { startCrow } from './lib/crow.mjs';
import { sendAll } from './lib/data.mjs';
import { startSite } from './lib/site.mjs';
import { visitor } from './lib/visitor.mjs';

/** Suites run side by side, so each line says where it comes from. */
const WHERE = `dashboard/${browserName}`;
process.chdir(new URL('..', import.meta.url).pathname);
const wanted = process.argv[2] ?? (browserName === 'chromium' ? '' : '25-browsers');
const crow = await startCrow();
const site = await startSite(crow);
const browser = await launch();
const world = { crow, site, browser, ...visitor(browser, crow) };
await sendAll(crow);
const failures = [];
let passed = 0;

for (const file of readdirSync('e2e/cases').sort()) {
  const { cases } = await import(`./cases/${file}`);
  for (const [name, run] of Object.entries(cases)) {
    if (!`${file} ${name}`.includes(wanted)) continue;
    if (await succeeds(file, name, run)) passed++;
    else failures.push(name);
  }
}
await browser.close();
await site.stop();
await crow.stop();
console.log(`${WHERE}: ${passed} passed, ${failures.length} failed`);
process.exit(failures.length || !passed ? 1 : 0);

/** A case that fails gets a second try: some go by the clock, and the machine may be busy. */
async function succeeds(file, name, run) {
  for (const isLast of [false, true]) {
    const startedAt = Date.now();
    try {
      await run(world);
      console.log(`ok    ${WHERE} ${file.replace('.mjs', '')}: ${name} (${Date.now() - startedAt} ms)`);
      return true;
    } catch (error) {
      console.log(`${isLast ? 'FAIL ' : 'AGAIN'} ${WHERE} ${file.replace('.mjs', '')}: ${name}\n${error.stack}`);
      if (isLast) await world.picture(`failed-${failures.length + 1}`);
    } finally {
      for (const context of browser.contexts()) await context.close();
    }
  }
  return false;
}
