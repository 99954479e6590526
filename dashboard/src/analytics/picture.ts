/** Whether a recording shows a page, and when. */

const FULL_SNAPSHOT = 2;
const META = 4;
/** Time after opening a page until it has its content. */
const SETTLED_MS = 1_500;

interface Line {
  w: string;
  k: string;
  t: number;
  d?: { type?: unknown; url?: unknown; data?: { href?: unknown } } | null;
}

/**
 * A moment near `openedAt` at which a window shows the page. The window has a full snapshot by then, and the
 * visitor has not left the page. Null if there is none, for example if they left before the recording started.
 */
export function pictureOf(text: string, page: string, openedAt: number): number | null {
  const windows = new Map<string, { snapshotAt: number | null; from: number | null }>();
  let found: number | null = null;
  const settle = (window: { snapshotAt: number | null; from: number | null }, until: number) => {
    if (found !== null || window.from === null || window.snapshotAt === null) return;
    const shownAt = Math.max(window.from, window.snapshotAt);
    if (shownAt < until && until > openedAt) found = Math.min(shownAt + SETTLED_MS, until - 1);
  };
  for (const { w, k, t, d } of linesOf(text)) {
    const window = windows.get(w) ?? { snapshotAt: null, from: null };
    windows.set(w, window);
    const address =
      k === 'e' ? (d?.type === 'pageview' ? d.url : undefined) : d?.type === META ? d.data?.href : undefined;
    if (typeof address === 'string') {
      const isPage = pathOf(address) === page;
      if (!isPage) settle(window, t);
      window.from = isPage ? (window.from ?? t) : null;
    }
    if (k === 'r' && d?.type === FULL_SNAPSHOT) window.snapshotAt ??= t;
  }
  for (const window of windows.values()) settle(window, Infinity);
  return found;
}

function* linesOf(text: string): Generator<Line> {
  for (const line of text.split('\n')) {
    // Most lines are small changes. Only these three kinds tell where the visitor is.
    if (!line || !/"type":\s*[24]\b|"pageview"/.test(line)) continue;
    try {
      const parsed = JSON.parse(line) as Line | null;
      if (typeof parsed?.t === 'number') yield parsed;
    } catch {
      // Recordings are hostile input; the player counts such lines.
    }
  }
}

/** The path in the server's form, with a fragment that is a route. */
function pathOf(url: string): string {
  try {
    const { pathname, search, hash } = new URL(url);
    return /^#!?\//.test(hash) ? pathname + search + hash : pathname;
  } catch {
    return url;
  }
}
