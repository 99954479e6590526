import { childrenOf } from './mirror';
import { CARD, type MaskingOptions } from './masking';
import { allIn, NativeSet, nodeValue, now } from './natives';

const MAX_TEXTS = 300;
const MAX_LENGTH = 200;
const REFRESH_MS = 1_000;
/** As for what was typed: a short or single word stands in many texts by chance. */
const TELLING = /[\s\d@]/;
const SHORT = 3;

/** Makes the function that hides in a text what masked and blocked elements of the page show, or have shown, and cards. */
export function hiddenTexts({ mask, block }: MaskingOptions): (text: string) => string {
  const selector = ['[data-crow-mask],.rr-mask,[data-crow-block],.rr-block', mask, block].filter(Boolean).join();
  const known = new NativeSet<string>();
  let lookedAt = -Infinity;

  function take(node: Node): void {
    const text = nodeValue(node)?.trim() ?? '';
    if (text.length > SHORT && text.length <= MAX_LENGTH && TELLING.test(text)) known.add(text);
    if (known.size <= MAX_TEXTS) childrenOf(node).forEach(take);
  }

  function look(): void {
    for (const one of [...known].slice(0, -MAX_TEXTS / 2)) known.delete(one);
    try {
      allIn(document, selector).forEach(take);
    } catch {
      // A selector of the page's that is none.
    }
  }

  return (text) => {
    const at = now();
    if (at - lookedAt > REFRESH_MS) {
      lookedAt = at;
      look();
    }
    for (const one of known) if (text.includes(one)) text = text.split(one).join('*'.repeat(one.length));
    return text.replace(CARD, '*');
  };
}
