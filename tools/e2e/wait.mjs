// Waiting for a condition, never for a time.

/** A busy machine takes its time; nothing that works takes so long. */
export const DEADLINE_MS = 60_000;

const PAUSE_MS = 50;
const SETTLED_MS = 400;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Waits until `isTrue` gives something true, and gives that; fails with `explain()`. */
export async function until(isTrue, explain = () => `timed out waiting for ${isTrue}`, timeout = DEADLINE_MS) {
  const deadline = Date.now() + timeout;
  for (;;) {
    const result = await isTrue();
    if (result) return result;
    if (Date.now() > deadline) throw new Error(await explain());
    await pause(PAUSE_MS);
  }
}

/** Waits until a number has not changed for a while, such as that of what arrives. */
export async function settled(number) {
  for (let last = -1; last !== number();) {
    last = number();
    await pause(SETTLED_MS);
  }
}
