import {
  allIn,
  closest,
  defaultView,
  designMode,
  getAttribute,
  hostOf,
  matches,
  nameOf,
  NativeSet,
  NativeWeakSet,
  nodeType,
  ownerDocument,
  parentNode,
  rootOf,
  textContent,
} from './natives';
import { parentOf } from './mirror';
import { createTyped } from './typed';

const SENSITIVE = /passw|pwd|card|cc-|cvc|cvv|iban|ssn|secret|token|otp/i;
/** As in `core/privacy.ts`, and also in a word or a decimal. */
export const CARD = /(?<!\d)(?!20)\d(?:[ -]?\d){13,18}(?!\d)/g;
/** Typed text lies in these, beside fields. */
const EDITABLE = '[contenteditable]:not([contenteditable=false i])';
/** What a field shows whose content must look like a date or a time. */
const PLAIN_MOMENTS: Record<string, string> = {
  date: '2000-01-01',
  month: '2000-01',
  week: '2000-W01',
  time: '00:00',
  'datetime-local': '2000-01-01T00:00',
};

/** What the person or the page wants hidden. */
export interface MaskingOptions {
  /** Hide all text. Default: false. */
  maskAllText?: boolean;
  /** Fields whose content may be recorded. Default: none. */
  unmaskInputs?: string;
  /** Elements whose text is hidden, besides `data-crow-mask` and `.rr-mask`. */
  mask?: string;
  /** Blanks secrets in addresses. Default: as they are. */
  cleanUrl?: (url: string) => string;
  /** Elements that are recorded as an empty box, besides `data-crow-block` and `.rr-block`. */
  block?: string;
}

/** Decides what is hidden, before anything is recorded. What was hidden once stays hidden. */
export interface Masking {
  isBlocked(element: Element): boolean;
  /** Whether an element asks by itself that what is in it be hidden. */
  isMarked(element: Element): boolean;
  /** Whether the text of a node and its readable attributes are hidden: it or what it is in is marked. */
  isMasked(node: Node | null): boolean;
  /** The text of a node, hidden if need be. */
  hideText(text: string, isMasked: boolean): string;
  /** The content of a field, hidden unless the page says otherwise. */
  hideValue(field: Element, value: string): string;
  /** A readable attribute, hidden where it repeats what was typed into a hidden field. */
  repeated(element: Element, value: string): string;
  /** Whether the person's doing in this field is left out altogether. */
  isIgnored(field: Element): boolean;
  /** An address without secrets. */
  cleanAddress(address: string): string;
  /** An attribute had this value before: gives the elements that are hidden since. */
  becameHidden(element: Element, name: string, before: string | null): Element[];
  /** Nodes have left an element. */
  leave(nodes: NodeList, parent: Node): void;
  /** Whether an element was hidden at any time. */
  wasHidden(element: Element): boolean;
  /** Somebody writes in an element that is no field. */
  typedInto(element: Element): void;
}

export function createMasking({ maskAllText, unmaskInputs, mask, block, cleanUrl }: MaskingOptions): Masking {
  const editable = unmaskInputs ? `${EDITABLE}:not(${unmaskInputs})` : EDITABLE;
  const marked = `[data-crow-mask],.rr-mask,${editable}` + (mask ? ',' + mask : '');
  const blocked = '[data-crow-block],.rr-block' + (block ? ',' + block : '');
  const either = marked + ',' + blocked;
  /** What an element is may depend on those around it. */
  const isWide = /[\s>+~:]/.test([mask, block].join(''));
  const everMarked = new NativeWeakSet<Node>();
  const everBlocked = new NativeWeakSet<Node>();
  const everSecret = new NativeWeakSet<Element>();
  /** What password fields are called. */
  const secretNames = new NativeSet<string>();
  const typed = createTyped();

  const stars = (text: string): string => text.replace(/\S/g, '*');

  function isBlocked(element: Element): boolean {
    return look(element, everBlocked, blocked);
  }

  function isMarked(element: Element): boolean {
    return look(element, everMarked, marked);
  }

  function look(element: Element, known: WeakSet<Node>, selector: string): boolean {
    if (known.has(element)) return true;
    // One look is enough for most.
    if (!matches(element, either) || !matches(element, selector)) return false;
    known.add(element);
    return true;
  }

  function isMasked(node: Node | null): boolean {
    if (maskAllText) return true;
    for (let at = node; at; at = around(at)) {
      if (nameOf(at) ? isMarked(at as Element) : everMarked.has(at)) return true;
    }
    const owner = node && ownerDocument(node);
    return !!owner && designMode(owner) === 'on';
  }

  function isSecret(field: Element): boolean {
    const { type, name, id, autocomplete } = field as HTMLInputElement;
    const names = [name, id].filter((one) => typeof one === 'string' && one);
    if (type === 'password') names.forEach((one) => secretNames.add(one));
    const clues = [...names, autocomplete, getAttribute(field, 'placeholder'), getAttribute(field, 'aria-label')];
    if (
      /^(password|hidden|file)$/.test(type) ||
      SENSITIVE.test(clues.join(' ')) ||
      names.some((one) => secretNames.has(one))
    )
      everSecret.add(field);
    return everSecret.has(field);
  }

  function hidden(field: Element, value: string): string {
    const { type } = field as HTMLInputElement;
    if (type === 'number') return value.replace(/\d/g, '0');
    return (value && PLAIN_MOMENTS[type]) || stars(value);
  }

  return {
    isBlocked,
    isMarked,
    isMasked,
    // A picture in the page itself is no address, and may be long.
    cleanAddress: (address) => (cleanUrl && !address.startsWith('data:') ? cleanUrl(address) : address),
    isIgnored: (field) => !!within(field, '[data-crow-ignore],.rr-ignore'),
    hideText: (text, isHidden) => (isHidden ? stars(text) : typed.hide(text.replace(CARD, stars))),
    repeated: (element, value) => typed.hide(value, (field) => nameOf(element).includes('-') || isIn(field, element)),
    hideValue(field, value) {
      const { type } = field as HTMLInputElement;
      if (/^(button|submit|reset)$/.test(type) && nameOf(field) === 'input')
        return isMasked(field) ? stars(value) : value;
      // Not even its length.
      if (isSecret(field)) return typed.note(field, value) && '***';
      const isHidden = isMasked(field);
      // A place on a scale and a colour are chosen, not typed; without them the field looks broken.
      if (/^(range|color)$/.test(type)) return isHidden ? (field as HTMLInputElement).defaultValue : value;
      // Not the beginning of a card number either: it is recorded after each key.
      if (unmaskInputs && matches(field, unmaskInputs) && !isHidden && !/\d(?:[ -]?\d){11}/.test(value))
        return typed.hide(value);
      return hidden(field, nameOf(field) === 'select' ? value : typed.note(field, value));
    },
    becameHidden(element, name, before) {
      const about = (before ?? '') + ' ';
      if (
        name === 'type'
          ? /^(password|hidden|file) $/i.test(about)
          : /^(name|id|autocomplete)$/.test(name) && SENSITIVE.test(about)
      )
        everSecret.add(element);
      const around = isWide && (parentNode(element) as Element | null);
      return [element, ...(around ? allIn(around, either) : [])].filter((one) => {
        const was = [everMarked.has(one), everBlocked.has(one)];
        return (isMarked(one) && !was[0]) || (isBlocked(one) && !was[1]);
      });
    },
    leave(nodes, parent) {
      const element = hostOf(parent) ?? (parent as Element);
      if (!nameOf(element)) return;
      const wasBlocked = isBlocked(element);
      if (!wasBlocked && (maskAllText || !isMasked(element))) return;
      for (let i = 0; i < nodes.length; i++)
        (wasBlocked && nameOf(nodes[i]!) ? everBlocked : everMarked).add(nodes[i]!);
    },
    wasHidden: (element) => everMarked.has(element) || everBlocked.has(element),
    typedInto: (element) => void typed.note(element, textContent(element).slice(0, 5_000)),
  };
}

/** `closest` that goes on beyond a shadow root and a frame. */
function within(element: Element, selector: string): Element | null {
  const root = rootOf(element);
  const outer = hostOf(root) ?? frameOf(root);
  return closest(element, selector) ?? (outer ? within(outer, selector) : null);
}

/** The parent; of a document, the frame that shows it. */
function around(node: Node): Node | null {
  return parentOf(node) ?? frameOf(node);
}

function frameOf(node: Node): Element | null {
  return nodeType(node) === 9 ? (defaultView(node as Document)?.frameElement ?? null) : null;
}

function isIn(node: Node, outer: Node): boolean {
  for (let at: Node | null = node; at; at = parentOf(at)) if (at === outer) return true;
  return false;
}
