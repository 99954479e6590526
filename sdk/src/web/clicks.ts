import { closest, describe, INTERACTIVE, targetOf } from './element';
import { listen } from './listen';
import type { Page } from './page';

const RAGE_CLICKS = 3;
const RAGE_MS = 1_000;
const RAGE_PIXELS = 30;
/** A click is dead when nothing has happened for so long. */
const DEAD_MS = 1_000;
/** Fields react by taking focus, and some links lead out of the page. */
const MUST_REACT = ':is(button,a,summary,[role],[onclick]):not([target=_blank],[download],[href^=mailto],[href^=tel],:disabled)';
/** Scrolling, leaving, navigating, a dialog and a selection are reactions, too. */
const REACTIONS = 'scroll blur pagehide popstate hashchange submit input selectionchange';

/** Captures clicks; `rage: true` from the third quick one in place, `dead_click` when the page does not react. */
export function trackClicks(page: Page): void {
  let count = 0;
  let lastAt = 0;
  let lastX = 0;
  let lastY = 0;

  page.listen('click', (event: MouseEvent) => {
    const target = targetOf(event);
    if (!target) return;
    const [x, y, viewportX, viewportY] = [event.pageX, event.pageY, event.clientX, event.clientY].map(Math.round) as [number, number, number, number];
    const timestamp = Date.now();
    const isSame = timestamp - lastAt < RAGE_MS && Math.hypot(viewportX - lastX, viewportY - lastY) < RAGE_PIXELS;
    count = isSame ? count + 1 : 1;
    lastAt = timestamp;
    lastX = viewportX;
    lastY = viewportY;
    const element = closest(target, INTERACTIVE) ?? target;
    const data = { ...describe(element, page), x, y, viewportX, viewportY };
    page.capture('click', count < RAGE_CLICKS ? data : { ...data, rage: true });
    if (!isSame && event.isTrusted && element.matches(MUST_REACT)) {
      whenNothingHappens(() => page.capture('dead_click', data, { timestamp }));
    }
  });
}

function whenNothingHappens(isDead: () => void): void {
  const stop = (): void => {
    observer.disconnect();
    clearTimeout(timer);
    unlisten();
  };
  const observer = new MutationObserver(stop);
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  const unlisten = listen(REACTIONS, stop);
  const timer = setTimeout(() => {
    stop();
    isDead();
  }, DEAD_MS);
}
