import { read } from '../core/natives';
import type { Page } from './page';

const STEP = 25;

/**
 * Captures a `scroll` at each quarter of the page, and the last depth when the page is left.
 * Gives how far down the page the person has seen, in percent; what to call when the page is left, and when another begins.
 */
export function trackScroll(
  { capture, listen }: Page,
  isOn: unknown,
): [now: () => number, report: () => void, reset: () => void] {
  let deepest = 0;
  let reported = 0;

  const now = (): number => {
    const { scrollHeight, clientHeight } = read(document, 'documentElement');
    return (deepest = Math.min(
      100,
      Math.max(deepest, Math.round(((scrollY + clientHeight) / scrollHeight) * 100) || 0),
    ));
  };
  const report = (): void => {
    if (!isOn || deepest <= reported) return;
    reported = deepest;
    capture('scroll', { depth: deepest });
  };
  listen('scroll', () => {
    if (now() - (deepest % STEP) > reported) report();
  });
  return [now, report, () => (deepest = reported = 0)];
}
