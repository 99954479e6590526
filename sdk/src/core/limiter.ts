const MS_PER_TOKEN = 100;
const BURST = 100;

/** A token bucket: 100 at once, 10 a second in the long run. */
export function tokenBucket(): (now: number) => boolean {
  let tokens = BURST;
  let filledAt = 0;
  return (now) => {
    // A clock that was set back must not stop the bucket from filling.
    tokens = Math.min(BURST, tokens + Math.max(0, now - filledAt) / MS_PER_TOKEN);
    filledAt = now;
    return tokens >= 1 && !!tokens--;
  };
}
