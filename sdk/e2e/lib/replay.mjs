// Reads a recording back, plays it, and makes its tree comparable with the live one.
import { until } from '../../../tools/e2e/wait.mjs';

/** The stored recording of a session, when there is enough of it. */
export function storedReplay({ crow }, id, isEnough) {
  return until(
    async () => {
      const events = await crow.replay(id);
      return events?.length && isEnough(events) && events;
    },
    async () => `only ${(await crow.replay(id))?.length} replay events`,
  );
}

/** Plays to the end in rrweb's player, and writes down what is there then. */
export async function rebuilt({ site, browser }, events) {
  const context = await browser.newContext();
  const player = await context.newPage();
  await player.goto(site.origin + '/player.html');
  const result = await player.evaluate((text) => playAndWriteDown(JSON.parse(text)), JSON.stringify(events));
  await context.close();
  return result;
}

/** Fails with the lines that differ. */
export function assertSameTree(actual, expected, name = '') {
  if (actual === expected) return;
  const lines = (tree) => tree.split('\n');
  const only = (one, other, sign) =>
    lines(one)
      .filter((line) => !lines(other).includes(line))
      .map((line) => sign + line);
  const differing = [...only(expected, actual, '- '), ...only(actual, expected, '+ ')].slice(0, 60);
  throw new Error(
    `${name}: the rebuilt tree is not the live one (- live, + rebuilt):\n${differing.join('\n') || `the same lines in another order or number: ${lines(expected).length} and ${lines(actual).length}`}`,
  );
}

/**
 * A tree without what differs by design: what is in fields is not recorded as it is, addresses
 * are recorded whole, a linked sheet is recorded as its rules, and the player marks what the mouse is over.
 */
export function compared(tree, origin) {
  return tree
    .replace(/ class=":hover rrweb-paused"/, '')
    .replace(/^( *)<sheet.*>\n(?:\1 .*\n)*/gm, '')
    .replace(/> \(.*\)$|( class=":hover")|( :hover)/gm, '')
    .replace(/ \(.*\)>$/gm, '>')
    .replace(/(href|action|src)="\//g, `$1="${origin}/`);
}
