/**
 * What the recorder calls, as the browser made it. Pages wrap natives (zone.js), replace them
 * (Prototype.js, MooTools), or put something else in their place (`<input name=attributes>`, an own
 * `value` on a field). A native that does not look like one comes from a frame without scripts.
 */
type Page = Window & typeof globalThis;

const waiting: (() => void)[] = [];
let realm: any;
let frame: HTMLIFrameElement | undefined;

/** Takes all natives; to be called when a recording begins. */
export function takeNatives(): void {
  for (const take of waiting.splice(0)) take();
  // Its globals go with it, what was taken stays.
  try {
    if (frame) realm.Element.prototype.remove.call(frame);
  } catch {
    // It is not seen.
  }
  frame = undefined;
}

/** The globals of a frame that no script has been in. */
function cleanRealm(): any {
  if (realm) return realm;
  realm = globalThis;
  try {
    const documents = Object.getPrototypeOf(Object.getPrototypeOf(document));
    const made: HTMLIFrameElement = documents.createElement.call(document, 'iframe');
    made.style.display = 'none';
    Node.prototype.appendChild.call(Reflect.get(documents, 'documentElement', document), made);
    frame = made;
    realm = made.contentWindow ?? realm;
  } catch {
    // A page without frames has to be believed.
  }
  return realm;
}

const toSource = Function.prototype.toString;

/** Methods of the browser have no prototype, and say their name. */
function isNative(call: any, name: string): boolean {
  const looksNative = (one: any, called: string, isClass?: boolean): boolean => {
    const source = toSource.call(one);
    return (
      source.includes('[native code]') &&
      source.includes(called) &&
      (isClass || !Object.getOwnPropertyDescriptor(one, 'prototype'))
    );
  };
  return (
    typeof call === 'function' && looksNative(toSource, 'toString') && looksNative(call, name, /^[A-Z]/.test(name))
  );
}

/** Finds a native in this page, else in the clean frame. */
function find(path: string, isCalledOnPage?: boolean): any {
  const names = path.split('.');
  const name = names.pop()!;
  const of = (page: any): any => {
    let owner = page;
    for (const step of names) owner = owner?.[step];
    const property = owner && Object.getOwnPropertyDescriptor(owner, name);
    return property?.get ?? property?.value ?? (names.length ? undefined : page[name]);
  };
  const own = of(globalThis);
  const [owner] = names;
  // MooTools has a `Document` of its own, which lacks what that of the browser has.
  const isTheirs = own ? !isNative(own, name) : owner && !isNative((globalThis as any)[owner], owner);
  const call = isTheirs ? (of(cleanRealm()) ?? own) : own;
  return isCalledOnPage ? call?.bind(globalThis) : call;
}

function getter<O, T>(owner: string, name: string): (self: O) => T {
  let get: any;
  waiting.push(() => (get = find(`${owner}.prototype.${name}`)));
  return (self) => get?.call(self);
}

function method<O, A extends unknown[], R>(owner: string, name: string): (self: O, ...args: A) => R {
  let call: any;
  waiting.push(() => (call = find(`${owner}.prototype.${name}`)));
  return (self, ...args) => call.call(self, ...args);
}

export const firstChild = getter<Node, Node | null>('Node', 'firstChild');
export const nextSibling = getter<Node, Node | null>('Node', 'nextSibling');
export const parentNode = getter<Node, Node | null>('Node', 'parentNode');
const anyType = getter<Node, number>('Node', 'nodeType');
export const nodeValue = getter<Node, string | null>('Node', 'nodeValue');
export const textContent = getter<Node, string>('Node', 'textContent');
export const ownerDocument = getter<Node, Document | null>('Node', 'ownerDocument');
export const isConnected = getter<Node, boolean>('Node', 'isConnected');
export const baseURI = getter<Node, string>('Node', 'baseURI');
export const rootOf = method<Node, [], Node>('Node', 'getRootNode');

const elementName = getter<Element, string>('Element', 'localName');
export const tagName = getter<Element, string>('Element', 'tagName');
export const attributesOf = getter<Element, NamedNodeMap>('Element', 'attributes');
export const namespaceURI = getter<Element, string | null>('Element', 'namespaceURI');
const openRoot = getter<Element, ShadowRoot | null>('Element', 'shadowRoot');
export const scrollLeft = getter<Element, number>('Element', 'scrollLeft');
export const scrollTop = getter<Element, number>('Element', 'scrollTop');
export const getAttribute = method<Element, [string], string | null>('Element', 'getAttribute');
export const matches = method<Element, [string], boolean>('Element', 'matches');
export const closest = method<Element, [string], Element | null>('Element', 'closest');
export const boxOf = method<Element, [], DOMRect>('Element', 'getBoundingClientRect');
const allInElement = method<Element, [string], NodeListOf<Element>>('Element', 'querySelectorAll');
const allInDocument = method<Document, [string], NodeListOf<Element>>('Document', 'querySelectorAll');
const allInFragment = method<DocumentFragment, [string], NodeListOf<Element>>('DocumentFragment', 'querySelectorAll');

export const defaultView = getter<Document, Page | null>('Document', 'defaultView');
export const documentElement = getter<Document, Element | null>('Document', 'documentElement');
export const scrollingElement = getter<Document, Element | null>('Document', 'scrollingElement');
export const compatMode = getter<Document, string>('Document', 'compatMode');
export const designMode = getter<Document, string>('Document', 'designMode');
export const readyState = getter<Document, string>('Document', 'readyState');
export const getSelection = method<Document, [], Selection | null>('Document', 'getSelection');
const adoptedByDocument = getter<Document, CSSStyleSheet[]>('Document', 'adoptedStyleSheets');
const adoptedByShadow = getter<ShadowRoot, CSSStyleSheet[]>('ShadowRoot', 'adoptedStyleSheets');
const focusInDocument = getter<Document, Element | null>('Document', 'activeElement');
const focusInShadow = getter<ShadowRoot, Element | null>('ShadowRoot', 'activeElement');
const hostOfShadow = getter<ShadowRoot, Element>('ShadowRoot', 'host');
export const contentDocument = getter<HTMLIFrameElement, Document | null>('HTMLIFrameElement', 'contentDocument');

const inputValue = getter<Element, string>('HTMLInputElement', 'value');
const textareaValue = getter<Element, string>('HTMLTextAreaElement', 'value');
const selectValue = getter<Element, string>('HTMLSelectElement', 'value');
export const isChecked = getter<HTMLInputElement, boolean>('HTMLInputElement', 'checked');
export const isIndeterminate = getter<HTMLInputElement, boolean>('HTMLInputElement', 'indeterminate');
export const isSelected = getter<HTMLOptionElement, boolean>('HTMLOptionElement', 'selected');

export const cssRules = getter<CSSStyleSheet, CSSRuleList>('CSSStyleSheet', 'cssRules');
export const mediaList = getter<StyleSheet, MediaList>('StyleSheet', 'media');
export const cssText = getter<CSSRule, string>('CSSRule', 'cssText');

const listen = method<EventTarget, [string, any, any], void>('EventTarget', 'addEventListener');
const unlisten = method<EventTarget, [string, any, any], void>('EventTarget', 'removeEventListener');

export let now: () => number;
export let later: (run: () => void, ms?: number) => number;
export let cancel: (timer: number | undefined) => void;
export let request: typeof fetch;
export let NativeMap: MapConstructor;
export let NativeSet: SetConstructor;
export let NativeWeakMap: WeakMapConstructor;
export let NativeWeakSet: WeakSetConstructor;
export let Observer: typeof MutationObserver;

let idle: ((run: () => void, options: object) => void) | undefined;

waiting.push(() => {
  now = find('Date.now');
  later = find('setTimeout', true);
  cancel = find('clearTimeout', true);
  idle = find('requestIdleCallback', true);
  request = find('fetch', true);
  NativeMap = find('Map');
  NativeSet = find('Set');
  NativeWeakMap = find('WeakMap');
  NativeWeakSet = find('WeakSet');
  Observer = find('MutationObserver');
});

/** Runs when the page has nothing better to do. */
export function whenIdle(run: () => void): void {
  idle ? idle(run, { timeout: 5_000 }) : later(run, 200);
}

/** Asked for most often: the plain way is fast, and what stands in its place is no number. */
export function nodeType(node: Node): number {
  const type: unknown = node.nodeType;
  return typeof type === 'number' ? type : anyType(node);
}

/** The name of an element; of another node nothing. */
export function nameOf(node: Node): string {
  const name: unknown = (node as Element).localName;
  return typeof name === 'string'
    ? name
    : name !== undefined && nodeType(node) === 1
      ? elementName(node as Element)
      : '';
}

export function shadowOf(node: Node): ShadowRoot | null {
  return nameOf(node) ? openRoot(node as Element) : null;
}

/** The host of a shadow root; a link has a `host`, too. */
export function hostOf(root: Node | null): Element | null {
  try {
    return root && nodeType(root) === 11 ? hostOfShadow(root as ShadowRoot) : null;
  } catch {
    return null; // Another fragment.
  }
}

export function allIn(root: Node, selector: string): Element[] {
  const type = nodeType(root);
  const all: any = type === 1 ? allInElement : type === 9 ? allInDocument : allInFragment;
  return [...all(root, selector)];
}

export function adoptedBy(root: Document | ShadowRoot): CSSStyleSheet[] {
  return [
    ...((nodeType(root) === 9 ? adoptedByDocument(root as Document) : adoptedByShadow(root as ShadowRoot)) ?? []),
  ];
}

/** What has the focus, through open shadow roots. */
export function focused(root: Document | ShadowRoot): Element | null {
  const element = nodeType(root) === 9 ? focusInDocument(root as Document) : focusInShadow(root as ShadowRoot);
  const shadow = element && shadowOf(element);
  return (shadow && focused(shadow)) ?? element;
}

/** The content of a field. */
export function valueOf(field: Element): string {
  const name = nameOf(field);
  return (name === 'input' ? inputValue : name === 'select' ? selectValue : textareaValue)(field) ?? '';
}

/** Listens for events on their way down; gives what stops it. */
export function on(target: EventTarget, types: string, run: (event: any) => void): () => void {
  const names = types.split(' ');
  for (const type of names) listen(target, type, run, { capture: true, passive: true });
  return () => {
    for (const type of names) unlisten(target, type, run, true);
  };
}

/** JSON of plain data, also where the page taught arrays to turn into something else. */
export function toJson(data: unknown): string {
  const owners = [Array.prototype, Object.prototype];
  const changed = owners.map((owner) => Object.getOwnPropertyDescriptor(owner, 'toJSON'));
  owners.forEach((owner, i) => changed[i]?.configurable && delete (owner as any).toJSON);
  try {
    return JSON.stringify(data);
  } finally {
    owners.forEach((owner, i) => changed[i]?.configurable && Object.defineProperty(owner, 'toJSON', changed[i]!));
  }
}
