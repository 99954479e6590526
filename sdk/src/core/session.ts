import { uuid } from './id';
import { toJson } from './json';
import { isId } from './shape';
import { readJson, type Store } from './storage';
import type { Session } from '../types';

const IDLE_MS = 3_600_000;
const MAX_MS = 86_400_000;
/** How often activity is written down; other tabs may be wrong by as much. */
const WRITE_EVERY_MS = 5_000;

interface StoredSession extends Session {
  activeAt: number;
}

/** The session that all tabs share. */
export interface Sessions {
  /** The session at this moment; begins one when the last is over. */
  touch(now: number): Session;
  /** The id of the session that is going on, if one is. */
  peek(now: number): string | undefined;
  /** Forgets the session: the next `touch` begins another. */
  end(): void;
}

/** Keeps the session in `store`, and reads it again before each decision. */
export function createSessions(store: Store, key: string): Sessions {
  let current: Partial<StoredSession> = {};

  function load(): Partial<StoredSession> {
    const stored = readJson<StoredSession>(store.get(key));
    // Activity is written down late, so what is stored of the same session may be older.
    if (isId(stored.id) && !(stored.id === current.id && stored.activeAt! < current.activeAt!)) current = stored;
    return stored;
  }

  /** A clock that went back by less is no reason to begin another. */
  const isLive = (now: number): boolean =>
    Math.abs(now - current.activeAt!) < IDLE_MS && now - current.startedAt! < MAX_MS;

  return {
    touch(now) {
      const stored = load();
      current = { ...(isLive(now) ? current : { id: uuid(now), startedAt: now }), activeAt: now };
      if (stored.id !== current.id || !(Math.abs(now - stored.activeAt!) <= WRITE_EVERY_MS))
        store.set(key, toJson(current));
      return current as Session;
    },
    peek(now) {
      load();
      return isLive(now) ? current.id : undefined;
    },
    end() {
      current = {};
      store.set(key, null);
    },
  };
}
