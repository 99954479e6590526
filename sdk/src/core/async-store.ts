import { memoryStore, type Store } from './storage';

/** Storage of an app: AsyncStorage of React Native, or anything like it. */
export interface AsyncStorageLike {
  getAllKeys(): Promise<readonly string[]>;
  getItem(key: string): Promise<string | null>;
  setItem(key: string, value: string): Promise<void>;
  removeItem(key: string): Promise<void>;
}

/**
 * A store in memory that is read once and written behind: in order, one write at a time.
 * `onError` is told of writes that failed; what they held stays in memory.
 */
export function asyncStore(
  storage: AsyncStorageLike,
  prefix: string,
  onError: (error: unknown) => void,
): { store: Store; loaded: Promise<void>; written(): Promise<void> } {
  const memory = memoryStore();
  let writes: Promise<void> = Promise.resolve();

  const load = async (): Promise<void> => {
    const keys = (await storage.getAllKeys()).filter((key) => key.startsWith(prefix));
    const values = await Promise.all(keys.map((key) => storage.getItem(key)));
    keys.forEach((key, i) => memory.get(key) === null && memory.set(key, values[i] ?? null));
  };
  return {
    loaded: load().catch(onError),
    written: () => writes,
    store: {
      ...memory,
      set(key, value) {
        memory.set(key, value);
        writes = writes
          .then(() => (value === null ? storage.removeItem(key) : storage.setItem(key, value)))
          .catch(onError);
        return true;
      },
    },
  };
}
