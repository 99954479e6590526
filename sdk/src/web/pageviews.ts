import type { Page } from './page';

/** Calls `onPage` after each navigation, the first included; one task later, when title and address are set. */
export function watchPages({ listen, undo }: Page, onPage: (navigation: string, timestamp: number) => void): void {
  let path: string | undefined;
  let isOver = false;

  const changed = (navigation: string): void => {
    const timestamp = Date.now();
    setTimeout(() => {
      if (isOver || path === (path = pagePath())) return;
      onPage(navigation, timestamp);
    });
  };
  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name];
    // Never put back: somebody may have patched it after us.
    history[name] = function (...args) {
      original.apply(this, args);
      changed(name);
    };
  }
  listen('popstate hashchange pageshow', ({ type, persisted }: PageTransitionEvent) => {
    if (persisted) path = undefined;
    changed(persisted ? 'bfcache' : type);
  });
  changed('load');
  undo.push(() => (isOver = true));
}

/** A fragment that is an anchor is no page; one that looks like a path is. */
function pagePath(): string {
  const { pathname, search, hash } = location;
  return pathname + search + (/^#!?\//.test(hash) ? hash : '');
}
