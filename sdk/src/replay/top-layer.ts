import { allIn, getAttribute, matches, nameOf, on } from './natives';
import { Source } from './wire';
import { attributeChange, type Scene } from './scene';

/** How an element is shown above the page, if it is. */
export function openMode(element: Element): string | undefined {
  const isDialog = nameOf(element) === 'dialog';
  if (isDialog && getAttribute(element, 'open') !== null) return matches(element, ':modal') ? 'modal' : 'non-modal';
  if (getAttribute(element, 'popover') !== null && is(element, ':popover-open')) return 'popover';
  return is(element, ':fullscreen') ? 'fullscreen' : undefined;
}

/** A selector that an old browser may not know. */
function is(element: Element, selector: string): boolean {
  try {
    return matches(element, selector);
  } catch {
    return false;
  }
}

/** The element that fills the screen, in the page or in one of its roots. */
export function fullscreenIn(root: Node): Element | undefined {
  return allIn(root, ':fullscreen')[0];
}

/** Sees what is shown above the page, and no longer, where no attribute says so. */
export function watchTopLayer(root: Node, { mirror, report, catchUp, safely, undo }: Scene): void {
  const tell = safely((event: Event) => {
    const element = event.composedPath()[0] as Element;
    if (!nameOf(element)) return;
    catchUp();
    const id = mirror.id(element);
    if (id && (event.type !== 'toggle' || nameOf(element) !== 'details'))
      report(Source.Mutation, attributeChange(id, { rr_open_mode: openMode(element) ?? null }));
  });
  undo.push(on(root, 'toggle fullscreenchange', tell));
}
