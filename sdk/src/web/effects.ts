import { call } from '../core/natives';
import { onCall } from './calls';
import { listen } from './listen';
import type { Page } from './page';

/** What a page does in answer, unless a person did something else before. */
const EFFECTS = 'scroll focusin blur input selectionchange submit popstate toggle play copy resize beforeunload';
const BY_HAND = 'click pointerdown keydown wheel touchmove';

/** What happens after a click. */
export interface Effects {
  /** Whether something has changed that nobody tells of. */
  hasChanged(): boolean;
  stop(): void;
}

/** Calls `tell` each time when the page does something, so that a click was not in vain. */
export function watchEffects({ guard }: Page, tell: () => void): Effects {
  let isByHand = false;
  const before = fieldState();
  const onEffect = guard(tell);
  const observer = new MutationObserver(onEffect);
  observeRoots(observer, document);
  const stop = (): void => {
    observer.disconnect();
    undo.forEach((run) => run());
  };
  const undo = [
    onCall(onEffect),
    listen(BY_HAND, ({ type }) => (isByHand = type !== 'click')),
    listen(EFFECTS, ({ type }) => {
      // Who clicks a text three times selects it.
      if (!isByHand || /^sel/.test(type)) onEffect();
      // Its listeners keep pages out of the back/forward cache.
      if (type === 'beforeunload') stop();
    }),
  ];
  return { stop, hasChanged: () => before !== fieldState() };
}

/** With all open shadow roots: a click in one component may change another. */
function observeRoots(observer: MutationObserver, root: Node): void {
  observer.observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
  for (const { shadowRoot } of call(root, 'querySelectorAll', '*'))
    if (shadowRoot?.nodeType === 11) observeRoots(observer, shadowRoot);
}

/**
 * What is in the fields of the page, only to be compared: scripts change it without an event. What is drawn
 * on a canvas cannot be seen at all, so it always differs.
 */
function fieldState(): unknown {
  if (call(document, 'querySelector', 'canvas')) return {};
  return [...call(document, 'querySelectorAll', 'input,select,textarea')]
    .map((field) => field.value + field.checked)
    .join();
}
