/** Key-value storage that never throws. */
export interface Store {
  get(key: string): string | null;
  /** False when it could not be stored; `null` removes. */
  set(key: string, value: string | null): boolean;
  keys(): string[];
}

/** Lives as long as the page. */
export function memoryStore(entries: Record<string, string> = {}): Store {
  return {
    get: (key) => entries[key] ?? null,
    set: (key, value) => {
      if (value === null) delete entries[key];
      else entries[key] = value;
      return true;
    },
    keys: () => Object.keys(entries),
  };
}

/**
 * Storage of a browser. Reading the property may throw (blocked cookies), and so may every
 * call (quota); what cannot be stored lives in memory.
 */
export function webStore(open: () => Storage): Store {
  const memory = memoryStore();
  const attempt = <R>(use: (storage: Storage) => R, otherwise: R): R => {
    try {
      return use(open());
    } catch {
      return otherwise;
    }
  };
  return {
    get: (key) => memory.get(key) ?? attempt((storage) => storage.getItem(key), null),
    set(key, value) {
      memory.set(key, null);
      const isKept = attempt(
        (storage) => (value === null ? storage.removeItem(key) : storage.setItem(key, value), true),
        false,
      );
      // Nobody expects more of a blocked one.
      return isKept || (memory.set(key, value), attempt(() => false, true));
    },
    keys: () => [...memory.keys(), ...attempt(Object.keys, [])],
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
