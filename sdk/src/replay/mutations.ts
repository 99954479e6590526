import { getAttribute, isConnected, nameOf, NativeMap, NativeSet, nextSibling, nodeType, parentNode } from './natives';
import { childrenOf, parentOf } from './mirror';
import { createStorm } from './storm';
import { openMode } from './top-layer';
import type { Fields } from './fields';
import type { Scene } from './scene';
import type { Found, Serializer } from './serialize';
import type { WireAdd } from './wire';

/** Attributes of a link that say which sheet it shows. */
const LINKS = /^(href|rel|media|disabled|type)$/;

/** Attributes that have changed, and their values before. */
type Changes = Map<Element, Map<string, string | null | undefined>>;

/** Turns what has changed into changes for the replayer. */
export interface Mutations {
  /** One event of texts, attributes, removes and adds. */
  of(records: MutationRecord[]): object | undefined;
  /** The same for an element that must be built again. */
  rebuild(element: Element): object | undefined;
  clear(): void;
}

export function createMutations(
  scene: Scene,
  serializer: Serializer,
  fields: Fields,
  found: Found,
  tell: (change: object) => void,
): Mutations {
  const { mirror, masking } = scene;

  const storm = createStorm(
    scene.safely((held) => {
      scene.catchUp();
      const changes: Changes = new NativeMap();
      for (const [element, names] of held)
        changes.set(element, new NativeMap([...names].map((name) => [name, undefined])));
      const attributes = attributesOf(changes, () => true);
      if (attributes.length) tell({ texts: [], attributes, removes: [], adds: [] });
    }),
  );

  /**
   * Removes first, with the parents that the replayer knows; then adds. Whatever changed its
   * place was removed from somewhere, so what was never removed is where the replayer has it.
   */
  function change(added: Set<Node>, removed: Set<Node>, texts: Set<Node>, changes: Changes): object | undefined {
    const removes = removesOf(removed);
    const fresh = new NativeSet<Node>();
    const adds = addsOf(added, fresh);
    const isOld = (node: Node): boolean => mirror.has(node) && !fresh.has(node);
    const wire = {
      texts: [...texts].filter(isOld).map((node) => ({ id: mirror.id(node), value: serializer.textIn(node) })),
      attributes: attributesOf(changes, isOld),
      removes,
      adds,
    };
    return wire.texts.length + wire.attributes.length + removes.length + adds.length ? wire : undefined;
  }

  function of(records: MutationRecord[]): object | undefined {
    const added = new NativeSet<Node>();
    const removed = new NativeSet<Node>();
    const texts = new NativeSet<Node>();
    const changes: Changes = new NativeMap();
    for (const { type, target, addedNodes, removedNodes, attributeName, oldValue } of records) {
      if (type === 'attributes') {
        const names = changes.get(target as Element) ?? new NativeMap();
        changes.set(target as Element, names);
        if (!names.has(attributeName!)) names.set(attributeName!, oldValue);
        fields.forget(target);
        if (attributeName !== 'style')
          for (const one of masking.becameHidden(target as Element, attributeName!, oldValue)) {
            added.add(one);
            removed.add(one);
          }
        continue;
      }
      if (type === 'characterData') texts.add(target);
      for (let i = 0; i < addedNodes.length; i++) added.add(addedNodes[i]!);
      for (let i = 0; i < removedNodes.length; i++) removed.add(removedNodes[i]!);
      if (removedNodes.length) masking.leave(removedNodes, target);
      // The text of a sheet stands in its first node, wherever it has changed.
      const parent = type === 'characterData' ? parentNode(target) : target;
      if (!parent) continue;
      if (nameOf(parent) === 'style') childrenOf(parent).forEach((child) => nodeType(child) === 3 && texts.add(child));
      fields.forget(parent);
    }
    return change(added, removed, texts, changes);
  }

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
      const isTold = !goesWithParent || isConnected(node);
      removes.push({
        depth,
        node,
        wire: isTold && {
          parentId: mirror.id(parent),
          id: mirror.id(node),
          ...(mirror.inShadow.has(node) && { isShadow: true }),
        },
      });
    }
    // From the inside out: what moves out of something that goes must go first.
    removes.sort((a, b) => b.depth - a.depth);
    for (const { node } of removes) mirror.remove(node, isConnected(node));
    return removes.flatMap(({ wire }) => wire || []);
  }

  /** One entry a node, parents first, and siblings from the last to the first: `nextId` is there already. */
  function addsOf(added: Set<Node>, fresh: Set<Node>): WireAdd[] {
    const adds: WireAdd[] = [];
    for (const node of added) {
      const parent = parentOf(node);
      if (!isConnected(node) || mirror.has(node) || !parent || !mirror.has(parent) || serializer.isOpaque(parent))
        continue;
      const isMasked = masking.isMasked(parent);
      const run: Node[] = [];
      for (let at: Node | null = node; at && !mirror.has(at); at = nextSibling(at)) run.push(at);
      while (run.length) add(run.pop()!, parent, isMasked);
    }
    return adds;

    function add(node: Node, parent: Node, isMasked: boolean): void {
      const wire = serializer.build(node, false, isMasked);
      fresh.add(node);
      mirror.markShadow(node);
      adds.push({ parentId: mirror.id(parent), nextId: mirror.id(nextSibling(node)) || null, node: wire });
      if (serializer.isOpaque(node)) return;
      isMasked ||= !!nameOf(node) && masking.isMarked(node as Element);
      const children = childrenOf(node);
      while (children.length) add(children.pop()!, node, isMasked);
    }
  }

  function attributesOf(changes: Changes, isOld: (node: Node) => boolean): object[] {
    const all: object[] = [];
    for (const [element, names] of changes) {
      if (!isOld(element) || !mirror.has(element) || masking.isBlocked(element)) continue;
      const late = storm.held(element);
      if (!storm.allows(element, names.keys())) continue;
      // The replayer does not have the value that these had before.
      for (const name of late ?? []) names.set(name, undefined);
      const attributes: Record<string, unknown> = {};
      for (const [name, before] of names) attribute(element, name, before, attributes);
      if (Object.keys(attributes).length) all.push({ id: mirror.id(element), attributes });
    }
    return all;
  }

  function attribute(
    element: Element,
    name: string,
    before: string | null | undefined,
    attributes: Record<string, unknown>,
  ): void {
    const value = getAttribute(element, name);
    const tag = nameOf(element);
    // A dialog that was closed and opened again may be shown in another way.
    if (tag === 'dialog' && name === 'open' && value !== null) attributes.rr_open_mode = openMode(element);
    if (tag === 'link' && LINKS.test(name)) found('link', element);
    const wire = value === null ? null : serializer.oneAttribute(element, name, value);
    if (wire === undefined || (value === before && !attributes.rr_open_mode)) return;
    attributes[name] = wire;
  }

  return {
    of,
    rebuild: (element) => change(new NativeSet([element]), new NativeSet([element]), new NativeSet(), new NativeMap()),
    clear: () => storm.clear(),
  };
}
