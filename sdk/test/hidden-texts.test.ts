// What masked elements show, in a page made of the few things that are asked for.
import { expect, test, vi } from 'vitest';

/** A node, as the recorder asks for it: by the getters of its prototype. */
class FakeNode {
  children: FakeNode[] = [];
  next: FakeNode | null = null;
  constructor(
    public nodeType: number,
    private text: string | null = null,
  ) {}
  get firstChild(): FakeNode | null {
    return this.children[0] ?? null;
  }
  get nextSibling(): FakeNode | null {
    return this.next;
  }
  get nodeValue(): string | null {
    return this.text;
  }
}
class FakeElement extends FakeNode {
  localName = 'input';
  type = 'text';
  name = 'note';
  get parentNode() {
    return null;
  }
  get ownerDocument() {
    return null;
  }
  getAttribute() {
    return null;
  }
  matches(selector: string): boolean {
    return selector === 'input';
  }
}
class FakeDocument extends FakeNode {
  masked: FakeNode[] = [];
  asked: string[] = [];
  querySelectorAll(selector: string): FakeNode[] {
    if (selector.includes('!')) throw new SyntaxError(selector);
    this.asked.push(selector);
    return this.masked;
  }
}

test('text that masked elements show, or have shown, is hidden; a picture in the page is not cut', async () => {
  const page = new FakeDocument(9);
  vi.stubGlobal('Node', FakeNode);
  vi.stubGlobal('Element', FakeElement);
  vi.stubGlobal('Document', FakeDocument);
  vi.stubGlobal('document', page);
  vi.useFakeTimers();
  // Natives are taken once, and here from the page above.
  const { takeNatives } = await import('../src/replay/natives');
  const { hiddenTexts } = await import('../src/replay/hidden-texts');
  takeNatives();
  const balance = new FakeNode(1);
  balance.children = [new FakeNode(3, ' Balance 1234 EUR '), new FakeNode(3, 'ok'), new FakeNode(3, 'Lovelace')];
  balance.children.forEach((one, i, all) => (one.next = all[i + 1] ?? null));
  page.masked = [balance];

  const hide = hiddenTexts({ mask: '.mine', block: '.closed' });
  expect(hide('was Balance 1234 EUR, ok for Lovelace')).toBe('was ****************, ok for Lovelace');
  expect(page.asked[0]).toBe('[data-crow-mask],.rr-mask,[data-crow-block],.rr-block,.mine,.closed');
  page.masked = [];
  vi.advanceTimersByTime(5_000);
  expect(hide('Balance 1234 EUR')).toBe('*'.repeat(16));
  expect(page.asked).toHaveLength(2);
  expect(hiddenTexts({ mask: '!' })('a selector that is none')).toBe('a selector that is none');
  expect(hide('card 4111 1111 1111 1111, order 4006381333931')).toBe('card *, order 4006381333931');

  // A view of many texts, and then another one.
  const view = (name: string): FakeNode[] => Array.from({ length: 200 }, (_, i) => new FakeNode(3, `${name} ${i}.`));
  for (const name of ['old', 'new']) {
    page.masked = view(name);
    vi.advanceTimersByTime(5_000);
    hide('');
  }
  expect(hide('new 0. new 199. old 0.')).toBe('****** ******** old 0.');

  const { createMasking } = await import('../src/replay/masking');
  const { cleanAddress, hideValue } = createMasking({ cleanUrl: (url) => url.slice(0, 10), unmaskInputs: 'input' });
  expect(cleanAddress('https://a.b/?token=abc')).toBe('https://a.');
  expect(cleanAddress('data:image/png;base64,abc')).toBe('data:image/png;base64,abc');

  // A field of which the page shows the content is recorded after each key.
  const field = new FakeElement(1) as unknown as Element;
  for (const card of ['30569309025904', '3782 822463 10005', '4111-1111-1111-1111'])
    for (let end = 1; end <= card.length; end++) {
      const typed = card.slice(0, end);
      const isBegun = typed.replace(/\D/g, '').length >= 12;
      expect(hideValue(field, typed)).toBe(isBegun ? typed.replace(/\S/g, '*') : typed);
    }
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
