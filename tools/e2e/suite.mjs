// Runs the cases of a suite, and says how long they took.
import { readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { browserName } from './browser.mjs';

/** Of the cases that took longest, so many are listed in the end. */
const LISTED = 10;

/** No case takes so long. One that waits for what never comes must not hold up the others. */
const CASE_MS = 300_000;

/** A part of the names of cases. Without one, Chromium runs all cases, and other browsers those that are made for every browser. */
export const wanted = process.argv[2] ?? (browserName === 'chromium' ? '' : '25-browsers');

/**
 * Runs the cases in the files of `folder`, and tells whether all passed. `before` comes before each try, `failed` after the last try
 * of a case, while its pages are open. Suites run side by side, so each line says where it comes from.
 */
export async function runCases({ suite, folder, world, before = () => {}, failed = () => {} }) {
  const where = `${suite}/${browserName}`;
  const times = [];
  let failures = 0;
  for (const file of readdirSync(folder).sort()) {
    const { cases, finish, isMeasurement } = await import(new URL(file, folder));
    if (isMeasurement && !wanted) continue;
    const chosen = Object.entries(cases).filter(([name]) => `${file} ${name}`.includes(wanted));
    for (const [name, run] of chosen) {
      const label = `${file.replace('.mjs', '')}: ${name}`;
      const begun = clock();
      const attempt = async () => (await before(), run(world));
      const isPassed = await succeeds(`${where} ${label}`, attempt, () => failed(++failures), world.browser);
      if (isPassed) console.log(`ok    ${where} ${label} (${Date.now() - begun.ms} ms)`);
      times.push({ label, ...clock(begun) });
    }
    if (chosen.length) finish?.();
  }
  console.log(`${where}: ${times.length - failures} passed, ${failures} failed`);
  tell(where, times);
  return failures === 0 && times.length > 0;
}

/** A case that fails gets a second try: some go by the clock, and the machine may be busy. */
async function succeeds(name, attempt, failed, browser) {
  for (const isLast of [false, true]) {
    const deadline = timer(CASE_MS);
    try {
      await Promise.race([attempt(), deadline.passed]);
      return true;
    } catch (error) {
      console.log(`${isLast ? 'FAIL ' : 'AGAIN'} ${name}\n${error.stack}`);
      if (isLast) await failed();
    } finally {
      deadline.stop();
      for (const context of browser.contexts()) await context.close();
    }
  }
  return false;
}

function timer(ms) {
  let stop;
  const passed = new Promise((_, fail) => {
    const running = setTimeout(() => fail(new Error(`took more than ${ms / 1000} s`)), ms);
    stop = () => clearTimeout(running);
  });
  return { passed, stop };
}

/** The time now, or since a time: milliseconds, and those that all processors together computed. */
function clock(since = { ms: 0, busy: 0 }) {
  const times = cpus().map(({ times: { user, nice, sys, irq } }) => user + nice + sys + irq);
  return { ms: Date.now() - since.ms, busy: times.reduce((sum, one) => sum + one) - since.busy };
}

function tell(where, times) {
  const line = ({ ms, busy, label }) => {
    const share = Math.round((100 * busy) / (ms * cpus().length || 1));
    return `${(ms / 1000).toFixed(1).padStart(7)} s, machine ${String(share).padStart(3)} % busy  ${label}`;
  };
  const total = (name) => times.reduce((sum, one) => sum + one[name], 0);
  const slowest = times.toSorted((a, b) => b.ms - a.ms).slice(0, LISTED);
  const all = { ms: total('ms'), busy: total('busy'), label: `all ${times.length} cases` };
  console.log([`${where}: where the time went`, ...[all, ...slowest].map(line)].join('\n'));
}
