// What recording costs the page, beside `@rrweb/record` on the same pages.
import assert from 'node:assert/strict';

const NODES = 5_000;
const ROUNDS = 7;

export const cases = {
  async [`first snapshot and an insert of ${NODES} nodes, beside @rrweb/record`]({ site, browser }) {
    const rows = { ours: [], rrweb: [] };
    const changes = {};
    for (let round = 0; round < ROUNDS * 2; round++) {
      const which = round % 2 ? 'ours' : 'rrweb';
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(site.origin + '/fuzz.html');
      await page.addScriptTag({ url: '/modules/@rrweb/record/dist/record.umd.min.cjs' });
      rows[which].push(await page.evaluate(measure, [which, NODES]));
      // The same in each round.
      changes[which] ??= await page.evaluate(sizeOfChanges);
      await context.close();
    }
    const median = (which, what) => rows[which].map((row) => row[what]).sort((a, b) => a - b)[ROUNDS >> 1];
    console.log(`\n${'median of ' + ROUNDS}`.padEnd(37) + '     ours    rrweb');
    /** The round that was disturbed least by what else the machine does. */
    const best = (which, what) => Math.min(...rows[which].map((row) => row[what]));
    const print = (what, ours, rrweb) =>
      console.log(`${what.padEnd(36)} ${ours.toFixed(1).padStart(8)} ${rrweb.toFixed(1).padStart(8)}`);
    for (const what of Object.keys(rows.ours[0])) print(what, median('ours', what), median('rrweb', what));
    print('400 random operations, KB', changes.ours, changes.rrweb);
    console.log();
    for (const what of ['first snapshot, ms', 'insert, ms']) {
      const [ours, rrweb] = [best('ours', what), best('rrweb', what)];
      assert.ok(ours <= rrweb, `${what}: ${ours}, slower than rrweb with ${rrweb}`);
    }
  },
};

/** Runs in the page. The time of the observer is what passes until a task after the insert. */
async function measure([which, nodes]) {
  const build = (count) => {
    const list = document.createElement('div');
    for (let i = 0; i < count / 5; i++) {
      const row = document.createElement('div');
      row.className = 'row r' + (i % 7);
      row.innerHTML = `<a href="/item/${i}">Item ${i}</a> <span style="color: red">text ${i}</span>`;
      list.append(row);
    }
    return list;
  };
  document.body.append(build(nodes));
  await new Promise((done) => setTimeout(done, 50));
  const events = (window.events = []);
  const emit = (event) => events.push(event);
  const startedAt = performance.now();
  if (which === 'ours') CROWReplay.record({ emit });
  else (window.rrwebRecord ?? window.rrweb).record({ emit, maskAllInputs: true });
  const snapshot = performance.now() - startedAt;
  const snapshotBytes = JSON.stringify(events).length;
  events.length = 0;
  await new Promise((done) => setTimeout(done, 50));
  const list = build(nodes);
  const insertedAt = performance.now();
  document.body.append(list);
  await null;
  await new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = done;
    port2.postMessage(0);
  });
  const insert = performance.now() - insertedAt;
  const insertBytes = JSON.stringify(events).length;
  return {
    'first snapshot, ms': snapshot,
    'first snapshot, KB': snapshotBytes / 1000,
    'insert, ms': insert,
    'insert, KB': insertBytes / 1000,
  };
}

/** Runs in the page after `measure`: KB of 400 random operations. */
async function sizeOfChanges() {
  events.length = 0;
  await fuzz(7, 400);
  return JSON.stringify(events).length / 1000;
}
