const MAX_TEXTS = 300;
const MAX_LENGTH = 200;
const REFRESH_MS = 1_000;
/** As for what was typed: a short or single word stands in many texts by chance. */
const TELLING = /[\s\d@]/;
const SHORT = 3;

/** Makes the function that hides in a text what masked and blocked elements of the page show, or have shown. */
export function hiddenTexts(selector: string, now: () => number): (text: string) => string {
  const known = new Set<string>();
  let lookedAt = -Infinity;

  function look(): void {
    for (const element of document.querySelectorAll(selector)) {
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      for (let node; (node = walker.nextNode());) {
        const text = node.nodeValue!.trim();
        if (text.length > SHORT && text.length <= MAX_LENGTH && TELLING.test(text)) known.add(text);
        if (known.size > MAX_TEXTS) return;
      }
    }
  }

  return (text) => {
    const at = now();
    if (at - lookedAt > REFRESH_MS) {
      lookedAt = at;
      for (const one of [...known].slice(MAX_TEXTS / 2)) known.delete(one);
      look();
    }
    for (const one of known) if (text.includes(one)) text = text.split(one).join('*'.repeat(one.length));
    return text;
  };
}
