/** The wire format of rrweb 2, as far as we write it. */

export const FULL_SNAPSHOT = 2;
export const INCREMENTAL = 3;
export const META = 4;
export const CUSTOM = 5;

/** `data.source` of an incremental event. */
export const Source = {
  Mutation: 0,
  MouseMove: 1,
  MouseInteraction: 2,
  Scroll: 3,
  Resize: 4,
  Input: 5,
  TouchMove: 6,
  Media: 7,
  StyleRule: 8,
  StyleDeclaration: 13,
  Selection: 14,
  AdoptedStyles: 15,
} as const;

/** A node as the replayer builds it. */
export interface WireNode {
  type: number;
  id: number;
  rootId?: number;
  isShadow?: boolean;
  isShadowHost?: boolean;
  tagName?: string;
  isSVG?: boolean;
  attributes?: Record<string, unknown>;
  childNodes?: WireNode[];
  name?: string;
  publicId?: string;
  systemId?: string;
  textContent?: string;
}

export interface WireAdd {
  parentId: number;
  nextId: number | null;
  node: WireNode;
}

export interface WireEvent {
  type: number;
  data: any;
  timestamp: number;
}
