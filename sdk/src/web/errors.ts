import { textOf } from '../core/facts';
import { maskCards } from '../core/privacy';
import type { Page } from './page';

const MAX_PER_PAGE = 20;
const MAX_STACK = 4_000;
/** What browsers put before the text of what was thrown, each its own. */
const PREFIX = /^(uncaught exception: |Uncaught )/;
/** Says only that observers are told one frame later. */
const HARMLESS = /^ResizeObserver loop/;

/** Captures errors that nobody caught; an error that repeats, once. */
export function trackErrors({ capture, cleanUrl, listen }: Page): void {
  const seen: string[] = [];
  const clean = (text: unknown = ''): string => maskCards(cleanUrl(textOf(text)), MAX_STACK);

  listen('error unhandledrejection', (event: ErrorEvent & PromiseRejectionEvent) => {
    const { lineno: line, colno: column } = event;
    const error = event.error ?? event.reason;
    const said = error?.message ?? error ?? (event.message || event.reason);
    const message = clean(said).replace(PREFIX, '');
    const data = {
      message,
      name: error?.name,
      stack: clean(error?.stack),
      source: clean(event.filename),
      line,
      column,
    };
    const key = message + data.stack;
    // An image that does not load has no message; it is no error of the page's code.
    if (event.target !== window || HARMLESS.test(message) || seen.includes(key) || seen.length >= MAX_PER_PAGE) return;
    seen.push(key);
    capture('error', data);
  });
}
