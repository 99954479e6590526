import { onCall } from './calls';
import type { Undo } from '../core/host';

/** Listens on the window, before the page's own listeners; gives what stops it. Who opens the document anew removes all listeners. */
export function listen(types: string, run: (event: any) => void): Undo {
  const each = (call: 'addEventListener' | 'removeEventListener'): void => {
    for (const type of types.split(' ')) window[call](type, run, true);
  };
  const again = (): void => each('addEventListener');
  again();
  const stop = onCall(again);
  return () => {
    stop();
    each('removeEventListener');
  };
}
