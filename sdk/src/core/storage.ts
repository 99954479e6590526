/** Key-value storage that never throws. */
export interface Store {
  get(key: string): string | null;
  /** False when it could not be stored; `null` removes. */
  set(key: string, value: string | null): boolean;
  keys(): string[];
}

/** Lives as long as the page. */
export function memoryStore(entries = new Map<string, string>()): Store {
  return {
    get: (key) => entries.get(key) ?? null,
    set: (key, value) => {
      value === null ? entries.delete(key) : entries.set(key, value);
      return true;
    },
    keys: () => [...entries.keys()],
  };
}

/**
 * Storage of a browser. Reading the property may throw (blocked cookies), and so may every
 * call (quota); what cannot be stored lives in memory.
 */
export function webStore(open: () => Storage): Store {
  const fallback = memoryStore();
  let storage: Storage;
  try {
    storage = open();
    storage.length;
  } catch {
    return fallback;
  }
  return {
    get: (key) => fallback.get(key) ?? storage.getItem(key),
    set: (key, value) => {
      try {
        value === null ? storage.removeItem(key) : storage.setItem(key, value);
        fallback.set(key, null);
        return true;
      } catch {
        fallback.set(key, value);
        return false;
      }
    },
    keys: () => Object.keys(storage),
  };
}

/** What was stored as JSON; empty when there is nothing, or nothing of ours. */
export function readJson<T>(json: string | null): Partial<T> {
  try {
    return JSON.parse(json!) ?? {};
  } catch {
    return {};
  }
}
