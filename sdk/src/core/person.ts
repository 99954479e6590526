import { readJson, type Store } from './storage';
import type { Properties } from '../types';

/** Who the person is said to be; outlives pages. */
export interface Identity {
  userId?: string;
  traits?: Properties;
  groups?: Properties;
  /** Super properties. */
  props?: Properties;
}

/** Keeps the identity: in memory, and in the store once that is allowed. */
export interface Person {
  /** The identity now; not to be changed. */
  who(): Identity;
  /** Changes fields of the identity; without an argument, forgets it. */
  remember(change?: Identity): void;
  /** Reads what earlier pages kept; what this page said counts more. */
  recall(): void;
  keep(): void;
}

export function createPerson(store: Store, key: string): Person {
  let identity: Identity = {};
  const keep = (): void => void store.set(key, JSON.stringify(identity));
  return {
    who: () => identity,
    remember: (change) => (identity = change ? { ...identity, ...change } : {}) as never,
    recall() {
      identity = { ...readJson<Identity>(store.get(key)), ...identity };
      keep();
    },
    keep,
  };
}
