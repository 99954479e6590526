// Writes the test data of pages with a framework, in crates/sourcemap: `npm ci && npm run frameworks`. Needs Chromium,
// Firefox and WebKitGTK. A test reads a map for each build, and what each browser said of each error.
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { BUILDS } from './builds.mjs';
import { record } from './record.mjs';
import { smallMap } from './small-map.mjs';

const OUT = new URL('../../crates/sourcemap/src/tests/frameworks', import.meta.url).pathname;
/**
 * Where an error is thrown: in a handler of an event, while a component renders, after it changed, and in the framework
 * that a component uses in a wrong way.
 */
const PLACES = ['handler', 'render', 'effect', 'library'];
/** React fails far below the page's code, beyond what Chromium tells of a stack. */
const MORE_PLACES = { react: ['deep'] };
/** These bundlers make scripts that are no modules. */
const CLASSIC = ['webpack', 'esbuild'];

const PAGE = (path) => `<!doctype html><meta charset="utf-8"><title>t</title><body><script>
window.told = [];
window.captured = ({ name, message, stack }) => void told.push({ name, message, stack });
addEventListener('error', ({ error }) => captured(error));
</script><script ${CLASSIC.some((it) => path.endsWith(it)) ? 'defer' : 'type="module"'} src="${path}/app.js"></script></body>`;

await rm(OUT, { recursive: true, force: true });
const scripts = {};
for (const [framework, builds] of Object.entries(BUILDS)) {
  for (const [build, run] of Object.entries(builds)) {
    // Maps name sources as seen from here, so the folder is one of the repository.
    const folder = `${OUT}/${framework}/${build}`;
    await mkdir(folder, { recursive: true });
    await run(folder);
    for (const file of await readdir(folder))
      if (file.endsWith('.js')) scripts[`/${framework}/${build}/${file}`] = await readFile(`${folder}/${file}`);
    const map = await readFile(`${folder}/app.js.map`, 'utf8');
    await rm(folder, { recursive: true });
    await writeFile(`${folder}.js.map`, `${smallMap(map)}\n`);
  }
}

const answer = (path) => (scripts[path] ? ['text/javascript', scripts[path]] : ['text/html', PAGE(path)]);
const stacks = {};
await record(`${OUT}/stacks.json`, stacks, answer, async (browser, page, origin) => {
  for (const [framework, builds] of Object.entries(BUILDS))
    for (const build of Object.keys(builds))
      for (const place of [...PLACES, ...(MORE_PLACES[framework] ?? [])]) {
        await page.goto(`${origin}/${framework}/${build}`);
        await page.waitForFunction((id) => document.getElementById(id) !== null, place);
        await page.evaluate((id) => document.getElementById(id).click(), place);
        await page.waitForFunction(() => told.length > 0);
        const told = await page.evaluate(() => told[0]);
        (((stacks[framework] ??= {})[build] ??= {})[place] ??= {})[browser] = told;
      }
});
process.exit(0);
