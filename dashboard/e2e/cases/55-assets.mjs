// Pictures and fonts: sent by one visitor, shown in the replays of all, when the site is gone.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { deflateSync, crc32 } from 'node:zlib';
import { fileIn, serve } from '../../../tools/e2e/hosts.mjs';
import { until } from '../../../tools/e2e/wait.mjs';
import { replayFrame } from '../lib/visitor.mjs';

const SDK = new URL('../../../sdk/dist/script/', import.meta.url).pathname;
const FONTS = new URL('../../dist/assets/', import.meta.url).pathname;

/** A PNG of one colour. */
function png(width, height, colour) {
  const chunk = (name, data) => {
    const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
    const frame = Buffer.alloc(body.length + 8);
    frame.writeUInt32BE(data.length, 0);
    body.copy(frame, 4);
    frame.writeUInt32BE(crc32(body), body.length + 4);
    return frame;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const line = Buffer.concat([Buffer.from([0]), Buffer.concat(Array(width).fill(Buffer.from(colour)))]);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(Array(height).fill(line)))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A gallery. `me.png` is another picture for each visitor, and says so; `secret.png` is in a blocked element. */
function startGallery(crow) {
  const font = readFileSync(FONTS + readdirSync(FONTS).find((name) => name.endsWith('.woff2')));
  const page = `<!doctype html><meta charset="utf-8"><title>Gallery</title><link rel="stylesheet" href="/gallery.css">
    <script src="/sdk/crow.js" data-key="${crow.keys.write}" data-endpoint="${crow.ingest}" data-replay data-options='{"allowBots":true,"respectDoNotTrack":false}' defer></script>
    <h1>Gallery</h1><img id="hero" src="/hero.png"><div id="wall"></div><img src="/me.png"><img id="secret" src="/secret.png" data-crow-block>`;
  const css =
    '@font-face{font-family:Own;src:url(/own.woff2)} h1{font-family:Own} #wall{width:80px;height:60px;background:url(/wall.png)}';
  const files = {
    '/': ['text/html', page],
    '/gallery.css': ['text/css', css],
    '/hero.png': ['image/png', png(60, 40, [200, 30, 30])],
    '/wall.png': ['image/png', png(8, 8, [30, 30, 200])],
    '/me.png': ['image/png', png(10, 10, [9, 9, 9])],
    '/secret.png': ['image/png', png(20, 20, [1, 2, 3])],
    '/own.woff2': ['font/woff2', font],
  };
  return serve((_, { pathname }) => {
    if (pathname.startsWith('/sdk/')) return fileIn(SDK, pathname.slice('/sdk/'.length));
    if (!files[pathname]) return undefined;
    const [type, body] = files[pathname];
    const who = pathname === '/me.png' ? 'private' : 'public';
    return { headers: { 'Content-Type': type, 'Cache-Control': `${who}, max-age=3600` }, body };
  });
}

/** Which files of the gallery the server has. */
async function stored(crow, gallery) {
  const urls = ['hero.png', 'me.png', 'own.woff2', 'secret.png', 'wall.png'].map((name) => `${gallery.origin}/${name}`);
  const answer = await fetch(`${crow.page}/assets/acme/resolve`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${crow.keys.read}` },
    body: JSON.stringify({ at: Date.now(), urls }),
  });
  const { assets } = await answer.json();
  return assets.map(({ url }) => new URL(url).pathname.slice(1)).join();
}

/** Somebody looks at the gallery until the server has these files, so many of them from here; gives the session, and how many files it sent. */
async function visit({ browser, crow }, gallery, user, files, uploads) {
  const context = await browser.newContext({ viewport: { width: 800, height: 600 } });
  const page = await context.newPage();
  const sent = [];
  page.on('response', (answer) => answer.url() === `${crow.ingest}/asset` && sent.push(answer.status()));
  await page.goto(gallery.origin);
  await page.waitForFunction(() => window.crow?.identify);
  await page.evaluate((id) => window.crow.identify(id), user);
  await page.mouse.move(100, 100, { steps: 3 });
  const sessions = () => crow.sessions(`&userId=${user}&hasReplay=true`);
  await until(
    async () => (await sessions()).length > 0,
    () => `no session of ${user}`,
  );
  await until(
    async () => (await stored(crow, gallery)) === files,
    async () => `${user}: stored is ${await stored(crow, gallery)}, sent ${sent}`,
  );
  await until(() => sent.length >= uploads);
  // Whatever was asked for is sent before the page goes.
  await page.evaluate(() => window.crow.flush());
  await context.close();
  return { id: (await sessions())[0].id, sent };
}

/** What a document shows of the gallery. */
async function shown() {
  const hero = document.querySelector('#hero');
  const wall = document.querySelector('#wall');
  if (!hero || !wall) return undefined;
  const colourOf = (image) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 });
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3).join();
  };
  return {
    hero: [hero.naturalWidth, hero.naturalHeight].join(),
    colour: hero.naturalWidth ? colourOf(hero) : '',
    wall: getComputedStyle(wall).backgroundImage.slice(0, 9),
    font:
      document.fonts.check('20px Own') &&
      [...document.fonts].some(({ family, status }) => family === 'Own' && status === 'loaded'),
  };
}

/** Waits until the gallery is there with its picture, its background from such an address, and its font. */
async function isWhole(frame, scheme) {
  const look = () => frame.evaluate(shown).catch((error) => ({ error: String(error) }));
  const isAll = (seen) =>
    seen?.hero === '60,40' && seen.colour === '200,30,30' && seen.wall === `url("${scheme}` && seen.font;
  await until(
    async () => isAll(await look()),
    async () => JSON.stringify(await look()),
  );
}

/** The downloaded file has the pictures and fonts in itself. */
async function isInTheFile(page, context) {
  await page.getByRole('button', { name: 'Download' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'One HTML file' }).click(),
  ]);
  const local = `${await download.path()}.html`;
  await download.saveAs(local);
  const file = await context.newPage();
  const asked = [];
  file.on('request', (request) => !/^(file|data|about|blob):/.test(request.url()) && asked.push(request.url()));
  await file.goto(`file://${local}`);
  const frame = await (await file.waitForSelector('.replayer-wrapper iframe', { state: 'attached' })).contentFrame();
  await isWhole(frame, 'data');
  assert.deepEqual(asked, []);
}

export const cases = {
  async 'a picture that three visitors saw is in the replay of the first, though the site is gone'(world) {
    const { crow, open } = world;
    const gallery = await startGallery(crow);
    let first;
    try {
      // What style sheets name everybody sees: the first one sends it.
      first = await visit(world, gallery, 'gallery-1', 'own.woff2,wall.png', 2);
      const second = await visit(world, gallery, 'gallery-2', 'own.woff2,wall.png', 0);
      const third = await visit(world, gallery, 'gallery-3', 'hero.png,own.woff2,wall.png', 1);
      const fourth = await visit(world, gallery, 'gallery-4', 'hero.png,own.woff2,wall.png', 0);
      assert.deepEqual(
        [first, second, third, fourth].map(({ sent }) => sent),
        [[201, 201], [], [201], []],
        'each file is sent once',
      );
    } finally {
      await gallery.stop();
    }
    const { page, context, problems } = await open('#/setup');
    const asked = [];
    context.on('request', (request) => asked.push(request.url()));
    await page.goto(`${crow.page}/#/sessions/${first.id}`);
    const frame = await replayFrame(page);
    await isWhole(frame, 'blob');
    if (process.env.CROW_PICTURES) await page.screenshot({ path: `${process.env.CROW_PICTURES}/assets.png` });
    const elsewhere = asked.filter((url) => !url.startsWith(crow.page) && !/^(blob|data):/.test(url));
    assert.deepEqual(elsewhere, [], 'the viewer asks nobody else');
    assert.deepEqual(problems, []);
    await isInTheFile(page, context);
  },
};
