import { storeSpool } from '../core/spool';
import type { Store } from '../core/storage';
import type { Spool } from '../types';

const TABLE = 'batches';

/**
 * Keeps undelivered replay in IndexedDB, which holds more than localStorage. Writes take their
 * time; what the last moment of a page adds may be lost, and shows as a gap.
 */
export function databaseSpool(name: string): Spool {
  const opened = new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const run = (mode: IDBTransactionMode, act: (table: IDBObjectStore) => void): void => {
    opened.then((database) => act(database.transaction(TABLE, mode).objectStore(TABLE))).catch(() => {});
  };
  const save = (pageId: string, content: string | null): boolean => {
    run('readwrite', (table) => {
      content === null ? table.delete(pageId) : table.put(content, pageId);
      // The page may be gone before it could commit by itself.
      table.transaction.commit?.();
    });
    return true;
  };
  return {
    save,
    takeOver(pageId, take) {
      run('readonly', (table) => {
        const [keys, values] = [table.getAllKeys(), table.getAll()];
        table.transaction.oncomplete = () => {
          const found = new Map(keys.result.map((key, i) => [key as string, values.result[i] as string]));
          // Under the same lock as events, so that two pages do not take the same.
          storeSpool(asStore(found, save), '').takeOver(pageId, take);
        };
      });
    },
  };
}

function asStore(found: Map<string, string>, save: (key: string, value: string | null) => boolean): Store {
  return { get: (key) => found.get(key) ?? null, set: save, keys: () => [...found.keys()] };
}
