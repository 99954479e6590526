/**
 * What the replayer has: ids of nodes, and which of them are in its tree. A node keeps its id
 * when it moves; one that is gone and comes back gets another.
 */
export class Mirror {
  private ids = new WeakMap<Node, number>();
  /** The parent that the replayer knows for a node; `null` for documents. */
  private parents = new Map<Node, Node | null>();
  private nextId = 1;

  /** The id of a node; 0 when the replayer does not have it. */
  id(node: Node | null | undefined): number {
    return node && this.parents.has(node) ? this.ids.get(node)! : 0;
  }

  has(node: Node): boolean {
    return this.parents.has(node);
  }

  parent(node: Node): Node | null | undefined {
    return this.parents.get(node);
  }

  /** The replayer will have the node. */
  add(node: Node, parent: Node | null): number {
    this.parents.set(node, parent);
    let id = this.ids.get(node);
    if (!id) this.ids.set(node, (id = this.nextId++));
    return id;
  }

  /** The replayer will not have the node any more, nor what is in it. */
  remove(node: Node, keepsIds: boolean): void {
    if (!this.parents.delete(node)) return;
    if (!keepsIds) this.ids.delete(node);
    for (const child of childrenOf(node)) {
      // What has moved elsewhere is none of this node's any more. The replayer does not forget
      // what is in a shadow root, and would take the old nodes for the old ids.
      if (this.parents.get(child) === node) this.remove(child, keepsIds && child.parentNode === node);
    }
    const inner = (node as HTMLIFrameElement).localName === 'iframe' && documentOf(node as HTMLIFrameElement);
    if (inner) this.remove(inner, false);
  }

  clear(): void {
    this.parents.clear();
    this.ids = new WeakMap();
  }
}

/** Light children, and those of an open shadow root. */
export function childrenOf(node: Node): Node[] {
  const shadow = (node as Element).shadowRoot;
  return shadow ? [...node.childNodes, ...shadow.childNodes] : [...node.childNodes];
}

/** The document of a frame that we may look into. */
export function documentOf(frame: HTMLIFrameElement): Document | null {
  try {
    return frame.contentDocument;
  } catch {
    return null;
  }
}

/** The host of a shadow root; a link has a `host`, too. */
export function hostOf(root: Node | null): Element | null {
  return root?.nodeType === 11 ? ((root as ShadowRoot).host ?? null) : null;
}

/** The parent as the replayer sees it: a shadow root is its host. */
export function parentOf(node: Node): Node | null {
  return hostOf(node.parentNode) ?? node.parentNode;
}

/** Whether a node lies directly in a shadow root. */
export function isInShadow(node: Node): boolean {
  return !!hostOf(node.parentNode);
}
