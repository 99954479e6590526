// Measures how close a replay is to the page. See docs/fidelity.md; run by `cargo xtask fidelity`.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startBench } from './lib/bench.mjs';
import { measurePage } from './lib/page-run.mjs';
import { thresholdsMissed, summaryOf, lineOf } from './lib/summary.mjs';
import { writeReport } from './lib/report.mjs';
import { PAGES } from './pages.mjs';

const tool = path.dirname(fileURLToPath(import.meta.url));
const PAGE_DEADLINE_MS = 150_000;

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true }, quick: { type: 'boolean' }, ours: { type: 'boolean' }, report: { type: 'boolean' }, keep: { type: 'string' } } });
const pages = PAGES.filter(({ name, quick }) => (values.only ? values.only.includes(name) : !values.quick || quick));
if (!pages.length) throw new Error(`no page is named ${values.only}; there are ${PAGES.map(({ name }) => name).join(', ')}`);

const started = Date.now();
const bench = await startBench(tool);
const results = [];
const worst = [];
try {
  for (const [index, page] of pages.entries()) {
    const say = (text) => process.stderr.write(`  ${text}\n`);
    process.stderr.write(`${index + 1}/${pages.length} ${page.name}\n`);
    results.push(await measure(page, say));
    process.stderr.write(`  ${lineOf(results.at(-1))}\n`);
  }
} finally {
  const results_ = { machine: machine(), seconds: Math.round((Date.now() - started) / 1_000), chromium: bench.browser.version(), pages: results };
  if (values.report) await writeReport(path.join(tool, '../..'), results_, worst, bench);
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
    const { result, pictures, recordings } = await Promise.race([measurePage(bench, page, { extent: values.ours ? 'ours' : values.quick ? 'quick' : 'full', say }), deadline]);
    if (values.keep) await keep(path.join(values.keep, page.name), result, pictures, recordings);
    for (const [moment, pairs] of Object.entries(pictures)) worst.push({ name: page.name, moment, equal: result.moments[moment].results.crow.equal, pairs });
    worst.sort((a, b) => a.equal - b.equal).splice(6);
    return result;
  } catch (error) {
    say(`failed: ${error.message}`);
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
