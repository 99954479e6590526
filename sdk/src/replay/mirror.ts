import {
  contentDocument,
  firstChild,
  hostOf,
  nameOf,
  NativeMap,
  NativeWeakMap,
  NativeWeakSet,
  nextSibling,
  nodeType,
  parentNode,
  shadowOf,
} from './natives';

/**
 * What the replayer has: ids of nodes, and which of them are in its tree. A node keeps its id
 * when it moves; one that is gone and comes back gets another.
 */
export class Mirror {
  private ids = new NativeWeakMap<Node, number>();
  /** The parent that the replayer knows for a node; `null` for documents. */
  private parents = new NativeMap<Node, Node | null>();
  private frames = new NativeWeakMap<Node, Document>();
  private nextId = 1;
  /** What lies directly in a shadow root: it is removed from there. */
  readonly inShadow = new NativeWeakSet<Node>();

  /** The id of a node; 0 when the replayer does not have it. */
  id(node: Node | null | undefined): number {
    return node && this.parents.has(node) ? this.ids.get(node)! : 0;
  }

  has(node: Node): boolean {
    return this.parents.has(node);
  }

  /** Whether the replayer had the node before, and may have it still. */
  knows(node: Node): boolean {
    return this.ids.has(node);
  }

  parent(node: Node): Node | null | undefined {
    return this.parents.get(node);
  }

  /** The replayer will have the node. */
  add(node: Node, parent: Node | null): number {
    this.parents.set(node, parent);
    let id = this.ids.get(node);
    if (!id) this.ids.set(node, (id = this.newId()));
    return id;
  }

  markShadow(node: Node): void {
    isInShadow(node) ? this.inShadow.add(node) : this.inShadow.delete(node);
  }

  /** An id for a node that is not ours, as those of a frame of another origin. */
  newId(): number {
    return this.nextId++;
  }

  /** A frame shows a document; what it showed before is gone. */
  addFrame(frame: Node, inner: Document): void {
    const before = this.frames.get(frame);
    if (before) this.remove(before, false);
    this.frames.set(frame, inner);
    this.add(inner, null);
  }

  /** The replayer will not have the node any more, nor what is in it. */
  remove(node: Node, keepsIds: boolean): void {
    if (!this.parents.delete(node)) return;
    if (!keepsIds) this.ids.delete(node);
    for (const child of childrenOf(node)) {
      // What has moved elsewhere is none of this node's any more. The replayer does not forget
      // what is in a shadow root, and would take the old nodes for the old ids.
      if (this.parents.get(child) === node) this.remove(child, keepsIds && parentNode(child) === node);
    }
    const inner = this.frames.get(node);
    if (inner) this.remove(inner, false);
    this.frames.delete(node);
  }

  clear(): void {
    this.parents.clear();
    this.ids = new NativeWeakMap();
    this.frames = new NativeWeakMap();
  }
}

/** Light children, and those of an open shadow root. */
export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (let child = firstChild(node); child; child = nextSibling(child)) children.push(child);
  const shadow = shadowOf(node);
  for (let child = shadow && firstChild(shadow); child; child = nextSibling(child)) children.push(child);
  return children;
}

/** The document of a frame that we may look into. */
export function documentOf(frame: Node): Document | null {
  try {
    return nameOf(frame) === 'iframe' ? contentDocument(frame as HTMLIFrameElement) : null;
  } catch {
    return null;
  }
}

/** The parent as the replayer sees it: a shadow root is its host. */
export function parentOf(node: Node): Node | null {
  const parent = parentNode(node);
  return parent && nodeType(parent) === 11 ? (hostOf(parent) ?? parent) : parent;
}

/** Whether a node lies directly in a shadow root. */
export function isInShadow(node: Node): boolean {
  return !!hostOf(parentNode(node));
}
