// Writes the test data of pages with a framework, in crates/sourcemap: `npm run frameworks`. Needs Chromium, Firefox
// and WebKitGTK.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import react from '@vitejs/plugin-react';
import vue from '@vitejs/plugin-vue';
import * as playwright from 'playwright-core';
import { build } from 'vite';
import { launchChromium } from '../e2e/browser.mjs';
import { launchWebKit } from '../e2e/webkit.mjs';

const here = (path) => new URL(path, import.meta.url).pathname;
const OUT = here('../../crates/sourcemap/src/tests/frameworks');
/** Where an error is thrown: in a handler of an event, while a component renders, and after it changed. */
const CASES = ['handler', 'render', 'effect'];

/** Each writes `app.js.map`, and returns the scripts. */
const FRAMEWORKS = {
  react: () => buildWithVite('react', 'main.jsx', [react()]),
  vue: () => buildWithVite('vue', 'main.js', [vue()]),
  angular: buildAngular,
};

/** As for production, with the framework in a chunk of its own. Its map is large, and no test needs it. */
async function buildWithVite(name, entry, plugins) {
  const root = here(`frameworks/${name}`);
  const folder = `${OUT}/${name}`;
  await build({
    root,
    plugins,
    configFile: false,
    logLevel: 'warn',
    build: {
      outDir: folder,
      emptyOutDir: true,
      sourcemap: true,
      modulePreload: false,
      rollupOptions: {
        input: `${root}/${entry}`,
        output: {
          entryFileNames: 'app.js',
          chunkFileNames: '[name].js',
          codeSplitting: { groups: [{ name: 'vendor', test: /node_modules|vite|rolldown|plugin-vue/ }] },
        },
      },
    },
  });
  const scripts = {
    '/app.js': await readFile(`${folder}/app.js`),
    '/vendor.js': await readFile(`${folder}/vendor.js`),
  };
  await rm(`${folder}/vendor.js`);
  await rm(`${folder}/vendor.js.map`);
  return scripts;
}

/**
 * By `ng build` for production, which puts the framework into the script of the page. The script is not kept: it holds
 * Angular, and no test needs it. The map keeps the sources of the page only, for its size.
 */
async function buildAngular() {
  const folder = await mkdtemp(`${tmpdir()}/crow-angular-`);
  const ng = here('node_modules/.bin/ng');
  await promisify(execFile)(ng, ['build', '--output-path', folder], { cwd: here('frameworks/angular') });
  const script = await readFile(`${folder}/browser/main.js`);
  const map = JSON.parse(await readFile(`${folder}/browser/main.js.map`));
  await rm(folder, { recursive: true });
  const isOwn = (source) => !source.includes('/node_modules/');
  map.sourcesContent = map.sourcesContent.map((content, at) => (isOwn(map.sources[at]) ? content : null));
  await writeFile(`${OUT}/angular/app.js.map`, JSON.stringify(map));
  return { '/app.js': script };
}

const BROWSERS = {
  chromium: () => launchChromium(playwright),
  firefox: () =>
    playwright.firefox.launch({ channel: 'moz-firefox', executablePath: '/usr/bin/firefox-esr', headless: true }),
  webkit: launchWebKit,
};

const PAGE = (name) => `<!doctype html><title>t</title><body><script>
window.told = [];
window.captured = ({ name, message, stack }) => void told.push({ name, message, stack });
addEventListener('error', ({ error }) => captured(error));
</script><script type="module" src="/${name}/app.js"></script></body>`;

await rm(OUT, { recursive: true, force: true });
const scripts = {};
for (const [name, build] of Object.entries(FRAMEWORKS)) {
  await mkdir(`${OUT}/${name}`, { recursive: true });
  for (const [path, text] of Object.entries(await build())) scripts[`/${name}${path}`] = text;
}

const server = createServer((request, response) => {
  const path = request.url.split('?')[0];
  const script = scripts[path];
  if (script) return response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
  response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE(path.slice(1)));
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const origin = `http://127.0.0.1:${server.address().port}`;

const stacks = {};
for (const [browser, launch] of Object.entries(BROWSERS)) {
  const running = await launch();
  const page = await (await running.newContext()).newPage();
  for (const name of Object.keys(FRAMEWORKS))
    for (const place of CASES) {
      await page.goto(`${origin}/${name}`);
      await page.waitForFunction((id) => document.getElementById(id) !== null, place);
      await page.evaluate((id) => document.getElementById(id).click(), place);
      await page.waitForFunction(() => told.length > 0);
      const told = await page.evaluate(() => told[0]);
      ((stacks[name] ??= {})[place] ??= {})[browser] = told;
    }
  await running.close();
}
const text = JSON.stringify(stacks, null, 1).replaceAll(origin, 'https://shop.example');
await writeFile(`${OUT}/stacks.json`, `${text}\n`);
server.close();
process.exit(0);
