import { memoryStore } from './storage';
import type { Host } from './host';

/** An app without a page: keeps things in memory, and sends with `fetch`. */
export function nativeHost(parts: Partial<Host> = {}): Host {
  return {
    platform: 'react-native',
    store: memoryStore(),
    windowStore: memoryStore(),
    isRefused: () => false,
    context: () => ({}),
    whenReady: (run) => run(),
    attach: () => () => {},
    request: (input, init) => fetch(input, init),
    ...parts,
  };
}
