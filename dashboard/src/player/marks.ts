/** Attributes that stand for states which only a pointer or a keyboard gives; the rewritten sheets ask for them. */

export type Mark = 'hover' | 'active' | 'focus' | 'visible' | 'within';

export class Marks {
  private readonly marked = new Map<Mark, Element[]>();

  /** The element and all that it is in, beyond shadow roots and frames, too. */
  set(mark: Mark, element: Node | null): void {
    this.put(mark, chainOf(element));
  }

  setOne(mark: Mark, element: Element | null): void {
    this.put(mark, element ? [element] : []);
  }

  private put(mark: Mark, elements: Element[]): void {
    const name = `data-crow-state-${mark}`;
    const now = new Set(elements);
    for (const element of this.marked.get(mark) ?? []) if (!now.has(element)) element.removeAttribute(name);
    for (const element of elements) element.setAttribute(name, '');
    this.marked.set(mark, elements);
  }

  clear(): void {
    this.marked.clear();
  }
}

function chainOf(node: Node | null): Element[] {
  const chain: Element[] = [];
  for (let at = node; at; at = above(at)) if (at.nodeType === Node.ELEMENT_NODE) chain.push(at as Element);
  return chain;
}

function above(node: Node): Node | null {
  if (node.nodeType === Node.DOCUMENT_NODE)
    return (node as Document).defaultView?.frameElement?.closest('.replayer-wrapper')
      ? null
      : ((node as Document).defaultView?.frameElement ?? null);
  return node.parentNode ?? (node as ShadowRoot).host ?? null;
}

const NO_TEXT = new Set([
  'button',
  'checkbox',
  'color',
  'file',
  'hidden',
  'image',
  'radio',
  'range',
  'reset',
  'submit',
]);

/** Shows its focus however it came. */
export function isTextField(element: Element): boolean {
  if (element.localName === 'input') return !NO_TEXT.has((element as HTMLInputElement).type);
  return element.localName === 'textarea' || (element as HTMLElement).isContentEditable;
}
