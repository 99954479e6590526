import { read } from '../core/natives';
import { onCall } from './calls';
import type { Undo } from '../core/host';

/** Listens on the window, before the page's own listeners; gives what stops it. Who opens the document anew removes all listeners. */
export function listen(types: string, run: (event: any) => void): Undo {
  const each = (call: 'addEventListener' | 'removeEventListener'): void => {
    for (const type of types.split(' ')) window[call](type, run, true);
  };
  let root: unknown = true;
  const follow = (): void => {
    const before = root;
    root = read(document, 'documentElement');
    // Not without need: where the page wraps listeners, the browser takes ours for another one. After `open` there was no root.
    if (before && before !== root) each('addEventListener');
  };
  follow();
  const stop = onCall(follow);
  return () => {
    stop();
    each('removeEventListener');
  };
}
