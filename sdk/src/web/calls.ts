import type { Undo } from '../core/host';

/** What a page may do that shows in no event and in no change of the document. */
const CALLS = 'pushState replaceState open alert confirm prompt print createObjectURL write writeln writeText'.split(
  ' ',
);
let listeners: ((name: string) => void)[] | undefined;

/** Calls `tell` after the page has called one of `CALLS`; gives what stops it. */
export function onCall(tell: (name: string) => void): Undo {
  if (!listeners) [history, window, document, URL, navigator.clipboard].forEach(watch);
  listeners = [...(listeners ?? []), tell];
  return () => void (listeners = listeners!.filter((other) => other !== tell));
}

/** Never put back: somebody may have changed it after us. */
function watch(owner: any): void {
  for (const name of CALLS) {
    const original = owner?.[name];
    if (typeof original !== 'function') continue;
    const apply = (_: unknown, self: unknown, args: unknown[]): unknown => {
      const result = Reflect.apply(original, self, args);
      listeners!.forEach((tell) => tell(name));
      return result;
    };
    // False where the page does not let it be changed.
    Reflect.set(owner, name, new Proxy(original, { apply }));
  }
}
