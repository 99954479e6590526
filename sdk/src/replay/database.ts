import type { Core } from '../core/host';
import type { Store } from '../core/storage';
import type { Spool } from '../types';

const TABLE = 'batches';
/** Of what localStorage holds, 5 million characters, the page needs some. */
const MAX_LAST_CHARS = 2_000_000;

/**
 * Keeps undelivered replay in IndexedDB, which holds more than localStorage. But its writes take time, and
 * those of a page that goes may never be done: what such a page leaves goes into localStorage, too.
 */
export function databaseSpool({ store: last, spool }: Core, name: string): Spool {
  const prefix = name + '_';
  const opened = new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
    request.onsuccess = () => {
      // Another page removes it: the person has opted out there.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  const run = (
    mode: IDBTransactionMode,
    act: (table: IDBObjectStore) => void,
    otherwise: () => void = () => {},
  ): void => {
    opened.then((database) => act(database.transaction(TABLE, mode).objectStore(TABLE))).catch(otherwise);
  };
  // Nothing may ever be asked of a database that does not open.
  opened.catch(() => {});
  const save = (pageId: string, content: string | null, isFinal?: boolean): boolean => {
    last.set(prefix + pageId, isFinal && content && content.length < MAX_LAST_CHARS ? content : null);
    run('readwrite', (table) => {
      content === null ? table.delete(pageId) : table.put(content, pageId);
      // The page may be gone before it could commit by itself.
      table.transaction.commit?.();
    });
    return true;
  };
  /** `found`: in the database. What the last moment of a page has left is newer than that. */
  const merged = (found: { [pageId: string]: string }): Store => ({
    get: (pageId) => last.get(prefix + pageId) ?? found[pageId] ?? null,
    set: save,
    keys: () => {
      const late = last
        .keys()
        .filter((key) => key.startsWith(prefix))
        .map((key) => key.slice(prefix.length));
      return [...late, ...Object.keys(found).filter((pageId) => !late.includes(pageId))];
    },
  });
  return {
    save,
    wipe: () => run('readwrite', (table) => table.clear()),
    takeOver(pageId, take) {
      // Under the same lock as events, so that two pages do not take the same.
      const takeAll = (found: { [pageId: string]: string }): void => spool(merged(found), '').takeOver(pageId, take);
      const read = (table: IDBObjectStore): void => {
        const [keys, values] = [table.getAllKeys(), table.getAll()];
        table.transaction.oncomplete = () =>
          takeAll(Object.fromEntries(keys.result.map((key, i) => [key, values.result[i]])));
      };
      run('readonly', read, () => takeAll({}));
    },
  };
}
