import type { Undo } from './host';
import type { Facts, Options } from '../types';

/** Tells listeners what happens, and keeps failures away from the page. */
export interface Teller {
  on<K extends keyof Facts>(kind: K, listener: (fact: Facts[K]) => void): Undo;
  emit<K extends keyof Facts>(kind: K, fact: Facts[K]): void;
  fail(code: Facts['error']['code'], message: string, cause?: unknown): void;
  /** Wraps a function so that it never throws. `call` names a call of the page, whose arguments may be wrong. */
  guard<A extends unknown[], R>(run: (...args: A) => R, call?: string): (...args: A) => R;
}

/** Thrown by `need`; told as the wrong call that it is. */
const WRONG = {};

/** Ends a call whose arguments are not right. */
export function need(isRight: unknown): void {
  if (!isRight) throw WRONG;
}

export function isText(value: unknown): unknown {
  return value && typeof value === 'string';
}

export function createTeller(options: Options): Teller {
  const listeners: { [kind: string]: Set<(fact: any) => void> } = {};

  function emit(kind: string, fact: unknown): void {
    listeners[kind]?.forEach((listener) => {
      try {
        listener(fact);
      } catch (cause) {
        if (options.debug) console.warn('[crow]', kind, cause);
      }
    });
  }

  function fail(code: Facts['error']['code'], message: string, cause?: unknown): void {
    if (/^inv|un/.test(code) || options.debug) console.warn('[crow]', message, cause ?? '');
    emit('error', { code, message, cause });
  }

  return {
    emit,
    fail,
    on(kind, listener) {
      const those = (listeners[kind] ??= new Set());
      those.add(listener);
      return () => void those.delete(listener);
    },
    guard: (run, call) => (...args) => {
      try {
        return run(...args);
      } catch (cause) {
        return (cause === WRONG ? fail('invalid_call', call + ': wrong arguments') : fail('internal', String(cause), cause)) as never;
      }
    },
  };
}
