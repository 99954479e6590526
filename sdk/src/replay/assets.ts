import { NativeMap, NativeSet, request, toJson, whenIdle } from './natives';
import type { From } from './scene';
import type { Core } from '../core/host';
import type { Late } from './load';

const MAX_URLS = 3_000;
const PER_BATCH = 200;
/** Frameworks name thousands of flags and shapes. */
const MAX_NAMED = 10_000;

/** Pictures and fonts: reports which are shown, and uploads those that the server wants. */
export interface Assets {
  shown(url: string, from: From): void;
  /** What was not reported yet, for the next batch. */
  take(): object | undefined;
  /** Uploads one after the other, in idle time. */
  upload(urls: string[]): void;
}

export function createAssets(core: Core, late: () => Promise<Late>): Assets {
  const known = new NativeMap<string, boolean>();
  let fresh: { url: string; from: 'page' | 'style' }[] = [];
  /** Sheets name more than is ever shown: what they name, and what has loaded. */
  const named = new NativeSet<string>();
  const loaded = new NativeSet<string>();
  let canTell = false;
  const queue: string[] = [];
  let isBusy = false;
  let send: ((url: string) => Promise<void>) | undefined;

  function add(url: string, from: From): void {
    if (known.has(url) || known.size >= MAX_URLS) return;
    known.set(url, true);
    fresh.push({ url, from: from === 'page' ? from : 'style' });
  }

  function shown(address: string, from: From): void {
    const url = address.split('#')[0]!;
    if (!/^https?:/.test(url)) return;
    if (from === 'style' && canTell && !loaded.has(url)) {
      if (named.size < MAX_NAMED) named.add(url);
    } else add(url, from);
  }

  try {
    const observer = new PerformanceObserver((list) => {
      for (const { name } of list.getEntries()) {
        if (loaded.size < MAX_NAMED) loaded.add(name);
        if (named.delete(name)) add(name, 'style');
      }
    });
    observer.observe({ type: 'resource', buffered: true });
    canTell = true;
  } catch {
    // All that sheets name is taken for shown.
  }

  async function next(): Promise<void> {
    const url = queue.shift();
    if (!url) return;
    isBusy = true;
    try {
      send ??= (await late()).uploader(core, { request, toJson });
      await send(url);
    } catch {
      // The server asks again.
    }
    isBusy = false;
    if (queue.length) whenIdle(next);
  }

  return {
    shown,
    take: () => (fresh.length ? { assets: fresh.splice(0, PER_BATCH) } : undefined),
    upload(urls) {
      // Only what this page has shown, and once.
      for (const url of urls)
        if (known.get(url)) {
          queue.push(url);
          known.set(url, false);
        }
      if (queue.length && !isBusy) whenIdle(next);
    },
  };
}
