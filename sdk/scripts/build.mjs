// Builds everything in `dist/`: ESM, CJS and types of each entry, and the files for `<script>`.
import { build } from 'esbuild';
import { minify } from 'terser';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import uglify from 'uglify-js';
import { writeCompressed } from './compress.mjs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const ENTRIES = ['index', 'replay', 'react-native', 'electron'];
const COMMON = {
  bundle: true,
  target: 'es2020',
  define: { CROW_VERSION: JSON.stringify(version) },
  logLevel: 'warning',
};
/** Names that only our own code says; plugins, options and what is sent have others. */
const INTERNAL = [
  'windowStore', 'isRefused', 'whenReady', 'attach', 'viewProduct', 'openLane', 'maxItems', 'maxQueueItems', 'maxQueueChars', 'saveAfterMs',
  'spool', 'takeOver', 'onLost', 'takeReport', 'nextSeq', 'onReceipt', 'onUnauthorized', 'lane', 'pageId', 'unload', 'pack', 'afterMs',
  'goAway', 'comeBack', 'wakeUp', 'packAll', 'isOn', 'decide', 'endSession', 'optedOut', 'who', 'remember', 'wantReplay',
  'shut', 'headNow', 'lose', 'touch', 'listen', 'undo', 'report',
];
/** Each minifier finds what the one before has left; Terser also shortens the names above. `unsafe_arrows` only shortens functions that do not use `this`. */
const TERSER = {
  compress: { passes: 5, ecma: 2020, unsafe: true, unsafe_comps: true, inline: 1, unsafe_arrows: true, unsafe_methods: true, pure_getters: true, keep_fargs: false, hoist_props: true, reduce_funcs: false },
  mangle: { properties: { regex: new RegExp(`^(${INTERNAL.join('|')})$`) } },
  ecma: 2020,
};
const UGLIFY = {
  compress: { passes: 4, inline: 1, varify: false, if_return: false },
  module: true,
};
/** The same short names in both script files. */
const nameCache = {};

process.chdir(new URL('..', import.meta.url).pathname);
rmSync('dist', { recursive: true, force: true });
mkdirSync('dist/script', { recursive: true });
await libraries();
const replay = await script('src/replay-script.ts', 'crow-replay');
const core = await script('src/script.ts', 'crow', { CROW_REPLAY_FILE: JSON.stringify(replay.name) });
writeCompressed('dist/script/manifest.json', JSON.stringify({ version, files: { 'crow.js': core, 'crow-replay.js': replay } }, null, 1));
types();

async function libraries() {
  const entryPoints = ENTRIES.map((name) => ({ in: `src/${name}.ts`, out: name }));
  await build({ ...COMMON, entryPoints, outdir: 'dist', format: 'esm', outExtension: { '.js': '.mjs' } });
  await build({ ...COMMON, entryPoints, outdir: 'dist', format: 'cjs', platform: 'neutral', outExtension: { '.js': '.cjs' } });
}

/** A plain name, and one that may be cached forever; with the hash that a page may demand. */
async function script(from, name, define) {
  const options = { ...COMMON, define: { ...COMMON.define, ...define }, target: 'es2021', entryPoints: [from], format: 'iife', minifySyntax: true, write: false };
  const bundled = await build(options);
  const terse = await minify(bundled.outputFiles[0].text, { ...TERSER, nameCache });
  const { code, error } = uglify.minify(terse.code, UGLIFY);
  if (error) throw error;
  const hash = createHash('sha256').update(code).digest('hex').slice(0, 12);
  const names = [`${name}.js`, `${name}.${hash}.js`];
  const [sizes] = names.map((file) => writeCompressed(`dist/script/${file}`, code));
  return { name: names[1], integrity: 'sha384-' + createHash('sha384').update(code).digest('base64'), ...sizes };
}

/** The same types for `import` and for `require`. */
function types() {
  execFileSync('node_modules/.bin/tsc', [], { stdio: 'inherit' });
  relativeWithExtension('dist/types');
  for (const file of readdirSync('dist/types', { recursive: true })) {
    if (!String(file).endsWith('.d.ts')) continue;
    const text = readFileSync(`dist/types/${file}`, 'utf8');
    writeFileSync(`dist/types/${file.replace(/\.d\.ts$/, '.d.cts')}`, text.replace(/\.js'/g, ".cjs'"));
  }
}

function relativeWithExtension(folder) {
  for (const file of readdirSync(folder, { recursive: true })) {
    if (!String(file).endsWith('.d.ts')) continue;
    const path = `${folder}/${file}`;
    const text = readFileSync(path, 'utf8').replace(/((?:from |import\()['"]\.[^'"]*?)(?:\.js)?(['"])/g, '$1.js$2');
    writeFileSync(path, text.replace(/"(\.[^"]*\.js)"/g, "'$1'"));
  }
}
