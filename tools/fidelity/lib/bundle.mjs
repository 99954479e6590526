// Pages of ours that import from packages are bundled when the first of them is visited.
import path from 'node:path';
import { existsSync } from 'node:fs';
import { build } from 'esbuild';

const done = new Map();

/** `bundle.js` or `bundle.css` of a page, made from its `main.js`. */
export async function bundled(root, name) {
  const entry = path.join(root, 'main.js');
  if (!existsSync(entry)) return undefined;
  if (!done.has(root)) done.set(root, await build({ entryPoints: [entry], bundle: true, format: 'esm', minify: true, write: false, outdir: '/', entryNames: 'bundle', logLevel: 'silent' }));
  const file = done.get(root).outputFiles.find(({ path: made }) => made === '/' + name);
  return file && Buffer.from(file.contents);
}
