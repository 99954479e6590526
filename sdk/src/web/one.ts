import { createTracker, type Tracker } from '../core/tracker';
import { webHost } from './host';
import type { Options } from '../types';

/** Where all copies of this code in a page look: a script tag twice, or a tag and a module. */
const KEY = Symbol.for('crow.trackers');

/** The tracker of this page for a key: there is one, however often the page asks. */
export function webTracker(options: Options): Tracker {
  const trackers: { [name: string]: Tracker } = ((window as any)[KEY] ??= {});
  const name = [options?.apiKey, options?.storageKey].join();
  let isOver = false;
  const onShut = (): void => {
    isOver = true;
    delete trackers[name];
  };
  const tracker = trackers[name] ?? createTracker(options, { ...webHost(), onShut });
  if (!isOver) trackers[name] = tracker;
  return tracker;
}
