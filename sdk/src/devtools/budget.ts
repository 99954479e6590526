import type { Given } from './watch';

/** Characters at once, and a second in the long run. */
const MAX_CHARS = 100_000;
const CHARS_PER_SECOND = 5_000;
/** What each item costs beside its text. */
const PER_ITEM = 100;
const MINUTE_MS = 60_000;

/** Keeps a loop that logs or asks from costing the page, or the recording. Each kind has characters of its own, and a count. */
export interface Budget {
  /** Makes another one of this kind and gives it to `take`, if it may be recorded; counts it as dropped if there are too many. */
  spend<T extends object>(kind: string, make: () => T, take: (made: T) => void): void;
  /** How many were dropped since the last call. */
  dropped(): number;
}

export function createBudget(
  part: 'console' | 'network',
  { now, limits, toJson }: Pick<Given, 'now' | 'limits' | 'toJson'>,
): Budget {
  /** Of each kind: the characters that are left, when one was last wanted, and how many were made in that minute of the clock. */
  const kinds: { [kind: string]: [left: number, at: number, count: number] } = {};
  let lost = 0;

  return {
    spend(kind, make, take) {
      // The server may say it later.
      const most = limits()?.[part] ?? Infinity;
      const time = now();
      let [left, at, count] = kinds[kind] ?? [MAX_CHARS, time, 0];
      // A clock that was set back must not stop it from filling.
      left = Math.min(MAX_CHARS, left + Math.max(0, time - at) * (CHARS_PER_SECOND / 1000));
      // Which minutes they are of: bits are of whole numbers.
      if ((at / MINUTE_MS) ^ (time / MINUTE_MS)) count = 0;
      if (left > 0 && count < most) {
        const made = make();
        left -= toJson(made).length + PER_ITEM;
        count++;
        take(made);
      } else if (most !== 0) lost++;
      kinds[kind] = [left, time, count];
    },
    dropped() {
      const count = lost;
      lost = 0;
      return count;
    },
  };
}
