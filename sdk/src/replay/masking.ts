import { hostOf } from './mirror';

const SENSITIVE = /passw|pwd|card|cc-|cvc|cvv|iban|ssn|secret|token|otp/i;
const CARD = /(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/g;

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

/** Decides what is hidden, before anything is recorded. */
export interface Masking {
  isBlocked(element: Element): boolean;
  /** The text of a node, hidden if need be. */
  text(text: string, parent: Element | null): string;
  /** The content of a field, hidden unless the page says otherwise. */
  value(field: Element, value: string): string;
  /** Whether the person's doing in this field is left out altogether. */
  isIgnored(field: Element): boolean;
  /** An address without secrets. */
  url(address: string): string;
  /** Whether attributes that are read by people are hidden. */
  isMasked(element: Element): boolean;
}

export function createMasking({ maskAllText, unmaskInputs, mask, block, cleanUrl }: MaskingOptions): Masking {
  const masked = '[data-crow-mask],.rr-mask' + (mask ? ',' + mask : '');
  const blocked = '[data-crow-block],.rr-block' + (block ? ',' + block : '');

  const isMasked = (element: Element): boolean => !!maskAllText || !!within(element, masked);
  const stars = (text: string): string => text.replace(/\S/g, '*');
  return {
    isBlocked: (element) => element.matches(blocked),
    isMasked,
    url: (address) => cleanUrl?.(address) ?? address,
    isIgnored: (field) => !!within(field, '[data-crow-ignore],.rr-ignore'),
    text(text, parent) {
      const isHidden = parent && (isMasked(parent) || parent.localName === 'textarea' || within(parent, '[contenteditable=""],[contenteditable=true]'));
      return isHidden ? stars(text) : text.replace(CARD, stars);
    },
    value(field, value) {
      const { type, name, id, autocomplete } = field as HTMLInputElement;
      if (/^(button|submit|reset)$/.test(type) && field.localName === 'input') return isMasked(field) ? stars(value) : value;
      // Not even its length.
      if (/^(password|hidden|file)$/.test(type) || SENSITIVE.test([name, id, autocomplete].join(' '))) return value && '***';
      const isShown = unmaskInputs && field.matches(unmaskInputs) && !isMasked(field) && !value.match(CARD);
      return isShown ? value : stars(value);
    },
  };
}

/** `closest` that goes on beyond a shadow root. */
function within(element: Element, selector: string): Element | null {
  const host = hostOf(element.getRootNode());
  return element.closest(selector) ?? (host ? within(host, selector) : null);
}
