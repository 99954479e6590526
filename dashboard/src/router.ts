/**
 * The location in the app. Path and parameters are in the fragment of the URL (`/#/sessions?country=DE`), so that
 * links work on any path and filters such as a user's id stay out of server logs.
 */
import { createContext, useContext, useMemo, useSyncExternalStore } from 'react';

/** A location in the app. */
export interface Place {
  /** Parts of the path, without empty ones. */
  parts: string[];
  search: URLSearchParams;
}

type Params = Record<string, string | number | boolean | null | undefined>;

/** The text of the fragment after `#`. */
const address = (): string => window.location.hash.slice(1) || '/';

/** Where the app stays, whatever the address says; null: it follows the address. */
let heldAt: string | null = null;
const current = (): string => heldAt ?? address();

export function parsePlace(text: string): Place {
  const [path = '', query = ''] = text.split('?', 2);
  return { parts: path.split('/').filter(Boolean).map(decodePart), search: new URLSearchParams(query) };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** A link for `href`. Absent, null and empty parameters are left out. */
export function link(path: string, params: Params | URLSearchParams = {}): string {
  const pairs = params instanceof URLSearchParams ? [...params] : Object.entries(params);
  const search = new URLSearchParams();
  for (const [name, value] of pairs)
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  const query = search.toString();
  return `#${path}${query && `?${query}`}`;
}

export function navigate(href: string, { replace = false } = {}): void {
  if (href === window.location.hash) return;
  window.history[replace ? 'replaceState' : 'pushState'](null, '', href);
  window.dispatchEvent(new PopStateEvent('popstate'));
}

function subscribe(changed: () => void): () => void {
  window.addEventListener('popstate', changed);
  window.addEventListener('hashchange', changed);
  return () => {
    window.removeEventListener('popstate', changed);
    window.removeEventListener('hashchange', changed);
  };
}

/** A place that the app does not leave without asking. */
export interface Hold {
  /** Goes where the address says. */
  leave(): void;
  /** Puts the address of this place back. */
  stay(): void;
  /** Ends the hold. */
  release(): void;
}

/** Keeps the app at its place. `asked` is called when a link, the Back button or a key would leave it. */
export function hold(asked: () => void): Hold {
  const here = address();
  heldAt = here;
  const unsubscribe = subscribe(() => {
    if (address() !== here) asked();
  });
  const release = () => {
    unsubscribe();
    heldAt = null;
  };
  return {
    release,
    stay: () => window.history.pushState(null, '', `#${here}`),
    leave: () => {
      release();
      window.dispatchEvent(new PopStateEvent('popstate'));
    },
  };
}

export function usePlace(): Place {
  const text = useSyncExternalStore(subscribe, current);
  return useMemo(() => parsePlace(text), [text]);
}

/** The parameters that a part of the page has instead of those of the location, such as a tile of a dashboard. */
export const Within = createContext<URLSearchParams | null>(null);

/** Parameters of this location, and a function that changes some of them; null removes one. */
export function useSearch(): [URLSearchParams, (change: Params, options?: { replace?: boolean }) => void] {
  const place = usePlace();
  const search = useContext(Within) ?? place.search;
  const change = (changes: Params, options?: { replace?: boolean }) => {
    const [path = '/', query = ''] = current().split('?', 2);
    const next = new URLSearchParams(query);
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined || value === null || value === '') next.delete(name);
      else next.set(name, String(value));
    }
    navigate(link(path, next), options);
  };
  return [search, change];
}
