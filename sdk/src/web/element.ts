import { call, read } from '../core/natives';
import { maskCards } from '../core/privacy';
import type { Core } from '../core/host';
import type { Properties } from '../types';

/** What a recorder has hidden. */
type Hidden = Core['hidden'];

/** Whose clicks mean something. */
const THINGS = 'a,area,button,input,select,textarea,label,summary,[onclick]';
const ROLES = /^(button|link|tab|option|radio|switch|slider|menuitem.*|.*box)$/;
export const FIELDS = 'input,select,textarea,[contenteditable]:not([contenteditable=false i])';
const MASKED = '[data-crow-mask],.rr-mask';
const IGNORED = '[data-crow-ignore],.rr-ignore,[data-crow-block],.rr-block';
/** What text is not taken from. */
const MUTE = [MASKED, IGNORED, FIELDS, 'script', 'style'].join();
const ATTRIBUTE = /^(name|type|role|href|action|title|alt|for|aria-label|data-testid|data-crow-.*)$/;
const TEXT_ATTRIBUTE = /^(title|alt|aria-label)$/;
const MAX_TEXT = 100;
const MAX_VALUE = 200;
const MAX_CLASSES = 10;
const MAX_ANCESTORS = 8;

export function matches(element: Element, selector: string): boolean {
  return call(element, 'matches', selector);
}

export function attribute(element: Element, name: string): string {
  return call(element, 'getAttribute', name) ?? '';
}

/** The element of an event, through open shadow roots; undefined when the page asks to ignore it. */
export function targetOf(event: Event): Element | undefined {
  const element = call(event, 'composedPath').find((target: Node) => read(target, 'nodeType') === 1);
  return element && !closest(element, IGNORED) ? element : undefined;
}

/** The element around an element; of the first in a shadow root, the one that has the root. */
function parentOf(element: Element): Element | undefined {
  return read(element, 'parentElement') ?? read(call(element, 'getRootNode'), 'host') ?? undefined;
}

/** `closest` that goes on beyond a shadow root. */
function closest(element: Element, selector: string, isAny?: (element: Element) => boolean): Element | undefined {
  for (let at: Element | undefined = element; at; at = parentOf(at))
    if (matches(at, selector) || isAny?.(at)) return at;
  return undefined;
}

/** The nearest thing that a person would say they have clicked: a button and not its picture. */
export function thingOf(element: Element): Element {
  for (let at: Element | undefined = element; at; at = parentOf(at)) if (isThing(at)) return at;
  return element;
}

function isThing(element: Element): boolean {
  return matches(element, THINGS) || ROLES.test(attribute(element, 'role'));
}

/** What an element is, without anything a person typed. */
export function describe(element: Element, core: Core): Properties {
  const { hidden } = core;
  const isMasked = hidden.all || closest(element, MASKED, hidden.element);
  const shown = (text: string, max = MAX_TEXT): string => maskCards(hidden.text(text.replace(/\s+/g, ' ').trim()), max);
  const isForm = matches(element, 'form');
  const attributes: Properties = {};
  for (const { name, value } of read(element, 'attributes')) {
    if (ATTRIBUTE.test(name) && !(isMasked && TEXT_ATTRIBUTE.test(name))) {
      attributes[name] = maskCards(hidden.text(core.cleanUrl(value)), MAX_VALUE);
    }
  }
  return {
    element: read(element, 'localName'),
    id: attribute(element, 'id') || undefined,
    classes: classesOf(element).slice(0, MAX_CLASSES),
    text: isMasked || isForm ? undefined : shown(textOf(element, hidden)),
    label: isMasked || isForm ? undefined : shown(nameOf(element, hidden)) || undefined,
    ancestors: ancestorsOf(element).map((text) => shown(text)),
    attributes,
  };
}

/** What a screen reader would call it, in short. */
function nameOf(element: Element, hidden: Hidden): string {
  const about = (name: string): string => attribute(element, name);
  const referred = about('aria-labelledby')
    .split(/\s+/)
    .map((id) => id && call(call(element, 'getRootNode'), 'getElementById', id));
  const texts = [...referred, about('aria-label'), ...(read(element, 'labels') ?? []), about('alt')];
  if (/^(subm|but|res)/.test(about('type'))) texts.push(about('value'));
  return (
    texts
      .concat(element, about('title'), about('placeholder'), about('name'))
      .map((from) => (from?.trim ? from : textOf(from, hidden)).trim())
      .find(Boolean) ?? ''
  );
}

/** What surrounds an element, the nearest first: `form#checkout.wide`. */
function ancestorsOf(element: Element): string[] {
  const found: string[] = [];
  for (let at = parentOf(element); at && found.length < MAX_ANCESTORS; at = parentOf(at)) {
    const id = attribute(at, 'id');
    found.push([read(at, 'localName') + (id && '#' + id), ...classesOf(at).slice(0, 2)].join('.'));
  }
  return found;
}

function classesOf(element: Element): string[] {
  return attribute(element, 'class').split(/\s+/).filter(Boolean);
}

/** The text of an element, without masked parts and fields. */
function textOf(element: Element | undefined, hidden: Hidden): string {
  if (!element || closest(element, MUTE, hidden.element) || read(element, 'isContentEditable')) return '';
  let text = '';
  for (const child of read(element, 'childNodes')) {
    if (text.length > MAX_TEXT * 2) break;
    const type = read(child, 'nodeType');
    if (type === 3) text += read(child, 'nodeValue') + ' ';
    if (type === 1) text += (attribute(child, 'aria-label') || attribute(child, 'alt') || textOf(child, hidden)) + ' ';
  }
  return text;
}
