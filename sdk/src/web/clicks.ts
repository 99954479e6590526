import { closest, describe, INTERACTIVE, targetOf } from './element';
import { listen } from './listen';
import type { Core, Undo } from '../core/host';

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
export function trackClicks(core: Core): Undo {
  let last = { count: 0, at: 0, x: 0, y: 0 };

  return listen(
    'click',
    core.guard((event: MouseEvent) => {
      const target = targetOf(event);
      if (!target) return;
      const { clientX: x, clientY: y, pageX, pageY } = event;
      const timestamp = Date.now();
      const isSame = timestamp - last.at < RAGE_MS && Math.hypot(x - last.x, y - last.y) < RAGE_PIXELS;
      last = { count: isSame ? last.count + 1 : 1, at: timestamp, x, y };
      const element = closest(target, INTERACTIVE) ?? target;
      const position = { x: Math.round(pageX), y: Math.round(pageY), viewportX: Math.round(x), viewportY: Math.round(y) };
      const data = { ...describe(element, core), ...position };
      core.capture('click', last.count < RAGE_CLICKS ? data : { ...data, rage: true });
      if (!isSame && event.isTrusted && element.matches(MUST_REACT)) {
        whenNothingHappens(() => core.capture('dead_click', data, { timestamp }));
      }
    }),
  );
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
