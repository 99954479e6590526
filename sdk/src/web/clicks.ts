import { now } from '../core/id';
import { watchEffects } from './effects';
import { describe, matches, targetOf, thingOf } from './element';
import type { Page } from './page';
import type { Properties } from '../types';

const RAGE_CLICKS = 3;
const RAGE_MS = 1_000;
const RAGE_PIXELS = 30;
/** A click is dead when nothing has happened for so long. */
const DEAD_MS = 1_000;
/** Fields react by taking focus, and some links lead out of the page. */
const MUST_REACT =
  ':is(button,a,summary,[role],[onclick],[type=submit],[type=button]):not([target=_blank],[download],[href^=mailto],[href^=tel],[aria-disabled=true],:disabled)';

type Click = [data: Properties, timestamp: number];

/** Quick clicks in one place. */
interface Series {
  add(...click: Click): void;
  /** Another place is clicked, or the page goes: what happens now has other reasons. */
  end(): void;
}

/** Captures clicks; `rage: true` from the third quick one in place that changes nothing, `dead_click` when the page does not react. */
export function trackClicks(page: Page): void {
  let series: Series | undefined;
  let lastAt = 0;
  let lastX = 0;
  let lastY = 0;

  page.listen('click', (event: MouseEvent) => {
    const target = targetOf(event);
    if (!target) return;
    const [x, y, viewportX, viewportY] = [event.pageX, event.pageY, event.clientX, event.clientY].map(Math.round) as [
      number,
      number,
      number,
      number,
    ];
    const timestamp = now();
    const element = thingOf(target);
    if (timestamp - lastAt >= RAGE_MS || Math.hypot(viewportX - lastX, viewportY - lastY) >= RAGE_PIXELS) {
      series?.end();
      series = begin(page, event, element);
    }
    lastAt = timestamp;
    lastX = viewportX;
    lastY = viewportY;
    series!.add({ ...describe(element, page), x, y, viewportX, viewportY }, timestamp);
  });
  page.undo.push(page.on('suspend', () => series?.end()));
}

/** Watches what comes of clicks until none has followed for a second. */
function begin(page: Page, event: MouseEvent, element: Element): Series {
  const { capture } = page;
  const mustReact = event.isTrusted && matches(element, MUST_REACT);
  /** The first click, unless something has happened since. */
  let dead: Click | undefined;
  /** Clicks since something has happened. */
  let quiet = 0;
  /** Clicks that are rage unless something happens. */
  let held: Click[] = [];
  let timer: any;

  const release = (rage?: boolean): void => {
    for (const [data, timestamp] of held) capture('click', { ...data, rage }, { timestamp });
    held = [];
  };
  const onEffect = (): void => {
    quiet = 0;
    dead = undefined;
    release();
  };
  const { stop, hasChanged } = watchEffects(page, onEffect);
  const look = (): void => {
    if (hasChanged()) onEffect();
  };
  const end = page.guard((isOver?: boolean): void => {
    clearTimeout(timer);
    if (isOver || held[0]) look();
    stop();
    release(true);
    if (isOver && dead) capture('dead_click', dead[0], { timestamp: dead[1] });
  });
  return {
    end: () => end(),
    add(data, timestamp) {
      if (timer) look();
      else if (mustReact) dead = [data, timestamp];
      if (++quiet < RAGE_CLICKS) capture('click', data, { timestamp });
      else held.push([data, timestamp]);
      clearTimeout(timer);
      timer = setTimeout(end, DEAD_MS, true);
    },
  };
}
