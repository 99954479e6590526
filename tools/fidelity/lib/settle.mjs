// Waiting on conditions, with a deadline.

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Waits until a condition holds; false when it never did. */
export async function until(condition, withinMs, everyMs = 50) {
  const deadline = Date.now() + withinMs;
  while (Date.now() < deadline) {
    if (await condition()) return true;
    await pause(everyMs);
  }
  return false;
}

/** A picture that changes nothing in the page: no caret is hidden, no style is added. */
async function shoot(devtools) {
  const { data } = await devtools.send('Page.captureScreenshot', { format: 'png', fromSurface: true, optimizeForSpeed: true });
  return data;
}

/**
 * The picture of a moment at which nothing moves: the same twice in a row. `now` is read between the two, which are
 * further apart on a machine that needs longer for one.
 */
export async function settled(devtools, now = () => Date.now(), { apartMs = 250, withinMs = 5_000 } = {}) {
  const started = Date.now();
  let picture = await shoot(devtools);
  const tookMs = Date.now() - started;
  const deadline = started + withinMs + 20 * tookMs;
  for (;;) {
    await pause(Math.max(apartMs, 2 * tookMs));
    const at = await now();
    const next = await shoot(devtools);
    if (next === picture) return { picture, at, isQuiet: true };
    if (Date.now() > deadline) return { picture: next, at, isQuiet: false };
    picture = next;
  }
}
