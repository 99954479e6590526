/** Characters at once, and a second in the long run. */
const MAX_CHARS = 100_000;
const CHARS_PER_SECOND = 5_000;
/** What each item costs beside its text. */
const PER_ITEM = 100;

/** Keeps a loop that logs or asks from costing the page, or the recording. Each kind has characters of its own. */
export interface Budget {
  /** Whether another one of this kind may be recorded; counts it as dropped if not. */
  allows(kind: string): boolean;
  /** What the one that was allowed has cost. */
  spend(chars: number): void;
  /** How many were dropped since the last call. */
  dropped(): number;
}

export function createBudget(now: () => number): Budget {
  const left: { [kind: string]: number } = {};
  let current = '';
  let at = now();
  let lost = 0;

  return {
    allows(kind) {
      current = kind;
      const time = now();
      for (const one of Object.keys(left))
        // A clock that was set back must not stop it from filling.
        left[one] = Math.min(MAX_CHARS, left[one]! + Math.max(0, time - at) * (CHARS_PER_SECOND / 1000));
      at = time;
      const isAllowed = (left[kind] ??= MAX_CHARS) > 0;
      if (!isAllowed) lost++;
      return isAllowed;
    },
    spend(chars) {
      left[current]! -= chars + PER_ITEM;
    },
    dropped() {
      const count = lost;
      lost = 0;
      return count;
    },
  };
}
