import { now } from '../core/id';
import { onCall } from './calls';
import type { Page } from './page';

/** Calls `onPage` after each navigation, the first included; one task later, when title and address are set. */
export function watchPages(
  { guard, listen, undo }: Page,
  onPage: (navigation: string, timestamp: number) => void,
): void {
  let path: string | undefined;
  let isOver = false;

  const changed = guard((navigation: string): void => {
    const timestamp = now();
    const tell = (): void => {
      if (!isOver && path !== (path = pagePath())) onPage(navigation, timestamp);
    };
    setTimeout(guard(tell));
  });
  listen('popstate hashchange pageshow', ({ type, persisted }: PageTransitionEvent) => {
    if (persisted) path = undefined;
    changed(persisted ? 'bfcache' : type);
  });
  changed('load');
  undo.push(
    onCall((name) => /State$/.test(name) && changed(name)),
    () => (isOver = true),
  );
}

/** A fragment that is an anchor is no page; one that looks like a path is. */
function pagePath(): string {
  const { pathname, search, hash } = location;
  return pathname + search + (/^#!?\//.test(hash) ? hash : '');
}
