import { exceptionOf } from '../core/exception';
import type { Page } from './page';

const MAX_PER_PAGE = 20;
/** Says only that observers are told one frame later. */
const HARMLESS = /^ResizeObserver loop/;

/** Captures errors that nobody caught; an error that repeats, once. */
export function trackErrors({ capture, cleanUrl, listen }: Page): void {
  const seen: string[] = [];

  listen('error unhandledrejection', (event: ErrorEvent & PromiseRejectionEvent) => {
    const { filename, lineno: line, colno: column } = event;
    const facts = exceptionOf(event.error ?? event.reason, cleanUrl, event.message || event.reason);
    const data = { ...facts, source: cleanUrl(filename ?? ''), line, column };
    const message = facts.message as string;
    const key = message + facts.stack;
    // An image that does not load has no message; it is no error of the page's code.
    if (event.target !== window || HARMLESS.test(message) || seen.includes(key) || seen.length >= MAX_PER_PAGE) return;
    seen.push(key);
    capture('error', data);
  });
}
