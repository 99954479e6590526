// Builds everything in `dist/`: ESM, CJS and types of each entry, and the files for `<script>`.
import { build } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { writeCompressed } from './compress.mjs';
import { bundle, nameCache, rename, shorten } from './minify.mjs';

process.chdir(new URL('..', import.meta.url).pathname);
const ENTRIES = ['index', 'replay', 'react-native', 'electron'];
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
/** Found by trial, by names.mjs. */
const names = JSON.parse(readFileSync('scripts/names.json', 'utf8'));

rmSync('dist', { recursive: true, force: true });
mkdirSync('dist/script', { recursive: true });
await libraries();
await scripts();
types();

async function libraries() {
  const entryPoints = ENTRIES.map((name) => ({ in: `src/${name}.ts`, out: name }));
  const common = {
    entryPoints,
    bundle: true,
    outdir: 'dist',
    target: 'es2020',
    define: { CROW_VERSION: JSON.stringify(version), CROW_LATE_FILE: '""', CROW_DEVTOOLS_FILE: '""' },
    logLevel: 'warning',
  };
  await build({
    ...common,
    format: 'esm',
    splitting: true,
    chunkNames: '[name]-[hash]',
    outExtension: { '.js': '.mjs' },
  });
  await build({ ...common, format: 'cjs', platform: 'neutral', outExtension: { '.js': '.cjs' } });
}

/** A file knows the names of those that it loads, which change with their content; so these are made first. */
async function scripts() {
  const recorderWith = (late, devtools) =>
    bundle('src/replay-script.ts', {
      CROW_LATE_FILE: JSON.stringify(late),
      CROW_DEVTOOLS_FILE: JSON.stringify(devtools),
    });
  const coreWith = (replayFile) => bundle('src/script.ts', { CROW_REPLAY_FILE: JSON.stringify(replayFile) });
  const parts = await bundle('src/late-script.ts');
  const tools = await bundle('src/devtools-script.ts');
  const cache = nameCache(names.properties, [parts, tools, await recorderWith('x', 'x'), await coreWith('x')]);
  const late = await script('crow-late', parts, cache);
  const devtools = await script('crow-devtools', tools, cache);
  const replay = await script('crow-replay', await recorderWith(late.name, devtools.name), cache);
  const core = await script('crow', await coreWith(replay.name), cache);
  await writeCompressed(
    'dist/script/manifest.json',
    JSON.stringify(
      {
        version,
        files: { 'crow.js': core, 'crow-replay.js': replay, 'crow-late.js': late, 'crow-devtools.js': devtools },
      },
      null,
      1,
    ),
  );
}

/** A plain name, and one that may be cached forever; with the hash that a page may demand. */
async function script(name, text, cache) {
  const code = await renamed(name, await shorten(text, cache));
  const hash = createHash('sha256').update(code).digest('hex').slice(0, 12);
  const file = `${name}.${hash}.js`;
  const sizes = await writeCompressed(`dist/script/${file}`, code);
  await writeCompressed(`dist/script/${name}.js`, code);
  return { name: file, integrity: 'sha384-' + createHash('sha384').update(code).digest('base64'), ...sizes };
}

/** Names that were found for other code do not pay: then those of the minifiers stay. */
async function renamed(name, code) {
  const variables = names[name]?.split(' ');
  if (!variables) return code;
  const { code: small, asked } = await rename(code, variables);
  if (asked === variables.length) return small;
  console.warn(
    `scripts/names.json is of another version of ${name}.js, which is larger than it need be: npm run names`,
  );
  return code;
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
