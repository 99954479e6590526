import type { Undo } from '../core/host';

/** Listens on the window, before the page's own listeners; gives what stops it. */
export function listen(types: string, run: (event: any) => void): Undo {
  const each = (call: 'addEventListener' | 'removeEventListener'): void => {
    for (const type of types.split(' ')) window[call](type, run, true);
  };
  each('addEventListener');
  return () => each('removeEventListener');
}
