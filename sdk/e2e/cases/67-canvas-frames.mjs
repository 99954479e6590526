// What a page must ask for: pictures of canvases, and frames of other origins in one recording.
import assert from 'node:assert/strict';
import { until } from '../../../tools/e2e/wait.mjs';
import { recorded } from '../lib/cases.mjs';
import { rebuilt, storedReplay } from '../lib/replay.mjs';

const CANVASES = `
  <canvas id="flat" width="40" height="30"></canvas>
  <canvas id="deep" width="40" height="30"></canvas>
  <canvas id="masked" width="40" height="30" data-crow-mask></canvas>
  <div data-crow-block><canvas id="blocked" width="40" height="30"></canvas></div>
  <canvas id="tainted" width="40" height="30"></canvas>
  <div style="height:3000px"></div><canvas id="far" width="40" height="30"></canvas>`;

/** The colours in the middle of the pictures that were recorded, by the id of the canvas. */
async function pictured(page) {
  return page.evaluate(async () => {
    const names = {};
    const visit = (node) => {
      if (node.tagName === 'canvas') names[node.id] = node.attributes.id;
      node.childNodes?.forEach(visit);
    };
    const found = {};
    for (const { type, data } of events) {
      if (type === 2) visit(data.node);
      for (const { node } of data.adds ?? []) visit(node);
      for (const { id, attributes } of data.attributes ?? []) {
        if (!attributes.rr_dataURL) continue;
        const image = new Image();
        image.src = attributes.rr_dataURL;
        await image.decode();
        const copy = Object.assign(document.createElement('canvas'), {
          width: image.naturalWidth,
          height: image.naturalHeight,
        }).getContext('2d');
        copy.drawImage(image, 0, 0);
        (found[names[id]] ??= []).push(
          [...copy.getImageData(image.naturalWidth / 2, image.naturalHeight / 2, 1, 1).data].join(),
        );
      }
    }
    return found;
  });
}

const last = (found, name) => found[name]?.at(-1);

/** A frame waits 3 s for the page around it, and then records by itself: on a busy machine another visit is needed. */
async function joined(world) {
  const context = await world.newContext({ replay: {} });
  const page = await context.newPage();
  await page.goto(world.site.origin + '/around.html');
  const frame = (name) => page.frames().find((one) => one.url().endsWith(name));
  const inner = await until(() => frame('/inside.html'));
  await inner.waitForFunction(() => window.CROWReplay);
  await until(async () => (await frame('/foreign.html')?.evaluate(() => document.readyState)) === 'complete');
  const ids = await Promise.all([page, inner].map((one) => one.evaluate(() => crow.getSessionId())));
  let whose;
  await until(async () => {
    const [around, own] = await Promise.all(ids.map(async (id) => JSON.stringify(await world.crow.replay(id)) ?? ''));
    whose = around.includes('"inside"') ? 'around' : own.includes('"inside"') ? 'own' : undefined;
    return whose;
  });
  if (whose === 'around') return { page, inner, ids };
  await context.close();
}

export const cases = {
  async 'canvases: what was drawn last is told, of those that may be seen'(world) {
    const { page, thrown } = await recorded(world, { html: CANVASES, options: { canvas: true } });
    const drawnMs = await page.evaluate(async () => {
      window.paint = (id, color) => {
        const context = document.getElementById(id).getContext('2d');
        context.fillStyle = color;
        context.fillRect(0, 0, 40, 30);
      };
      window.shine = (color) => {
        const context = document.getElementById('deep').getContext('webgl');
        context.clearColor(...color, 1);
        context.clear(context.COLOR_BUFFER_BIT);
      };
      for (const id of ['masked', 'blocked', 'tainted', 'far']) paint(id, 'red');
      const image = new Image();
      image.src =
        'data:image/svg+xml,' +
        encodeURIComponent(
          '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><foreignObject width="9" height="9"><b xmlns="http://www.w3.org/1999/xhtml">x</b></foreignObject></svg>',
        );
      await image.decode();
      document.getElementById('tainted').getContext('2d').drawImage(image, 0, 0);
      // Many frames in a row, and then none.
      const startedAt = performance.now();
      for (let i = 0; i <= 20; i++) {
        await new Promise(requestAnimationFrame);
        paint('flat', `rgb(0, ${i * 10}, 0)`);
        shine([0, 0, i / 20]);
      }
      return performance.now() - startedAt;
    });
    const isLast = async () => {
      const found = await pictured(page);
      return last(found, 'flat') === '0,200,0,255' && last(found, 'deep') === '0,0,255,255' && found;
    };
    const found = await until(isLast, async () =>
      JSON.stringify([await pictured(page), await page.evaluate(() => errors)]),
    );
    assert.equal(found.masked ?? found.blocked ?? found.far, undefined, 'neither what is hidden nor what nobody sees');
    // At most two a second, however slow the frames are.
    assert.ok(found.flat.length < 8 + drawnMs / 500, `${found.flat.length} pictures of 20 frames in ${drawnMs} ms`);
    // Scrolled into view without being drawn; and a fresh snapshot has what is there.
    await page.evaluate(() => scrollTo(0, 3000));
    await until(async () => last(await pictured(page), 'far') === '255,0,0,255');
    await page.evaluate(() => {
      events.length = 0;
      recording.snapshot();
    });
    await until(async () => last(await pictured(page), 'flat') === '0,200,0,255');
    // One that comes later, in a shadow root, and moves.
    await page.evaluate(() => {
      const root = document.body.appendChild(document.createElement('div')).attachShadow({ mode: 'open' });
      const canvas = root.appendChild(
        Object.assign(document.createElement('canvas'), { id: 'late', width: 40, height: 30 }),
      );
      canvas.getContext('2d').fillRect(0, 0, 40, 30);
      document.body.prepend(canvas);
      scrollTo(0, 0);
    });
    await until(async () => last(await pictured(page), 'late') === '0,0,0,255');
    assert.deepEqual(await page.evaluate(() => errors), []);
    assert.deepEqual(thrown, []);
  },

  async 'a frame of another origin that records, too, is in the recording of the page around it'(world) {
    const { site } = world;
    const other = site.origin.replace('127.0.0.1', 'localhost');
    const head = (title) =>
      `<!doctype html><title>${title}</title><script src="/boot.js"></script><script src="/dom.js"></script><script src="/sdk/crow.js"></script>`;
    const start = (frames) =>
      `<script>window.__settings.options.replay = ${JSON.stringify({ frames })};</script><script src="/start.js"></script>`;
    site.pages['/around.html'] =
      `${head('Around')}<style>p { color: rgb(1, 2, 3) }</style><body><p>around</p><iframe id="in" src="${other}/inside.html"></iframe><iframe src="${other.replace('localhost', 'stranger.localhost')}/foreign.html"></iframe>${start([other])}`;
    site.pages['/inside.html'] =
      `${head('Inside')}<style>p { color: rgb(4, 5, 6) }</style><body><p>inside</p><input id="field"><div id="host"></div><iframe srcdoc="<p>deeper</p>"></iframe>${start([site.origin])}`;
    // Trusts somebody else, and shouts what it knows of how frames join.
    site.pages['/foreign.html'] = `${head('Stranger')}<body><p>stranger</p><script>
      for (const text of ['crow-frame', 'crow-join', JSON.stringify({ type: 2, data: { node: { type: 0, id: 1, childNodes: [] }, initialOffset: {} } })]) parent.postMessage(text, '*');
      addEventListener('message', ({ ports }) => ports[0]?.postMessage('{"type":2,"data":{"node":{"type":0,"id":1,"childNodes":[{"type":3,"id":2,"textContent":"forged"}]},"initialOffset":{}}}'));
    </script>${start(['https://elsewhere.example'])}`;
    const { page, inner, ids } = await until(() => joined(world));
    // The page around itself shouts into the frame, which knows only a port of a page that it trusts.
    await page.evaluate(() => document.getElementById('in').contentWindow.postMessage('crow-join', '*'));
    await inner.evaluate(() => {
      document.querySelector('p').textContent = 'changed inside';
      host.attachShadow({ mode: 'open' }).innerHTML = '<i>in the shadow</i>';
      document.querySelector('style').sheet.insertRule('i { color: rgb(7, 8, 9) }', 1);
      field.value = 'secret word';
      document.body.append(Object.assign(document.createElement('b'), { textContent: 'the end' }));
    });
    const all = await storedReplay(
      world,
      ids[0],
      (events) => /the end/.test(JSON.stringify(events)) && /deeper/.test(JSON.stringify(events)),
    );
    const text = JSON.stringify(all);
    assert.ok(!text.includes('secret word'), 'masked by the frame');
    assert.ok(!text.includes('"stranger"') && !text.includes('forged'), 'who is not trusted by both is no part');
    const replayed = await rebuilt(world, all);
    for (const part of ['changed inside', 'in the shadow', 'deeper', 'the end', 'around'])
      assert.ok(replayed.text.includes(part), `${part}: ${replayed.text}`);
    // A fresh snapshot of the page has the frame again.
    await page.evaluate(() => {
      crow.stopReplay();
      crow.startReplay();
    });
    const fresh = await storedReplay(world, ids[0], (events) => {
      const at = events.findLastIndex(({ type }) => type === 2);
      return at > 0 && JSON.stringify(events.slice(at)).includes('the end') && events.slice(at);
    });
    assert.ok(fresh);
    assert.equal(
      await world.crow.replay(ids[1]).then((events) => events?.length ?? 0),
      0,
      'the frame sends no replay of its own',
    );
  },
};
