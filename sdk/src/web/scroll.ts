import { listen } from './listen';
import type { Core } from '../core/host';

const STEP = 25;

/** How far down the page the person has seen, in percent. */
export interface ScrollDepth {
  now(): number;
  /** Another page begins. */
  reset(): void;
  stop(): void;
}

/** Captures a `scroll` at each quarter of the page, and the last depth when the page is left. */
export function trackScroll(core: Core, isOn: boolean): ScrollDepth {
  let deepest = 0;
  let reported = 0;

  const now = (): number => {
    const { scrollHeight, clientHeight } = document.documentElement;
    return (deepest = Math.min(100, Math.max(deepest, Math.round(((scrollY + clientHeight) / scrollHeight) * 100) || 0)));
  };
  const report = (): void => {
    if (!isOn || deepest <= reported) return;
    reported = deepest;
    core.capture('scroll', { depth: deepest });
  };
  const reset = (): void => {
    report();
    deepest = reported = 0;
  };
  const undo = [
    core.on('suspend', report),
    listen('scroll', () => {
      if (Math.floor(now() / STEP) > Math.floor(reported / STEP)) report();
    }),
  ];
  return { now, reset, stop: () => undo.forEach((run) => run()) };
}
