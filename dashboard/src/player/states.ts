/** What had the focus, and what was pressed, at a moment. */
import { FULL_SNAPSHOT, INCREMENTAL, Source, type ReplayEvent } from './sanitize';

export interface States {
  focus: { id: number; isVisible: boolean } | undefined;
  press: { id: number; timestamp: number; isDown: boolean } | undefined;
}

const PRESS_MS = 1_000;

/** Where the first event later than `at` is. */
export function indexAfter(events: ReplayEvent[], at: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle]?.timestamp ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Looks back until the page was built. */
export function latestStates(events: ReplayEvent[], at: number): States {
  let focus: { id: number; timestamp: number; visible: unknown } | null | undefined;
  let press: States['press'];
  for (let index = indexAfter(events, at) - 1; index >= 0; index--) {
    const event = events[index];
    if (!event || event.type === FULL_SNAPSHOT) break;
    if (event.type !== INCREMENTAL || event.data.source !== Source.MouseInteraction) continue;
    const { type, id, visible } = event.data as { type: number; id: number; visible?: boolean };
    const { timestamp } = event;
    if (focus === undefined && type === 5) focus = { id, timestamp, visible };
    if (focus === undefined && type === 6) focus = null;
    const isDown = type === 1 || type === 7;
    const isUp = type === 0 || type === 9 || type === 10;
    if (!press && (isDown || isUp)) press = { id, timestamp, isDown };
    // A press after the focus did not cause it; one shortly before it did.
    if (focus && isDown && timestamp <= focus.timestamp) {
      focus.visible ??= focus.timestamp - timestamp > PRESS_MS;
      break;
    }
  }
  return { focus: focus ? { id: focus.id, isVisible: focus.visible !== false } : undefined, press };
}
