import { childrenOf, isInShadow, parentOf, type Mirror } from './mirror';
import type { Masking } from './masking';
import type { Serializer } from './serialize';
import type { WireAdd } from './wire';

/** An attribute that changes without end: so many at once, and a second. */
const STORM_TOKENS = 100;
const STORM_PER_SECOND = 10;

/** Turns what has changed into one event of texts, attributes, removes and adds. */
export function createMutations(mirror: Mirror, masking: Masking, serializer: Serializer): (records: MutationRecord[]) => object | undefined {
  const tokens = new WeakMap<Node, { left: number; at: number }>();

  /**
   * Removes first, with the parents that the replayer knows; then adds. Whatever changed its
   * place was removed from somewhere, so what was never removed is where the replayer has it.
   */
  return (records) => {
    const added = new Set<Node>();
    const removed = new Set<Node>();
    const texts = new Set<Node>();
    const changes = new Map<Element, Map<string, string | null>>();
    for (const { type, target, addedNodes, removedNodes, attributeName, oldValue } of records) {
      if (type === 'childList') {
        addedNodes.forEach((node) => added.add(node));
        removedNodes.forEach((node) => removed.add(node));
      } else if (type === 'characterData') texts.add(target);
      else {
        const names = changes.get(target as Element) ?? new Map<string, string | null>();
        changes.set(target as Element, names);
        if (!names.has(attributeName!)) names.set(attributeName!, oldValue);
      }
    }
    const removes = removesOf(removed);
    const fresh = new Set<Node>();
    const adds = addsOf(added, fresh);
    const isOld = (node: Node): boolean => mirror.has(node) && !fresh.has(node);
    const wire = {
      texts: [...texts].filter(isOld).map((node) => ({ id: mirror.id(node), value: serializer.node(node, false).textContent })),
      attributes: [...changes].filter(([element]) => isOld(element)).flatMap(([element, names]) => attributesOf(element, names)),
      removes,
      adds,
    };
    return wire.texts.length + wire.attributes.length + removes.length + adds.length ? wire : undefined;
  };

  function removesOf(removed: Set<Node>): object[] {
    const removes: { depth: number; node: Node; wire: object | false }[] = [];
    for (const node of removed) {
      const parent = mirror.parent(node);
      if (!parent) continue;
      let depth = 0;
      let goesWithParent = false;
      for (let at: Node | null | undefined = parent; at; at = mirror.parent(at)) {
        depth++;
        goesWithParent ||= removed.has(at);
      }
      const isTold = !goesWithParent || node.isConnected;
      removes.push({ depth, node, wire: isTold && { parentId: mirror.id(parent), id: mirror.id(node), ...(shadowed.has(node) && { isShadow: true }) } });
    }
    // From the inside out: what moves out of something that goes must go first.
    removes.sort((a, b) => b.depth - a.depth);
    for (const { node } of removes) mirror.remove(node, node.isConnected);
    return removes.flatMap(({ wire }) => wire || []);
  }

  /** One entry a node, parents first, and siblings from the last to the first: `nextId` is there already. */
  function addsOf(added: Set<Node>, fresh: Set<Node>): WireAdd[] {
    const adds: WireAdd[] = [];
    for (const node of added) {
      const parent = parentOf(node);
      if (!node.isConnected || mirror.has(node) || !parent || !mirror.has(parent) || serializer.isOpaque(parent)) continue;
      const run: Node[] = [];
      for (let at: Node | null = node; at && !mirror.has(at); at = at.nextSibling) run.push(at);
      while (run.length) add(run.pop()!, parent);
    }
    return adds;

    function add(node: Node, parent: Node): void {
      const wire = serializer.node(node, false);
      fresh.add(node);
      isInShadow(node) ? shadowed.add(node) : shadowed.delete(node);
      adds.push({ parentId: mirror.id(parent), nextId: mirror.id(node.nextSibling) || null, node: wire });
      if (serializer.isOpaque(node)) return;
      const children = childrenOf(node);
      while (children.length) add(children.pop()!, node);
    }
  }

  function attributesOf(element: Element, names: Map<string, string | null>): object[] {
    if (masking.isBlocked(element) || isStorming(element)) return [];
    const attributes: Record<string, unknown> = {};
    for (const [name, before] of names) {
      const value = element.getAttribute(name);
      const wire = value === null ? null : serializer.attribute(element, name, value);
      if (wire === undefined || value === before) continue;
      attributes[name] = name === 'style' && value && before ? styleChange(before, value, wire as string) : wire;
      if (name === 'open' && element.localName === 'dialog' && value !== null) attributes.rr_open_mode = element.matches(':modal') ? 'modal' : 'non-modal';
    }
    return Object.keys(attributes).length ? [{ id: mirror.id(element), attributes }] : [];
  }

  function isStorming(element: Element): boolean {
    const now = Date.now();
    const bucket = tokens.get(element) ?? { left: STORM_TOKENS, at: now };
    bucket.left = Math.min(STORM_TOKENS, bucket.left + ((now - bucket.at) / 1000) * STORM_PER_SECOND) - 1;
    bucket.at = now;
    tokens.set(element, bucket);
    if (bucket.left >= 0) return false;
    bucket.left = 0;
    return true;
  }
}

/** Children of shadow roots are removed from there. */
const shadowed = new WeakSet<Node>();

export function markShadowed(node: Node): void {
  shadowed.add(node);
}

const scratch = typeof document === 'object' ? [document.createElement('i').style, document.createElement('i').style] : [];

/** The properties that differ, when that is shorter than all of them. */
function styleChange(before: string, after: string, whole: string): unknown {
  const [old, now] = scratch as [CSSStyleDeclaration, CSSStyleDeclaration];
  old.cssText = before;
  now.cssText = after;
  const change: Record<string, unknown> = {};
  for (const name of [...old]) {
    if (now.getPropertyValue(name)) continue;
    change[name] = false;
    old.removeProperty(name);
  }
  for (const name of now) {
    const [value, priority] = [now.getPropertyValue(name), now.getPropertyPriority(name)];
    if (value === old.getPropertyValue(name) && priority === old.getPropertyPriority(name)) continue;
    change[name] = priority ? [value, priority] : value;
    old.setProperty(name, value, priority);
  }
  // Not so when the order would be another, or the parser does not know all of it.
  const isSame = old.cssText === now.cssText && whole === after && now.cssText.length >= after.trim().length - 1;
  return isSame && JSON.stringify(change).length < whole.length ? change : whole;
}
