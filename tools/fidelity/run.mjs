// Measures how close a replay is to the page. See docs/fidelity.md; run by `cargo xtask fidelity`.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startBench } from './lib/bench.mjs';
import { measurePage } from './lib/page-run.mjs';
import { thresholdsMissed, summaryOf, lineOf } from './lib/summary.mjs';
import { openReport } from './lib/report.mjs';
import { PAGES } from './pages.mjs';

const tool = path.dirname(fileURLToPath(import.meta.url));
const PAGE_DEADLINE_MS = 240_000;

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true }, quick: { type: 'boolean' }, ours: { type: 'boolean' }, cross: { type: 'boolean' }, measured: { type: 'string' }, report: { type: 'boolean' }, keep: { type: 'string' }, repository: { type: 'string' } } });
const root = path.join(tool, '../..');
/** Where the built SDK and dashboard are: those of another worktree may be measured. */
const repository = values.repository ?? root;
const report = values.report && (await openReport(root, PAGES.map(({ name }) => name)));
const pages = PAGES.filter(({ name, quick }) => (values.only ? values.only.includes(name) : !values.quick || quick));
if (!pages.length) throw new Error(`no page is named ${values.only}; there are ${PAGES.map(({ name }) => name).join(', ')}`);

const extent = values.ours ? 'ours' : values.quick ? 'quick' : values.cross ? 'cross' : 'full';
let bench = await startBench(tool, repository);
const results = [];
try {
  for (const [index, page] of pages.entries()) {
    const say = (text) => process.stderr.write(`  ${text}\n`);
    process.stderr.write(`${index + 1}/${pages.length} ${page.name}\n`);
    let result = await measure(page, say);
    // A picture may be taken a moment too early on a busy machine; what is really lost is lost again.
    if (values.quick && thresholdsMissed([result]).length) {
      say(`again, because of ${thresholdsMissed([result]).join('; ')}`);
      result = await measure(page, say);
    }
    if (!result.failed) say(lineOf(result));
    results.push(result);
    // After each page: what was measured is not lost when the run is stopped.
    if (values.report) await report.add(result);
  }
} finally {
  await bench.stop();
  process.stdout.write(summaryOf(results) + '\n');
}
const missed = values.quick ? thresholdsMissed(results) : [];
for (const line of missed) process.stderr.write(`missed: ${line}\n`);
process.exit(missed.length || results.every(({ failed }) => failed) ? 1 : 0);

/** A page that fails is a finding: the others go on. */
async function measure(page, say) {
  let timer;
  const deadline = new Promise((_, fail) => (timer = setTimeout(() => fail(new Error(`took more than ${PAGE_DEADLINE_MS / 1_000} s`)), PAGE_DEADLINE_MS)));
  try {
    const { result, pictures, recordings } = await Promise.race([measurePage(bench, page, { extent, say }), deadline]);
    if (values.keep) await keep(path.join(values.keep, page.name), result, pictures, recordings);
    if (values.report) await report.picture(bench, result, pictures);
    return { ...result, on: new Date().toISOString().slice(0, 10), measured: values.measured, machine: machine(), chromium: bench.browser.version() };
  } catch (error) {
    say(`failed: ${error.message}`);
    // What still runs of this page must not disturb the next.
    await bench.stop();
    bench = await startBench(tool, repository);
    return { name: page.name, failed: error.message };
  } finally {
    clearTimeout(timer);
  }
}

async function keep(folder, result, pictures, recordings) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'result.json'), JSON.stringify(result, null, 1));
  for (const [moment, { crow, rrweb, cross, bare }] of Object.entries(pictures)) {
    const files = { 'crow-live': crow[0], 'crow-replay': crow[1], ...(rrweb && { 'rrweb-live': rrweb[0], 'rrweb-replay': rrweb[1] }), ...(cross && { 'cross-replay': cross[1] }), ...(bare && { bare }) };
    for (const [name, picture] of Object.entries(files)) await writeFile(path.join(folder, `${moment}-${name}.png`), Buffer.from(picture, 'base64'));
    await writeFile(path.join(folder, `${moment}-pair.png`), Buffer.from(await bench.pairPicture(...crow, 'image/png'), 'base64'));
    if (rrweb) await writeFile(path.join(folder, `${moment}-rrweb-pair.png`), Buffer.from(await bench.pairPicture(...rrweb, 'image/png'), 'base64'));
  }
  for (const [name, recording] of Object.entries(recordings)) if (recording) await writeFile(path.join(folder, `${name}.json`), JSON.stringify(recording.events));
}

function machine() {
  return { cpu: os.cpus()[0]?.model ?? 'unknown', cores: os.cpus().length, memoryGb: Math.round(os.totalmem() / 2 ** 30), load: os.loadavg()[0].toFixed(1), node: process.version };
}
