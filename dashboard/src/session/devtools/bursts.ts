/** Requests that belong together, such as those of a page that loads. */
export interface Burst {
  from: number;
  to: number;
}

/** Nothing was asked for so long: what follows is another burst. */
const QUIET_MS = 1_000;
/** A waterfall of less time would only magnify chance. */
export const LEAST_MS = 100;

/** The burst of each request, by its id. The requests are in the order of time. */
export function burstsOf(requests: readonly { id: string; at: number; end: number }[]): Map<string, Burst> {
  const bursts = new Map<string, Burst>();
  let burst: Burst | undefined;
  for (const { id, at, end } of requests) {
    if (!burst || at > burst.to + QUIET_MS) burst = { from: at, to: end };
    burst.to = Math.max(burst.to, end);
    bursts.set(id, burst);
  }
  return bursts;
}
