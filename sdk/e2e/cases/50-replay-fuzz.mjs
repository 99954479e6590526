// The recorder against rrweb's replayer: the rebuilt page equals the live one.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { inParallel } from '../lib/cases.mjs';

const SEEDS = Number(process.env.FUZZ_SEEDS ?? 120);
const FIRST = Number(process.env.FUZZ_FIRST ?? 1);
const OPERATIONS = 200;
/** Seeds at the same time: each waits for its pages in between. */
const AT_ONCE = 3;
/** With sheets, forms, scrolling, the top layer and hostile names. */
const MORE_SEEDS = Number(process.env.FUZZ_MORE_SEEDS ?? 20);

async function pages({ site, browser }) {
  const context = await browser.newContext();
  const [live, player] = [await context.newPage(), await context.newPage()];
  await player.goto(site.origin + '/player.html');
  return { live, player };
}

export const cases = {
  [`${SEEDS} seeds of ${OPERATIONS} operations: the rebuilt DOM equals the live one`]: (world) =>
    compare(world, SEEDS, false),

  [`${MORE_SEEDS} seeds with sheets, forms, scrolling, the top layer and hostile names`]: (world) =>
    compare(world, MORE_SEEDS, true),
};

async function compare(world, seeds, more) {
  for (let i = 0; i < 3; i++)
    world.site.pages[`/fuzz-${i}.css`] = `.l${i} { color: blue } @media screen { .l { margin: ${i}px } }`;
  const wrong = [];
  const free = await Promise.all(Array.from({ length: AT_ONCE }, () => pages(world)));
  const all = Array.from({ length: seeds }, (_, i) => FIRST + i);
  await inParallel(all, AT_ONCE, async (seed) => {
    const tabs = free.pop();
    if (!(await isRebuilt(world, tabs, seed, more, wrong.length < 3))) wrong.push(seed);
    free.push(tabs);
  });
  assert.deepEqual(wrong, [], `${wrong.length} of ${seeds} differ`);
}

/** Whether the replay of a seed is what was live; `isTold` keeps both where it is not. */
async function isRebuilt({ site }, { live, player }, seed, more, isTold) {
  await live.goto(site.origin + '/fuzz.html');
  // Events go from page to page as text, because the driver takes long over each node of a tree.
  const { events, text, errors } = await live.evaluate(
    async ([seed, operations, more]) => {
      const [events, errors] = [[], []];
      const recording = CROWReplay.record({
        emit: (event) => events.push(JSON.stringify(event)),
        onError: (error) => errors.push(error.stack),
        late: () => import('/sdk/crow-late.js').then(() => CROWReplay.late),
        unmaskInputs: 'input,textarea,select',
      });
      if (seed % 5 === 0) {
        await fuzz(seed + 1000, 100, more);
        recording.snapshot();
      }
      await fuzz(seed, operations, more);
      return { events: events.join('\n'), errors, text: writeDown(document) };
    },
    [seed, OPERATIONS, more],
  );
  const play = (lines) => playAndWriteDown(lines.split('\n').map((line) => JSON.parse(line)));
  const replayed = await player.evaluate(play, events);
  if (replayed.text === text && !errors.length) return true;
  if (isTold) {
    writeFileSync(`/tmp/fuzz-${seed}.live`, text);
    writeFileSync(`/tmp/fuzz-${seed}.replay`, replayed.text);
    writeFileSync(`/tmp/fuzz-${seed}.events`, events);
    const difference = firstDifference(text, replayed.text);
    console.log(`seed ${seed}`, difference, replayed.warnings.slice(0, 2), errors.slice(0, 2));
  }
  return false;
}

function firstDifference(live, replay) {
  const [a, b] = [live.split('\n'), replay.split('\n')];
  const at = a.findIndex((line, i) => line !== b[i]);
  return `line ${at + 1}:\n  live   ${a[at]}\n  replay ${b[at]}`;
}
