// Records what the installed browsers say of errors: `node scripts/record-stacks.mjs` rewrites the test data of `crates/issues`.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { transformSync } from 'esbuild';
import * as playwright from 'playwright-core';
import { launchChromium } from '../../tools/e2e/browser.mjs';
import { launchWebKit } from '../../tools/e2e/webkit.mjs';

const OUT = new URL('../../crates/issues/src/tests/stacks.json', import.meta.url);

/** Each case throws in its own way. The names of functions are those of a shop. */
const APP = `
class Cart {
  constructor(items) { this.items = items; }
  total() { return this.items.map((item) => { return item.price.amount; }); }
  get first() { return this.items[0].name.length; }
  static load(text) { return JSON.parse(text); }
}
class PaymentError extends Error { constructor(text) { super(text); this.name = 'PaymentError'; } }
function readCart() { const cart = window.nothing; const found = cart.items; return [found]; }
function callMissing() { const shop = { cart: {} }; shop.cart.checkout(); return shop; }
function useUnknown() { const value = unknownThing; return [value]; }
function pay(order) { throw new PaymentError('Order ' + order + ' of "ada" was refused'); }
async function fetchOrder() { await new Promise((done) => setTimeout(done, 5)); readCart(); return 1; }
async function openOrder() { const order = await fetchOrder(); return [order]; }
function recurse(depth) { return [recurse(depth + 1)]; }
function assign() { 'use strict'; const fixed = Object.freeze({ price: 1 }); fixed.price = 2; return fixed; }
function inEval() { eval('(function evaluated() { null.property; })()'); return 1; }
function inFunction() { const made = new Function('return window.nothing.made;'); const value = made(); return [value]; }
function readEarly() { const found = [early]; const early = window.nothing; return [found, early]; }
function readFirst() { const cart = window.nothing; const found = cart[0]; return [found]; }
function readEach() { const cart = {}; const found = []; for (const item of cart) found.push(item); return found; }
function readPair() { const [first, second] = window.nothing; return [first, second]; }
function readParts() { const { items } = window.nothing; return [items]; }
function readGiven({ items }) { return [items]; }
function saveCart() { const cart = {}; cart.self = cart; const text = JSON.stringify(cart); return [text]; }
const shop = {};
shop.openCart = function () { const cart = window.nothing; const found = cart.items; return [found]; };
const arrow = () => { const value = null; return [value.missing]; };
const cases = {
  property: () => { readCart(); },
  callback: () => { new Cart([{}]).total(); },
  getter: () => { const value = new Cart([]).first; return [value]; },
  json: () => { const value = Cart.load('<html>'); return [value]; },
  method: () => { callMissing(); },
  unknown: () => { useUnknown(); },
  custom: () => { pay(4711); },
  later: () => { setTimeout(function onTimer() { readCart(); }, 1); },
  asynchronous: () => { void openOrder(); },
  rejected: () => { void Promise.reject(new RangeError('page 12 is too far')); },
  rejectedText: () => { void Promise.reject('no route to /orders/4711'); },
  text: () => { throw 'checkout 4711 failed'; },
  recursion: () => { recurse(0); },
  constant: () => { assign(); },
  evaluated: () => { inEval(); },
  made: () => { inFunction(); },
  arrow: () => { arrow(); },
  early: () => { readEarly(); },
  index: () => { readFirst(); },
  iterated: () => { readEach(); },
  iteratedNothing: () => { readPair(); },
  destructured: () => { readParts(); },
  destructuredParameter: () => { readGiven(); },
  cyclic: () => { saveCart(); },
  assigned: () => { shop.openCart(); },
  aborted: () => { const stop = new AbortController(); void fetch('/plain', { signal: stop.signal }); stop.abort(); },
  missing: () => { void fetch('http://127.0.0.1:9/nobody').then(function onAnswer() {}); },
  click: () => { const button = document.createElement('button'); button.onclick = function bought() { readCart(); }; document.body.append(button); button.click(); },
  wasm: async () => {
    // (module (func (export "trap") unreachable))
    const bytes = new Uint8Array([0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,8,1,4,116,114,97,112,0,0,10,5,1,3,0,0,11]);
    const { instance } = await WebAssembly.instantiate(bytes);
    instance.exports.trap();
  },
};
window.run = (name) => { setTimeout(cases[name], 0); };
`;
const OTHER = `window.runForeign = () => { setTimeout(() => { throw new Error('nobody may know'); }, 0); };`;
const PAGE = (other, file) => `<!doctype html><title>t</title><body><script>
window.told = [];
const tell = (event) => {
  const error = event.error ?? event.reason;
  told.push({ name: error?.name, message: String(error?.message ?? error ?? event.message).replace(/^(uncaught exception: |Uncaught )/, ''), stack: error?.stack });
};
addEventListener('error', tell); addEventListener('unhandledrejection', tell);
</script><script src="${file}"></script><script src="${other}/other.js"></script></body>`;

const minified = transformSync(APP, { minify: true, target: 'es2020', format: 'iife' }).code;
const other = await serve(() => ['text/javascript', OTHER]);
const shop = await serve((path) => {
  if (path === '/assets/app.js') return ['text/javascript', APP];
  if (path.startsWith('/assets/index-')) return ['text/javascript', minified];
  return ['text/html', PAGE(other.origin, path === '/plain' ? '/assets/app.js' : '/assets/index-Bx7_kQ2a.js?v=3')];
});

const names = [...APP.matchAll(/^ {2}(\w+): (?:async )?\(\) =>/gm)].map(([, name]) => name);
const recorded = {};
for (const [browser, launch] of [
  ['chromium', () => launchChromium(playwright)],
  [
    'firefox',
    () => playwright.firefox.launch({ channel: 'moz-firefox', executablePath: '/usr/bin/firefox-esr', headless: true }),
  ],
  ['webkit', launchWebKit],
]) {
  const running = await launch();
  const page = await (await running.newContext()).newPage();
  recorded[browser] = {};
  for (const build of ['plain', 'minified']) {
    await page.goto(`${shop.origin}/${build}`);
    const said = {};
    for (const name of [...names, 'foreign']) {
      await page.evaluate((name) => {
        told.length = 0;
        name === 'foreign' ? runForeign() : run(name);
      }, name);
      await page.waitForFunction(() => told.length > 0);
      said[name] = await page.evaluate(() => told[0]);
    }
    recorded[browser][build] = said;
  }
  await running.close();
}
// Ports differ between runs.
const text = JSON.stringify(recorded, null, 1)
  .replaceAll(shop.origin, 'https://shop.example')
  .replaceAll(other.origin, 'https://cdn.example');
writeFileSync(OUT, text + '\n');
shop.server.close();
other.server.close();
process.exit(0);

async function serve(answer) {
  const server = createServer((request, response) => {
    const [type, body] = answer(request.url);
    response.writeHead(200, { 'content-type': type }).end(body);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { server, origin: `http://127.0.0.1:${server.address().port}` };
}
