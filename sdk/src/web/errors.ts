import { exceptionOf } from '../core/exception';
import type { Page } from './page';

const MAX_PER_SESSION = 20;
/** Says only that observers are told one frame later. */
const HARMLESS = /^ResizeObserver loop/;

/** Captures errors that nobody caught; an error that repeats, once a session. */
export function trackErrors(page: Page): void {
  let seen: string[] = [];

  page.undo.push(page.on('session', () => (seen = [])));
  page.listen('error unhandledrejection', (event: ErrorEvent & PromiseRejectionEvent) => {
    const { filename, lineno: line, colno: column } = event;
    const facts = exceptionOf(event.error ?? event.reason, page, event.message);
    const key = (facts.message as string) + facts.stack;
    // An image that does not load has no message; it is no error of the page's code.
    if (event.target !== window || HARMLESS.test(key) || seen.includes(key) || seen.length >= MAX_PER_SESSION) return;
    page.capture('error', { ...facts, source: page.cleanUrl(filename ?? ''), line, column });
    // Not before: it may be the first event of a session.
    seen.push(key);
  });
}
