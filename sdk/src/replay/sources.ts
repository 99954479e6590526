import { isWord } from './css';
import { watchUnread, type Unread } from './unread';
import type { Kit } from './scene';

const MAX_SHEETS = 60;
const MAX_CHARS = 2_000_000;

/** The text of sheets as it was written, from the cache of the browser. */
export interface Sources extends Unread {
  get(href: string): string | undefined;
  /** Fetches a sheet when there is time for it; `then` is called when the text is there. */
  want(href: string, then: () => void): void;
  /** What stands for an import of which only the text is known: one rule, as the import is one. */
  imported(css: string, condition: string): string;
}

export function createSources(kit: Kit, isOver: () => boolean): Sources {
  const { request, whenIdle, NativeMap } = kit;
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
      const response = await request(job.href, {
        cache: 'force-cache',
        credentials: isOwn ? 'same-origin' : 'omit',
        mode: 'cors',
      });
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
    imported,
    note: watchUnread(kit).note,
    get: (href) => texts.get(href),
    want(href, then) {
      if (texts.has(href) || texts.size >= MAX_SHEETS || !/^https?:/.test(href)) return;
      texts.set(href, undefined);
      queue.push({ href, then });
      if (!isBusy && queue.length === 1) whenIdle(next);
    },
  };
}

function imported(css: string, condition: string): string {
  let rest = condition;
  /** Takes `name` or `name(…)` from the front of the condition. */
  const take = (name: string): string | undefined => {
    if (rest.slice(0, name.length).toLowerCase() !== name || isWord(rest.charCodeAt(name.length))) return undefined;
    let end = name.length;
    if (rest[end] === '(')
      for (let depth = 0; end < rest.length && (depth += rest[end] === '(' ? 1 : rest[end] === ')' ? -1 : 0); end++);
    const inside = rest.slice(name.length + 1, end);
    rest = rest.slice(end + 1).trim();
    return inside;
  };
  const [layer, supports] = [take('layer'), take('supports')];
  if (supports) css = `@supports ${/^\s*(\(|not\b)/i.test(supports) ? supports : `(${supports})`}{${css}}`;
  if (layer !== undefined) css = `@layer ${layer}{${css}}`;
  return `@media ${rest || 'all'}{${css}}`;
}
