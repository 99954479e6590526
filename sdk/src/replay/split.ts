import { FULL_SNAPSHOT, INCREMENTAL, Source, type WireAdd, type WireEvent, type WireNode } from './wire';

/** Nodes in one event: about 1 MB. A gateway takes requests of 16 MB, and 64 MB inflated. */
const MAX_NODES = 10_000;

/**
 * Splits an event that would make one huge request, so that nothing has to be dropped for its
 * size: what a snapshot leaves out follows as additions, and additions go in several events.
 */
export function split(event: WireEvent): WireEvent[] {
  const { type, timestamp, data } = event;
  const adds: WireAdd[] =
    (type === FULL_SNAPSHOT && cut(data.node)) || (data.source === Source.Mutation && data.adds) || [];
  if (type === FULL_SNAPSHOT ? !adds.length : adds.length <= MAX_NODES) return [event];
  const events = type === FULL_SNAPSHOT ? [event] : [];
  const parts: WireEvent[] = [];
  while (adds.length)
    parts.push({
      type: INCREMENTAL,
      timestamp,
      data: { source: Source.Mutation, texts: [], attributes: [], removes: [], adds: adds.splice(0, MAX_NODES) },
    });
  if (type === INCREMENTAL) {
    // Removes come before all additions, and texts and attributes may be of any.
    const { removes, texts, attributes } = data;
    parts[0]!.data.removes = removes;
    Object.assign(parts.at(-1)!.data, { texts, attributes });
  }
  return [...events, ...parts];
}

/** Takes what is beyond the first nodes out of a tree; gives it as additions in the order of the document. */
function cut(root: WireNode): WireAdd[] {
  const adds: WireAdd[] = [];
  let count = 0;
  const visit = (node: WireNode, isKept: boolean): void => {
    const children = node.childNodes ?? [];
    if (children.length) node.childNodes = [];
    for (const child of children) {
      const keepsChild = isKept && count++ < MAX_NODES;
      if (keepsChild) node.childNodes!.push(child);
      else adds.push({ parentId: node.id, nextId: null, node: child });
      visit(child, keepsChild);
    }
  };
  visit(root, true);
  return adds;
}
