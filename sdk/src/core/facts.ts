import { outside } from './natives';
import type { Undo } from './host';
import type { Facts, Options } from '../types';

/** Tells listeners what happens, and keeps failures away from the page. */
export interface Teller {
  on<K extends keyof Facts>(kind: K, listener: (fact: Facts[K]) => void): Undo;
  emit<K extends keyof Facts>(kind: K, fact: Facts[K]): void;
  fail(code: Facts['error']['code'], message: string, cause?: unknown): void;
  /** Wraps a function so that it never throws, nor rejects. `call` names a call of the page, whose arguments may be wrong. */
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

/** Anything as text; some objects throw when they are asked. */
export function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return '';
  }
}

export function createTeller(options: Options): Teller {
  let listeners: [kind: string, listener: (fact: any) => void][] = [];

  function emit(kind: string, fact: unknown): void {
    for (const [wanted, listener] of listeners) {
      try {
        if (wanted === kind) listener(fact);
      } catch (cause) {
        if (options.debug) warn(kind, cause);
      }
    }
  }

  function fail(code: Facts['error']['code'], message: string, cause?: unknown): void {
    if (/^inv|un/.test(code) || options.debug) warn(message, cause ?? '');
    emit('error', { code, message, cause });
  }

  return {
    emit,
    fail,
    on(kind, listener) {
      const entry: (typeof listeners)[0] = [kind, listener];
      listeners = [...listeners, entry];
      return () => void (listeners = listeners.filter((other) => other !== entry));
    },
    guard(run, call) {
      const failed = (cause: unknown): any =>
        cause === WRONG ? fail('invalid_call', call + ': wrong arguments') : fail('internal', textOf(cause), cause);
      return (...args) => {
        try {
          const result: any = outside(() => run(...args));
          return typeof result?.then === 'function' ? result.then(undefined, failed) : result;
        } catch (cause) {
          return failed(cause);
        }
      };
    },
  };
}

function warn(...what: unknown[]): void {
  try {
    console.warn('[crow]', ...what);
  } catch {
    // The page's console.
  }
}
