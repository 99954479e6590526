// Writes the test data of crates/sourcemap: `npm ci && npm run make`. Needs Chromium, Firefox and WebKitGTK.
import { mkdir, readFile, rm } from 'node:fs/promises';
import terser from '@rollup/plugin-terser';
import esbuild from 'esbuild';
import { rollup } from 'rollup';
import { build as vite } from 'vite';
import webpack from 'webpack';
import { record } from './record.mjs';

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

const PAGE = (bundler) => `<!doctype html><title>t</title><body><script>
window.told = [];
addEventListener('error', ({ error }) => told.push({ name: error.name, message: error.message, stack: error.stack }));
</script><script type="module" src="/${bundler}/app.js?v=3"></script></body>`;

await rm(OUT, { recursive: true, force: true });
for (const [name, build] of Object.entries(BUNDLERS)) {
  await mkdir(`${OUT}/${name}`, { recursive: true });
  await build(`${OUT}/${name}`);
}

const answer = async (path) =>
  path.endsWith('.js') ? ['text/javascript', await readFile(OUT + path)] : ['text/html', PAGE(path.slice(1))];
const stacks = {};
await record(`${OUT}/stacks.json`, stacks, answer, async (browser, page, origin) => {
  for (const bundler of Object.keys(BUNDLERS)) {
    await page.goto(`${origin}/${bundler}`);
    await page.waitForFunction(() => typeof run === 'function');
    await page.evaluate(() => run([{ price: { amount: 1 } }, {}]));
    await page.waitForFunction(() => told.length > 0);
    (stacks[bundler] ??= {})[browser] = await page.evaluate(() => told[0]);
  }
});
process.exit(0);
