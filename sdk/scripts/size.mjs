// Prints the compressed sizes of the script files beside those of others, and fails when `gzip -9` makes one larger than its gate.
import { readFileSync } from 'node:fs';

const GATES = [
  ['crow.js', 11_600],
  ['crow-replay.js', 15_000],
  ['crow-late.js', 4_400],
  ['crow-devtools.js', 4_096],
];
/** Measured the same way, with `gzip -9`; see docs/sdk.md. */
const PEERS = [
  ['plausible tracker 0.4.6 (no queue, no retry, no sessions)', 2_589],
  ['snowplow', 18_041],
  ['posthog-js-lite', 24_311],
  ['clarity', 26_690],
  ['@rrweb/record 2.1.6', 22_997],
  ['sentry replay', 53_691],
  ['openreplay 19', 60_486],
  ['posthog array.js', 122_168],
];

const { files } = JSON.parse(readFileSync(new URL('../dist/script/manifest.json', import.meta.url), 'utf8'));
let isOver = false;
for (const [file, gate] of GATES) {
  const { gzip, zopfli, brotli } = files[file];
  isOver ||= gzip > gate;
  row(
    file,
    gzip,
    `as served: ${zopfli} B gzip (zopfli), ${brotli} B brotli; gate ${gate}${gzip > gate ? '  OVER THE GATE (after a change of the code: npm run names)' : ''}`,
  );
}
for (const [name, size] of PEERS) row(name, size);
for (const { name, integrity } of Object.values(files)) console.log(`/sdk/${name}  integrity="${integrity}"`);
process.exit(isOver ? 1 : 0);

function row(name, size, note = '') {
  console.log(`${name.padEnd(60)} ${String(size).padStart(8)} B gzip  ${note}`);
}
