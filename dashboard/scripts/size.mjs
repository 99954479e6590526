// Gzipped sizes of what the browser loads, and the gates: the first page in 140 KB, and all pages of the app, without the
// player, in 290 KB.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const DIST = new URL('../dist', import.meta.url).pathname;
const FIRST_GATE = 140_000;
const ALL_GATE = 290_000;
const ASSET = /(?:src|href)="\/(assets\/[^"]+\.(?:js|css)|theme\.js)"/g;

const gzipped = (name) => gzipSync(readFileSync(join(DIST, name)), { level: 9 }).length;

/** What a page loads: what it names, and whatever that imports statically. */
function loadedBy(page) {
  const names = new Set([...readFileSync(join(DIST, page), 'utf8').matchAll(ASSET)].map((match) => match[1]));
  for (const name of names) {
    if (!name.endsWith('.js')) continue;
    for (const [, other] of readFileSync(join(DIST, name), 'utf8').matchAll(
      /(?:from|import)\s*["']\.\/([^"']+\.js)["']/g,
    ))
      names.add(`assets/${other}`);
  }
  return [...names];
}

/** Chunks that come with a page of the app. */
function lazy(names) {
  const found = new Set();
  for (const name of names) {
    if (!name.endsWith('.js')) continue;
    for (const [, other] of readFileSync(join(DIST, name), 'utf8').matchAll(
      /["'](?:\.\/|assets\/)([\w.-]+\.(?:js|css))["']/g,
    ))
      found.add(other.startsWith('assets/') ? other : `assets/${other}`);
  }
  return [...found].filter((name) => !names.includes(name));
}

const app = loadedBy('index.html');
const player = loadedBy('player.html');
const later = lazy(app).filter((name) => !player.includes(name) || app.includes(name));
const total = (names) => names.reduce((sum, name) => sum + gzipped(name), 0);

const rows = [
  ['first page (JS + CSS)', total(app)],
  ['other pages of the app, loaded when opened', total(later)],
  ['player document', total(player)],
];
for (const [label, bytes] of rows) console.log(`${label.padEnd(44)} ${(bytes / 1000).toFixed(1).padStart(7)} KB gz`);
const gates = [
  ['the first page', total(app), FIRST_GATE],
  ['the app', total(app) + total(later), ALL_GATE],
];
for (const [what, bytes, most] of gates) {
  if (bytes <= most) continue;
  console.error(`${what} is over ${most / 1000} KB`);
  process.exitCode = 1;
}
