import { later, NativeMap, NativeWeakMap, now } from './natives';

/** Changes of an element without end: so many at once, and a second. */
const TOKENS = 100;
const PER_SECOND = 10;

/** Slows down what changes without end. What is held back comes later, as it is then. */
export interface Storm {
  /** Whether these attributes may be told now. */
  allows(element: Element, names: Iterable<string>): boolean;
  /** Attributes that were held back: the replayer has older values. */
  held(element: Element): Set<string> | undefined;
  clear(): void;
}

export function createStorm(release: (held: Map<Element, Set<string>>) => void): Storm {
  const buckets = new NativeWeakMap<Element, { left: number; at: number }>();
  const held = new NativeMap<Element, Set<string>>();
  let timer: number | undefined;

  function take(element: Element): boolean {
    const at = now();
    const bucket = buckets.get(element) ?? { left: TOKENS, at };
    bucket.left = Math.min(TOKENS, bucket.left + ((at - bucket.at) / 1000) * PER_SECOND);
    bucket.at = at;
    buckets.set(element, bucket);
    if (bucket.left < 1) return false;
    bucket.left--;
    return true;
  }

  function due(): void {
    timer = undefined;
    release(new NativeMap(held));
  }

  return {
    allows(element, names) {
      if (take(element)) {
        held.delete(element);
        return true;
      }
      const all = held.get(element) ?? new Set<string>();
      for (const name of names) all.add(name);
      held.set(element, all);
      timer ??= later(due, 1000 / PER_SECOND);
      return false;
    },
    held: (element) => held.get(element),
    clear: () => held.clear(),
  };
}
