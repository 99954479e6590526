import { maskCards } from '../core/privacy';
import type { Page } from './page';

const MAX_PER_PAGE = 20;
const MAX_STACK = 4_000;

/** Captures errors that nobody caught; an error that repeats, once. */
export function trackErrors({ capture, cleanUrl, listen }: Page): void {
  const seen = new Set<string>();
  const clean = (text = ''): string => maskCards(cleanUrl(String(text)), MAX_STACK);

  listen('error unhandledrejection', (event: ErrorEvent & PromiseRejectionEvent) => {
    const { reason, lineno: line, colno: column } = event;
    const error = event.error ?? reason;
    const message = clean(error?.message ?? (event.message || reason));
    const data = { message, name: error?.name, stack: clean(error?.stack), source: clean(event.filename), line, column };
    const key = message + data.stack;
    // An image that does not load has no message; it is no error of the page's code.
    if (event.target !== window || seen.has(key) || seen.size >= MAX_PER_PAGE) return;
    seen.add(key);
    capture('error', data);
  });
}
