import {
  attributesOf,
  baseURI,
  boxOf,
  compatMode,
  firstChild,
  getAttribute,
  nameOf,
  namespaceURI,
  nextSibling,
  nodeType,
  nodeValue,
  ownerDocument,
  parentNode,
  scrollLeft,
  scrollTop,
  shadowOf,
  tagName,
  valueOf,
} from './natives';
import { isField, isShownAsSelected, type Fields } from './fields';
import { isInShadow, parentOf } from './mirror';
import { pictureState, reportPictures } from './pictures';
import { openMode } from './top-layer';
import type { Scene } from './scene';
import type { Sheets } from './sheets';
import type { WireNode } from './wire';

const NAMED =
  /^(title|alt|aria-(label|description|valuetext|placeholder|roledescription)|placeholder|label|content|summary)$/;
/** Attributes in which pages repeat what was typed. */
const REPEATS = /^(value$|data-|aria-)/;
/** Such a value says in which state an element is; any other may be shown. */
const STATE = /^[a-z_-]*$/;
const ADDRESS = /^(src|href|poster|data|background|xlink:href|action|formaction)$/;
/** Run code, belong to a request, or would load what the replay has itself. */
const DROPPED = /^(on|nonce$|integrity$|srcdoc$|autofocus$|ping$)/;

/** Turns nodes into what the replayer builds. */
export interface Serializer {
  /** A node; with `isDeep`, with all in it. Gives ids, and tells `found` of what must be observed. */
  build(node: Node, isDeep: boolean, isMasked?: boolean): WireNode;
  /** What an attribute becomes; undefined when it is left out. */
  oneAttribute(element: Element, name: string, value: string): unknown;
  /** All attributes of an element as they are now. */
  allAttributes(element: Element): Record<string, unknown>;
  /** The text of a text node. */
  textIn(node: Node): string;
  /** Whether what is in a node is recorded. */
  isOpaque(node: Node): boolean;
}

/** What is to be looked into: shadow roots, frames and canvases, sheets that programs may have changed. */
export type Found = (kind: 'shadow' | 'frame' | 'style' | 'link', element: Element) => void;

export function createSerializer(
  scene: Scene,
  fields: Fields,
  sheets: Sheets,
  found: Found,
  onError: (error: unknown) => void,
): Serializer {
  const { mirror, masking } = scene;

  function build(
    target: Node,
    isDeep: boolean,
    isMasked = masking.isMasked(nodeType(target) === 1 ? parentOf(target) : target),
  ): WireNode {
    // What has just been made cannot have been scrolled: asking would cost a layout.
    const mayBeScrolled = isDeep || mirror.knows(target);
    const id = mirror.add(target, parentOf(target));
    let wire: WireNode;
    try {
      isMasked ||= nodeType(target) === 1 && masking.isMarked(target as Element);
      wire = describe(target, id, isMasked, mayBeScrolled);
    } catch (error) {
      // A node that cannot be read costs itself, not what is around it.
      onError(error);
      wire = { type: 2, id, tagName: 'div', attributes: {}, childNodes: [] };
    }
    const owner = ownerDocument(target);
    if (owner && owner !== document) wire.rootId = mirror.id(owner);
    if (isInShadow(target)) wire.isShadow = true;
    const shadow = shadowOf(target);
    if (shadow) {
      wire.isShadowHost = true;
      found('shadow', target as Element);
    }
    if (isDeep && wire.childNodes && !isOpaque(target)) {
      for (let child = firstChild(target); child; child = nextSibling(child))
        wire.childNodes.push(build(child, true, isMasked));
      for (let child = shadow && firstChild(shadow); child; child = nextSibling(child))
        wire.childNodes.push(build(child, true, isMasked));
    }
    return wire;
  }

  function describe(target: Node, id: number, isMasked: boolean, mayBeScrolled: boolean): WireNode {
    switch (nodeType(target)) {
      case 9:
        return {
          type: 0,
          id,
          childNodes: [],
          ...(compatMode(target as Document) === 'BackCompat' && { compatMode: 'BackCompat' }),
        } as WireNode;
      case 10: {
        const { name, publicId, systemId } = target as DocumentType;
        return { type: 1, id, name, publicId, systemId };
      }
      case 1:
        return element(target as Element, id, isMasked, mayBeScrolled);
      case 3:
        return { type: 3, id, textContent: textIn(target, isMasked) };
      case 4:
        return { type: 4, id, textContent: '' };
      default:
        return { type: 5, id, textContent: nodeValue(target) ?? '' };
    }
  }

  function element(target: Element, id: number, isMasked: boolean, mayBeScrolled: boolean): WireNode {
    const name = nameOf(target);
    const isSvg = namespaceURI(target) === 'http://www.w3.org/2000/svg';
    const wire: WireNode = {
      type: 2,
      id,
      tagName: /^[\w:.-]+$/.test(name) ? (isSvg ? tagName(target) : tagName(target).toLowerCase()) : 'div',
      attributes: {},
      childNodes: [],
    };
    if (isSvg) wire.isSVG = true;
    if (masking.isBlocked(target)) {
      wire.attributes = box(target);
      return wire;
    }
    wire.attributes = allAttributes(target, isMasked, mayBeScrolled);
    if (name === 'iframe' || name === 'canvas') found('frame', target);
    if (name === 'style') found('style', target);
    return wire;
  }

  /** A blocked element is a box of its size. */
  function box(target: Element): Record<string, unknown> {
    const { width, height } = boxOf(target);
    return { class: getAttribute(target, 'class') ?? '', rr_width: width + 'px', rr_height: height + 'px' };
  }

  function allAttributes(
    target: Element,
    isMasked = masking.isMasked(target),
    mayBeScrolled = true,
  ): Record<string, unknown> {
    const all: Record<string, unknown> = {};
    const list = attributesOf(target);
    for (let i = 0; i < list.length; i++) {
      const { name, value } = list[i]!;
      const wire = oneAttribute(target, name, value, isMasked);
      if (wire !== undefined) all[name] = wire;
    }
    return Object.assign(all, state(target, mayBeScrolled, isMasked, 'popover' in all));
  }

  function oneAttribute(target: Element, name: string, value: string, isMasked?: boolean): unknown {
    const tag = nameOf(target);
    if (
      DROPPED.test(name) ||
      (/^(checked|selected)$/.test(name) && /^(input|option)$/.test(tag)) ||
      !/^[\w:.@-]+$/.test(name)
    )
      return undefined;
    if (name === 'src' && /^(script|iframe)$/.test(tag)) return undefined;
    if (name === 'class' || name === 'id') return value;
    const isHidden = (): boolean => (isMasked ??= masking.isMasked(target));
    if (name === 'value') {
      if (tag === 'input') return masking.hideValue(target, valueOf(target));
      if (/^(option|button|textarea)$/.test(tag)) return isHidden() ? '*' : masking.hideText(value, false);
      // An element of the page's own may well be a field.
      if (tag.includes('-')) return masking.hideValue(target, value);
    }
    // The number in the placeholder of a card's field is an example.
    if (name === 'placeholder' && !isHidden()) return masking.repeated(target, value);
    if (NAMED.test(name)) return masking.repeated(target, masking.hideText(value, isHidden()));
    if (name === 'style') return sheets.inlineStyle(masking.repeated(target, value), target, isHidden());
    if (name.startsWith('data-') && !STATE.test(value) && isHidden()) return masking.hideText(value, true);
    if (REPEATS.test(name) || tag.includes('-')) value = masking.repeated(target, value);
    if (ADDRESS.test(name)) value = masking.cleanAddress(absolute(value, target));
    if (name === 'srcset' || name === 'imagesrcset')
      value = value.replace(
        /(^|,\s*)([^\s,]+)/g,
        (_, comma, url) => comma + masking.cleanAddress(absolute(url, target)),
      );
    reportPictures(scene, target, name, value, isHidden);
    return value;
  }

  /** What is no attribute, and shows all the same. */
  function state(
    target: Element,
    mayBeScrolled: boolean,
    isMasked: boolean,
    isPopover: boolean,
  ): Record<string, unknown> {
    const name = nameOf(target);
    const more: Record<string, unknown> = {};
    if (isField(target)) Object.assign(more, fields.stateOf(target));
    else if (name === 'option') {
      if (isShownAsSelected(target, scene)) more.selected = true;
    } else if (name === 'style' || name === 'link') Object.assign(more, sheets.stateOf(target));
    else if (/^(audio|video)$/.test(name)) {
      const { paused, currentTime, muted, loop, volume, playbackRate } = target as HTMLMediaElement;
      Object.assign(more, {
        rr_mediaState: paused ? 'paused' : 'played',
        rr_mediaCurrentTime: currentTime,
        rr_mediaMuted: muted,
        rr_mediaLoop: loop,
        rr_mediaVolume: volume,
        rr_mediaPlaybackRate: playbackRate,
      });
    }
    if (name === 'img') Object.assign(more, pictureState(scene, target, isMasked));
    if (isPopover || name === 'dialog') {
      const mode = openMode(target);
      if (mode) more.rr_open_mode = mode;
    }
    if (mayBeScrolled) {
      const [left, top] = [scrollLeft(target), scrollTop(target)];
      if (left) more.rr_scrollLeft = left;
      if (top) more.rr_scrollTop = top;
    }
    return more;
  }

  function textIn(target: Node, isMasked = masking.isMasked(target)): string {
    const parent = parentNode(target);
    if (parent && nameOf(parent) === 'style') return sheets.styleText(target, parent as HTMLStyleElement);
    return masking.hideText(nodeValue(target) ?? '', isMasked);
  }

  function isOpaque(target: Node): boolean {
    const name = nameOf(target);
    return !!name && (/^(script|iframe|textarea)$/.test(name) || masking.isBlocked(target as Element));
  }

  return { build, oneAttribute, allAttributes, textIn, isOpaque };
}

function absolute(value: string, element: Element): string {
  if (/^\s*javascript:/i.test(value)) return '';
  if (!value || /^(#|data:|blob:)/.test(value)) return value;
  try {
    return new URL(value, baseURI(element)).href;
  } catch {
    return value;
  }
}
