/**
 * Sees what programs call. All is wrapped once, for all recordings, and never put back: somebody may have wrapped it after us. What
 * goes wrong in here is kept from the page, which gets what it would get without us.
 */
import type { Call } from './requests';
import type { Line } from './console';

/** Somebody who is told. */
export interface Watcher {
  line?(line: Line): void;
  /** A request is answered, or has failed. */
  call?(call: Call): void;
  /** Whether the body of an answer is to be read. */
  wantsBody?(url: string): boolean;
}

export const watchers = new Set<Watcher>();
const done = new Set<unknown>();

/** Runs something of ours; what it throws is kept from the page. */
export function quietly<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

export function tell<K extends 'line' | 'call'>(kind: K, fact: K extends 'line' ? Line : Call): void {
  watchers.forEach((watcher) => quietly(() => watcher[kind]?.(fact as any)));
}

/** Runs something once, however many recordings there are. */
export function once(key: unknown, run: () => void): void {
  if (!done.has(key)) quietly(run);
  done.add(key);
}

/** Puts a handler before a function or a class of the page. It runs it itself, and gives what the caller gets. */
export function wrap(owner: any, name: string, handler: ProxyHandler<any>): void {
  // False where the page does not let it be changed.
  Reflect.set(owner, name, new Proxy(owner[name], handler));
}

/** Sees calls of a function of the page, after they were made. */
export function after(owner: any, name: string, see: (self: any, args: any[], result: unknown) => void): void {
  wrap(owner, name, {
    apply(original, self, args) {
      const result = Reflect.apply(original, self, args);
      quietly(() => see(self, args, result));
      return result;
    },
  });
}

/** Listens on an object of the page. */
export function on(target: EventTarget, types: string, run: (event: any) => void): void {
  for (const type of types.split(' '))
    EventTarget.prototype.addEventListener.call(target, type, (event) => quietly(() => run(event)));
}
