import { request, NativeMap, whenIdle } from './natives';

const MAX_SHEETS = 60;
const MAX_CHARS = 2_000_000;

/** The text of sheets as it was written, from the cache of the browser. */
export interface Sources {
  get(href: string): string | undefined;
  /** Fetches a sheet when there is time for it; `then` is called when the text is there. */
  want(href: string, then: () => void): void;
}

export function createSources(isOver: () => boolean): Sources {
  const texts = new NativeMap<string, string | undefined>();
  const queue: { href: string; then: () => void }[] = [];
  let isBusy = false;

  async function next(): Promise<void> {
    const job = queue.shift();
    if (!job || isOver()) return;
    isBusy = true;
    try {
      // Of another origin only what it gives to everybody.
      const isOwn = new URL(job.href).origin === location.origin;
      const response = await request(job.href, { cache: 'force-cache', credentials: isOwn ? 'same-origin' : 'omit', mode: 'cors' });
      const text = response.ok ? await response.text() : '';
      if (text && text.length <= MAX_CHARS && !isOver()) {
        texts.set(job.href, text);
        job.then();
      }
    } catch {
      // Not for us.
    }
    isBusy = false;
    if (queue.length) whenIdle(next);
  }

  return {
    get: (href) => texts.get(href),
    want(href, then) {
      if (texts.has(href) || texts.size >= MAX_SHEETS || !/^https?:/.test(href)) return;
      texts.set(href, undefined);
      queue.push({ href, then });
      if (!isBusy && queue.length === 1) whenIdle(next);
    },
  };
}
