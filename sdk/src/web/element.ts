import { maskCards } from '../core/privacy';
import type { Core } from '../core/host';
import type { Properties } from '../types';

/** Whose clicks mean something. */
export const INTERACTIVE = 'a,button,input,select,textarea,label,summary,[role],[onclick]';
export const FIELDS = 'input,select,textarea,[contenteditable=""],[contenteditable=true]';
const MASKED = '[data-crow-mask],.rr-mask';
const IGNORED = '[data-crow-ignore],.rr-ignore,[data-crow-block],.rr-block';
/** What text is not taken from. */
const MUTE = [MASKED, IGNORED, FIELDS, 'script', 'style'].join();
const ATTRIBUTE = /^(name|type|role|href|action|title|alt|for|aria-label|data-testid|data-crow-.*)$/;
const TEXT_ATTRIBUTE = /^(title|alt|aria-label)$/;
const MAX_TEXT = 100;
const MAX_VALUE = 200;

/** The element of an event, through open shadow roots; undefined when the page asks to ignore it. */
export function targetOf(event: Event): Element | undefined {
  const element = event.composedPath()[0] as Element;
  return element.nodeType === 1 && !closest(element, IGNORED) ? element : undefined;
}

/** `closest` that goes on beyond a shadow root. */
export function closest(element: Element, selector: string): Element | null {
  const root = element.getRootNode() as ShadowRoot;
  // A link that is in no page is a root, and has a `host`, too.
  const host = root.nodeType === 11 && root.host;
  return element.closest(selector) ?? (host ? closest(host, selector) : null);
}

/** What an element is, without anything a person typed. */
export function describe(element: Element, { cleanUrl, options }: Core): Properties {
  const isMasked = options.maskAllText || closest(element, MASKED);
  const attributes: Properties = {};
  for (const { name, value } of element.attributes) {
    if (ATTRIBUTE.test(name) && !(isMasked && TEXT_ATTRIBUTE.test(name))) {
      attributes[name] = maskCards(cleanUrl(value), MAX_VALUE);
    }
  }
  return {
    element: element.localName,
    id: element.id || undefined,
    classes: [...element.classList].slice(0, 10),
    text: isMasked || element.localName === 'form' ? undefined : maskCards(textOf(element).replace(/\s+/g, ' ').trim(), MAX_TEXT),
    attributes,
  };
}

/** The text of an element, without masked parts and fields. */
function textOf(element: Element): string {
  let text = '';
  if (!closest(element, MUTE)) {
    for (const child of element.childNodes) {
      if (text.length > MAX_TEXT * 2) break;
      if (child.nodeType < 4) text += child.nodeType < 3 ? textOf(child as Element) : child.nodeValue + ' ';
    }
  }
  return text;
}
