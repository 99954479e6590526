/** A token bucket: `burst` at once, `perSecond` in the long run. */
export function tokenBucket(perSecond: number, burst: number): (now: number) => boolean {
  let tokens = burst;
  let filledAt = 0;
  return (now) => {
    // A clock that was set back must not stop the bucket from filling.
    tokens = Math.min(burst, tokens + (Math.max(0, now - filledAt) / 1000) * perSecond);
    filledAt = now;
    if (tokens < 1) return false;
    tokens--;
    return true;
  };
}
