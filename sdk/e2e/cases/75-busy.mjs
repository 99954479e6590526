// What the SDK costs a page that changes without pause: time of the main thread, and long tasks.
import assert from 'node:assert/strict';

/** Left out unless named: it tells, and asserts little. */
export const isMeasurement = true;

const STEPS = 250;
const ROUNDS = 5;
/** What records is sent nowhere by rrweb, so ours does more. */
const VARIANTS = ['nothing', 'crow.js', 'crow.js + replay', '@rrweb/record alone'];

export const cases = {
  async [`a page with ${STEPS} bursts of changes: time of the main thread`](world) {
    const rows = Object.fromEntries(VARIANTS.map((variant) => [variant, []]));
    for (let round = 0; round < ROUNDS; round++)
      for (const variant of VARIANTS) rows[variant].push(await visit(world, variant));
    const median = (variant, what) => rows[variant].map((row) => row[what]).sort((a, b) => a - b)[ROUNDS >> 1];
    console.log(`\n${`median of ${ROUNDS}, ms`.padEnd(24)} main thread   script   long tasks   longest task`);
    for (const variant of VARIANTS) {
      const [busy, script, long, longest] = ['busy', 'script', 'long', 'longest'].map((what) =>
        median(variant, what).toFixed(0),
      );
      console.log(
        `${variant.padEnd(24)} ${busy.padStart(11)} ${script.padStart(8)} ${long.padStart(12)} ${longest.padStart(14)}`,
      );
    }
    console.log();
    assert.ok(median('crow.js', 'long') <= median('nothing', 'long') + 1, 'the tracker makes no long tasks');
    assert.ok(
      median('crow.js + replay', 'script') <= 1.25 * median('@rrweb/record alone', 'script'),
      'recording and sending costs more than @rrweb/record alone',
    );
  },
};

async function visit({ site, newContext }, variant) {
  const options = variant === 'crow.js + replay' ? { replay: {}, autoTrack: true } : {};
  const context = await newContext(options);
  site.pages['/busy.html'] = busyPage(variant.startsWith('crow.js'));
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable');
  await page.goto(site.origin + '/busy.html');
  if (variant === 'crow.js + replay') await page.waitForFunction(() => window.CROWReplay);
  if (variant === '@rrweb/record alone') {
    await page.addScriptTag({ url: '/modules/@rrweb/record/dist/record.umd.min.cjs' });
    await page.evaluate(() =>
      (window.rrwebRecord ?? window.rrweb).record({ emit: (event) => JSON.stringify(event), maskAllInputs: true }),
    );
  }
  await page.waitForTimeout(300);
  const metrics = async () =>
    Object.fromEntries(
      (await session.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value * 1000]),
    );
  const before = await metrics();
  const tasks = await page.evaluate((steps) => beBusy(steps), STEPS);
  const after = await metrics();
  await context.close();
  return {
    busy: after.TaskDuration - before.TaskDuration,
    script: after.ScriptDuration - before.ScriptDuration,
    long: tasks.length,
    longest: Math.max(0, ...tasks),
  };
}

function busyPage(isTracked) {
  const scripts = isTracked
    ? '<script src="/boot.js"></script><script src="/sdk/crow.js"></script><script src="/start.js"></script>'
    : '';
  return `<!doctype html><title>Busy</title>${scripts}<table id="table"></table><script>(${setUp})()</script>`;
}

/** Runs in the page: a table whose rows change, come and go, as on a page of live prices. */
function setUp() {
  const table = document.getElementById('table');
  let made = 0;
  const row = () => {
    const element = document.createElement('tr');
    element.innerHTML = '<td>' + [++made, 'price', '0.00', '<b>up</b>'].join('</td><td>') + '</td>';
    return element;
  };
  for (let i = 0; i < 400; i++) table.append(row());
  const change = (step) => {
    const rows = table.rows;
    for (let i = 0; i < 60; i++)
      rows[(step * 7 + i * 5) % rows.length].cells[2].textContent = (step * i * 0.01).toFixed(2);
    for (let i = 0; i < 20; i++) rows[(step + i * 11) % rows.length].className = 'tone' + (step % 5);
    for (let i = 0; i < 10; i++) rows[(step * 3 + i) % rows.length].style.opacity = String((step % 10) / 10);
    for (let i = 0; i < 5; i++) {
      rows[0].remove();
      table.append(row());
    }
  };
  window.beBusy = async (steps) => {
    const tasks = [];
    const observer = new PerformanceObserver((list) =>
      list.getEntries().forEach(({ duration }) => tasks.push(duration)),
    );
    observer.observe({ type: 'longtask' });
    for (let step = 0; step < steps; step++) {
      change(step);
      await new Promise((done) => setTimeout(done));
    }
    // What was recorded is sent in this time, too.
    await new Promise((done) => setTimeout(done, 2_500));
    return tasks;
  };
}
