// The recorder against rrweb's replayer: the rebuilt page equals the live one.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';

const SEEDS = Number(process.env.FUZZ_SEEDS ?? 120);
const FIRST = Number(process.env.FUZZ_FIRST ?? 1);
const OPERATIONS = 200;

async function pages({ site, browser }) {
  const context = await browser.newContext();
  const [live, player] = [await context.newPage(), await context.newPage()];
  await player.goto(site.origin + '/player.html');
  return { live, player };
}

export const cases = {
  async [`${SEEDS} seeds of ${OPERATIONS} operations: the rebuilt DOM equals the live one`](world) {
    const { live, player } = await pages(world);
    const wrong = [];
    for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
      await live.goto(world.site.origin + '/fuzz.html');
      const { events, text, errors } = await live.evaluate(
        async ([seed, operations]) => {
          const [events, errors] = [[], []];
          const recording = CROWReplay.record({
            emit: (event) => events.push(JSON.parse(JSON.stringify(event))),
            onError: (error) => errors.push(error.stack),
            unmaskInputs: 'input,textarea,select',
          });
          if (seed % 5 === 0) {
            await fuzz(seed + 1000, 100);
            recording.snapshot();
          }
          await fuzz(seed, operations);
          return { events, errors, text: writeDown(document) };
        },
        [seed, OPERATIONS],
      );
      const replayed = await player.evaluate((events) => playAndWriteDown(events), events);
      const isRight = replayed.text === text && !errors.length;
      if (!isRight) {
        wrong.push(seed);
        if (wrong.length <= 3) {
          writeFileSync(`/tmp/fuzz-${seed}.live`, text);
          writeFileSync(`/tmp/fuzz-${seed}.replay`, replayed.text);
          writeFileSync(`/tmp/fuzz-${seed}.events`, events.map((event) => JSON.stringify(event)).join('\n'));
          console.log(`seed ${seed}`, firstDifference(text, replayed.text), replayed.warnings.slice(0, 2), errors.slice(0, 2));
        }
      }
    }
    assert.deepEqual(wrong, [], `${wrong.length} of ${SEEDS} differ`);
  },
};

function firstDifference(live, replay) {
  const [a, b] = [live.split('\n'), replay.split('\n')];
  const at = a.findIndex((line, i) => line !== b[i]);
  return `line ${at + 1}:\n  live   ${a[at]}\n  replay ${b[at]}`;
}
