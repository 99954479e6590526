import { nativeHost } from './core/native-host';
import { createTracker, type Tracker } from './core/tracker';
import { webTracker } from './web/one';
import type { EventMap, Options } from './types';

export * from './types';
export type { Tracker };

/** Any name, any properties. */
export type AnyEvents = Record<string, Record<string, unknown>>;

/**
 * Tracks a web page, or the renderer of an Electron app.
 *
 * ```ts
 * const tracker = new CROWTracker({ apiKey: 'crow_…', endpoint: 'https://api.crow.example.com' });
 * tracker.track('purchase_completed', { productId: '12345', amount: 99.99 });
 * ```
 *
 * On a server it does nothing. `Events` names the custom events and their properties.
 */
export class CROWTracker<Events extends EventMap = AnyEvents> {
  constructor(options: Options) {
    Object.assign(this, trackerFor(Object(options)));
  }
}
export interface CROWTracker<Events extends EventMap = AnyEvents> extends Tracker<Events> {}

/** React Native and Electron's main process have no page; a server that renders pages is not to be tracked. */
function trackerFor(options: Options): Tracker {
  const { platform = 'web' } = options;
  return typeof document === 'object'
    ? webTracker(options)
    : createTracker(options, nativeHost({ isRefused: () => platform === 'web' }));
}
