import type { Store } from './storage';
import type { Spool } from '../types';

/** Keeps undelivered batches in a store. */
export function storeSpool(store: Store, prefix: string): Spool {
  return {
    save: (pageId, content) => store.set(prefix + pageId, content),
    takeOver(pageId, take) {
      const run = (): void => {
        for (const key of store.keys()) {
          if (key.startsWith(prefix) && key !== prefix + pageId && take(store.get(key) ?? '')) store.set(key, null);
        }
      };
      // Two pages that start together do not take the same things. Were they to, ids keep events single.
      try {
        navigator.locks.request(prefix, run).catch(run);
      } catch {
        run();
      }
    },
  };
}
