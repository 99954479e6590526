// Writes the test data of crates/sourcemap: `npm ci && npm run make`. Needs Chromium, Firefox and WebKitGTK.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import terser from '@rollup/plugin-terser';
import esbuild from 'esbuild';
import * as playwright from 'playwright-core';
import { rollup } from 'rollup';
import { build as vite } from 'vite';
import webpack from 'webpack';
import { launchChromium } from '../e2e/browser.mjs';
import { launchWebKit } from '../e2e/webkit.mjs';

const here = (path) => new URL(path, import.meta.url).pathname;
const ENTRY = here('sample/main.js');
const OUT = here('../../crates/sourcemap/src/tests/bundles');

/** Each writes `app.js` and `app.js.map` into a folder, as its users build for production. */
const BUNDLERS = {
  async esbuild(folder) {
    await esbuild.build({
      entryPoints: [ENTRY],
      outfile: `${folder}/app.js`,
      bundle: true,
      minify: true,
      sourcemap: true,
    });
  },
  async rollup(folder) {
    const bundle = await rollup({ input: ENTRY, plugins: [terser()] });
    await bundle.write({ file: `${folder}/app.js`, format: 'iife', sourcemap: true });
  },
  async vite(folder) {
    await vite({
      root: here('sample'),
      logLevel: 'warn',
      build: {
        outDir: folder,
        emptyOutDir: false,
        sourcemap: true,
        modulePreload: false,
        rollupOptions: { input: ENTRY, output: { entryFileNames: 'app.js' } },
      },
    });
  },
  async webpack(folder) {
    const compiler = webpack({
      mode: 'production',
      context: here('.'),
      entry: ENTRY,
      devtool: 'source-map',
      output: { path: folder, filename: 'app.js' },
    });
    await new Promise((done, fail) =>
      compiler.run((error, stats) => (error || stats.hasErrors() ? fail(error ?? stats.toString()) : done())),
    );
  },
};

const BROWSERS = {
  chromium: () => launchChromium(playwright),
  firefox: () =>
    playwright.firefox.launch({ channel: 'moz-firefox', executablePath: '/usr/bin/firefox-esr', headless: true }),
  webkit: launchWebKit,
};

const PAGE = (bundler) => `<!doctype html><title>t</title><body><script>
window.told = [];
addEventListener('error', ({ error }) => told.push({ name: error.name, message: error.message, stack: error.stack }));
</script><script type="module" src="/${bundler}/app.js?v=3"></script></body>`;

await rm(OUT, { recursive: true, force: true });
for (const [name, build] of Object.entries(BUNDLERS)) {
  await mkdir(`${OUT}/${name}`, { recursive: true });
  await build(`${OUT}/${name}`);
}

const server = createServer(async (request, response) => {
  const path = request.url.split('?')[0];
  if (!path.endsWith('.js')) return response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE(path.slice(1)));
  response.writeHead(200, { 'content-type': 'text/javascript' }).end(await readFile(OUT + path));
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const origin = `http://127.0.0.1:${server.address().port}`;

const stacks = {};
for (const [browser, launch] of Object.entries(BROWSERS)) {
  const running = await launch();
  const page = await (await running.newContext()).newPage();
  for (const bundler of Object.keys(BUNDLERS)) {
    await page.goto(`${origin}/${bundler}`);
    await page.waitForFunction(() => typeof run === 'function');
    await page.evaluate(() => run([{ price: { amount: 1 } }, {}]));
    await page.waitForFunction(() => told.length > 0);
    (stacks[bundler] ??= {})[browser] = await page.evaluate(() => told[0]);
  }
  await running.close();
}
const text = JSON.stringify(stacks, null, 1).replaceAll(origin, 'https://shop.example');
await writeFile(`${OUT}/stacks.json`, `${text}\n`);
server.close();
process.exit(0);
