// Small pages for one question each: is the replay what the live page is?
import assert from 'node:assert/strict';
import { DEADLINE_MS, until } from '../../../tools/e2e/wait.mjs';

/** Of small pages that are open at the same time: they wait more than they compute. */
const AT_ONCE = 3;
let pages = 0;

/** Asks several small questions, each of a page of its own. */
export async function all(world, cases) {
  const context = await world.browser.newContext();
  const players = await Promise.all(Array.from({ length: AT_ONCE }, () => openPlayer(world, context)));
  await inParallel(Object.entries(cases), AT_ONCE, async ([name, one]) => {
    const player = players.pop();
    await sameInReplay(world, { ...one, player }).catch((error) => {
      throw new Error(`${name}: ${error.message}`, { cause: error });
    });
    players.push(player);
  });
  await context.close();
}

/** A page that plays one recording after the other. */
async function openPlayer({ site }, context) {
  const player = await context.newPage();
  await player.goto(site.origin + '/player.html');
  return player;
}

/** Does something with each item, with so many at once. After a failure it begins none, and ends those that it began. */
export async function inParallel(items, atOnce, use) {
  const left = [...items];
  const work = async () => {
    while (left.length) {
      try {
        await use(left.shift());
      } catch (error) {
        left.length = 0;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: atOnce }, work));
  const failed = ended.find(({ status }) => status === 'rejected');
  if (failed) throw failed.reason;
}

/** A page of its own that records itself into `events`. */
export async function recorded({ site, browser }, { html, before = '', options = {} }) {
  const path = `/case-${pages++}.html`;
  site.pages[path] =
    `<!doctype html><html><head><title>Case</title>${before}</head><body>${html}<script src="/dom.js"></script><script src="/sdk/crow-replay.js"></script></body></html>`;
  const context = await browser.newContext();
  const page = await context.newPage();
  const thrown = [];
  page.on?.('pageerror', (error) => thrown.push(error.message));
  await page.goto(site.origin + path);
  await page.evaluate((given) => {
    window.events = [];
    window.errors = [];
    window.recording = CROWReplay.record({
      emit: (event) => events.push(structuredClone(event)),
      onError: (error) => errors.push(String(error.stack)),
      late: () => import('/sdk/crow-late.js').then(() => CROWReplay.late),
      ...given,
    });
  }, options);
  return { context, page, thrown };
}

/**
 * Records a page, does something in it, and asks the live page and the replay the same: `ask` is a
 * function of a document. Both must give the same in the end; gives the answer. `onlyLive` takes out of
 * the live answer what is hidden in a replay.
 */
export async function sameInReplay(
  world,
  { act = () => {}, ask, expected, onlyLive = (live) => live, player, ...more },
) {
  const { context, page, thrown } = await recorded(world, more);
  player ??= await openPlayer(world, context);
  await page.evaluate(act);
  const deadline = Date.now() + DEADLINE_MS;
  let live, replay, errors;
  const isSame = async () => {
    const result = await page.evaluate((question) => {
      delete Array.prototype.toJSON;
      return JSON.stringify({ live: eval(`(${question})`)(document), events, errors });
    }, String(ask));
    const { events } = ({ live, errors } = JSON.parse(result));
    live = onlyLive(live);
    assert.ok(events.length > 1, `nothing was recorded: ${errors} ${thrown}`);
    // As text, because the driver takes long over each node of a tree.
    const given = [JSON.stringify(events), String(ask)];
    replay = await player.evaluate(([text, question]) => playAndAsk(JSON.parse(text), question), given);
    return [replay, expected ?? live].every((one) => JSON.stringify(one) === JSON.stringify(live));
  };
  // A page needs a moment, too, such as for a sheet that it loads.
  await until(async () => (await isSame()) || Date.now() > deadline);
  assert.deepEqual(replay, live);
  assert.deepEqual(errors, []);
  assert.deepEqual(thrown, []);
  if (expected !== undefined) assert.deepEqual(live, expected);
  await context.close();
  return live;
}
