/** Puts the animations of style sheets where they were at a moment: the page was built just now, not when it was. */
import { FULL_SNAPSHOT, INCREMENTAL, Source, type ReplayEvent } from './sanitize';
import { indexAfter } from './states';

export function settleAnimations(
  roots: DocumentOrShadowRoot[],
  events: ReplayEvent[],
  at: number,
  idOf: (element: Element) => number,
): void {
  const animations = new Set(roots.flatMap((root) => root.getAnimations()));
  if (!animations.size) return;
  const starts = startsOf(events, at);
  for (const animation of animations) {
    const { target } = (animation.effect ?? {}) as Partial<KeyframeEffect>;
    try {
      // What changes its style in one step is where the change would have led to.
      if ('transitionProperty' in animation) animation.finish();
      else if (target) animation.currentTime = Math.max(0, at - (starts.byId.get(idOf(target)) ?? starts.page));
    } catch {
      // One without an end cannot be finished.
    }
  }
}

/** Since when each element is as it is: it was added, or its classes or its style have changed. */
function startsOf(events: ReplayEvent[], at: number): { page: number; byId: Map<number, number> } {
  const end = indexAfter(events, at);
  let first = end - 1;
  while (first > 0 && events[first]?.type !== FULL_SNAPSHOT) first--;
  const byId = new Map<number, number>();
  for (const { type, timestamp, data } of events.slice(first, end)) {
    if (type !== INCREMENTAL || data.source !== Source.Mutation) continue;
    for (const { node } of data.adds as { node: Built }[]) note(node, timestamp, byId);
    for (const { id, attributes } of data.attributes as { id: number; attributes: object }[])
      if ('class' in attributes || 'style' in attributes) byId.set(id, timestamp);
  }
  return { page: events[first]?.timestamp ?? at, byId };
}

interface Built {
  id: number;
  childNodes?: Built[];
}

function note({ id, childNodes }: Built, timestamp: number, byId: Map<number, number>): void {
  byId.set(id, timestamp);
  for (const child of childNodes ?? []) note(child, timestamp, byId);
}
