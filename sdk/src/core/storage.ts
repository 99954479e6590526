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
  const memory: Record<string, string> = {};
  let storage: Storage | undefined;
  try {
    storage = open();
  } catch {
    // Blocked: all lives in memory.
  }
  return {
    get: (key) => memory[key] ?? storage?.getItem(key) ?? null,
    set(key, value) {
      delete memory[key];
      try {
        value === null ? storage?.removeItem(key) : storage!.setItem(key, value);
        return true;
      } catch {
        memory[key] = value!;
        return !storage;
      }
    },
    keys: () => Object.keys({ ...memory, ...storage }),
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
