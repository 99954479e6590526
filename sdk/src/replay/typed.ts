import { NativeMap, NativeSet } from './natives';

const MAX_FIELDS = 30;
const MAX_TEXTS = 300;
/** Text that says little, and stands in many places by chance. */
const SHORT = 3;
/** A name, a number or an address. A single word, such as one that was searched for, stands in many texts. */
const TELLING = /[\s\d@]/;

/** Knows what was typed into hidden fields, so that it is hidden where the page repeats it. */
export interface Typed {
  /** Notes what is in a hidden field; gives it back. */
  note(field: Element, value: string): string;
  /** Hides what repeats a field; `isNear` says for which fields even a single letter is no chance. */
  hide(text: string, isNear?: (field: Element) => boolean): string;
}

export function createTyped(): Typed {
  /** What is in fields now, and what was there on the way. */
  const current = new NativeMap<Element, string>();
  const past = new NativeSet<string>();

  return {
    note(field, value) {
      const text = value.trim();
      if (text === (current.get(field) ?? (field as HTMLInputElement).defaultValue?.trim())) return value;
      current.delete(field);
      current.set(field, text);
      past.delete(text);
      if (text) past.add(text);
      if (current.size > MAX_FIELDS) current.delete(current.keys().next().value!);
      if (past.size > MAX_TEXTS) past.delete(past.values().next().value!);
      return value;
    },
    hide(text, isNear) {
      if (!past.size || !text) return text;
      const plain = text.trim();
      if (past.has(plain) && (plain.length >= SHORT || (isNear && [...current.keys()].some(isNear))))
        return text.replace(/\S/g, '*');
      for (const [field, typed] of current) {
        const counts = typed.length > SHORT && text.includes(typed) && (TELLING.test(typed) || isNear?.(field));
        if (counts) text = text.split(typed).join('*'.repeat(typed.length));
      }
      return text;
    },
  };
}
