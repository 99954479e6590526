import { documentOf, hostOf, isInShadow, parentOf, type Mirror } from './mirror';
import type { Masking } from './masking';
import type { WireNode } from './wire';

const NAMED = /^(title|alt|aria-label|placeholder|label|content)$/;
const ADDRESS = /^(src|href|poster|data|background|xlink:href|action|formaction)$/;
/** Run code, belong to a request, or would load what the replay has itself. */
const DROPPED = /^(on|nonce$|integrity$|srcdoc$|autofocus$|ping$)/;

/** Turns nodes into what the replayer builds. */
export interface Serializer {
  /** A node; with `isDeep`, with all in it. Gives ids, and tells `found` of what must be observed. */
  node(node: Node, isDeep: boolean): WireNode;
  /** What an attribute becomes; undefined when it is left out. */
  attribute(element: Element, name: string, value: string): unknown;
  /** Whether what is in a node is recorded. */
  isOpaque(node: Node): boolean;
}

/** Roots beyond the tree: shadow roots, and frames that have loaded. */
export type Found = (kind: 'shadow' | 'frame' | 'sheets', element: Element) => void;

export function createSerializer(mirror: Mirror, masking: Masking, found: Found): Serializer {
  function node(target: Node, isDeep: boolean): WireNode {
    const id = mirror.add(target, parentOf(target));
    const wire = describe(target, id);
    const { ownerDocument } = target;
    if (ownerDocument && ownerDocument !== document) wire.rootId = mirror.id(ownerDocument);
    if (isInShadow(target)) wire.isShadow = true;
    const shadow = (target as Element).shadowRoot;
    if (shadow) {
      wire.isShadowHost = true;
      found('shadow', target as Element);
    }
    if (isDeep && wire.childNodes && !isOpaque(target)) {
      for (let child = target.firstChild; child; child = child.nextSibling) wire.childNodes.push(node(child, true));
      for (let child = shadow?.firstChild; child; child = child.nextSibling) wire.childNodes.push(node(child, true));
    }
    return wire;
  }

  function describe(target: Node, id: number): WireNode {
    switch (target.nodeType) {
      case 9:
        return { type: 0, id, childNodes: [], ...((target as Document).compatMode === 'BackCompat' && { compatMode: 'BackCompat' }) } as WireNode;
      case 10: {
        const { name, publicId, systemId } = target as DocumentType;
        return { type: 1, id, name, publicId, systemId };
      }
      case 1:
        return element(target as Element, id);
      case 3:
        return { type: 3, id, textContent: textOf(target) };
      case 4:
        return { type: 4, id, textContent: '' };
      default:
        return { type: 5, id, textContent: target.nodeValue ?? '' };
    }
  }

  function element(target: Element, id: number): WireNode {
    const tagName = /^[\w:.-]+$/.test(target.localName) ? (isSvg(target) ? target.tagName : target.tagName.toLowerCase()) : 'div';
    const wire: WireNode = { type: 2, id, tagName, attributes: {}, childNodes: [] };
    if (isSvg(target)) wire.isSVG = true;
    const attributes = (wire.attributes = masking.isBlocked(target) ? box(target) : attributesOf(target));
    if (tagName === 'iframe' && documentOf(target as HTMLIFrameElement)) found('frame', target);
    if (tagName === 'style' || tagName === 'link') {
      const css = sheetText(target as HTMLStyleElement);
      if (css) attributes._cssText = css;
    }
    return wire;
  }

  /** A blocked element is a box of its size. */
  function box(target: Element): Record<string, unknown> {
    const { width, height } = target.getBoundingClientRect();
    return { class: target.getAttribute('class') ?? '', rr_width: width + 'px', rr_height: height + 'px' };
  }

  function attributesOf(target: Element): Record<string, unknown> {
    const attributes: Record<string, unknown> = {};
    for (const { name, value } of target.attributes) {
      const wire = attribute(target, name, value);
      if (wire !== undefined) attributes[name] = wire;
    }
    Object.assign(attributes, state(target));
    return attributes;
  }

  function attribute(target: Element, name: string, value: string): unknown {
    const { localName } = target;
    if (DROPPED.test(name) || (/^(checked|selected)$/.test(name) && /^(input|option)$/.test(localName)) || !/^[\w:.@-]+$/.test(name)) return undefined;
    if (name === 'src' && /^(script|iframe)$/.test(localName)) return undefined;
    if (name === 'value' && /^(input|option|button|textarea)$/.test(localName)) {
      return localName === 'input' ? masking.value(target, (target as HTMLInputElement).value) : masking.isMasked(target) ? '*' : value;
    }
    if (NAMED.test(name) && masking.isMasked(target)) return masking.text(value, target);
    if (ADDRESS.test(name)) return masking.url(address(value, target));
    if (name === 'srcset') return value.replace(/(^|,\s*)([^\s,]+)/g, (_, comma, url) => comma + address(url, target));
    return name === 'style' ? absoluteUrls(value, target.baseURI) : value;
  }

  /** What is no attribute, and shows all the same. */
  function state(target: Element): Record<string, unknown> {
    const found: Record<string, unknown> = {};
    const { localName, scrollLeft, scrollTop } = target;
    if (localName === 'input') {
      const { type, checked } = target as HTMLInputElement;
      const value = masking.value(target, (target as HTMLInputElement).value);
      if (/^(radio|checkbox)$/.test(type)) {
        if (checked) found.checked = true;
      }
      else if (value || target.hasAttribute('value')) found.value = value;
    }
    if (localName === 'textarea') found.value = masking.value(target, (target as HTMLTextAreaElement).value);
    if (localName === 'option') {
      // Which one is chosen is what the person has entered.
      const select = target.closest('select');
      if (select && masking.value(select, 'x') === 'x' && (target as HTMLOptionElement).selected) found.selected = true;
    }
    if (/^(audio|video)$/.test(localName)) {
      const { paused, currentTime, muted, loop, volume, playbackRate } = target as HTMLMediaElement;
      Object.assign(found, {
        rr_mediaState: paused ? 'paused' : 'played',
        rr_mediaCurrentTime: currentTime,
        rr_mediaMuted: muted,
        rr_mediaLoop: loop,
        rr_mediaVolume: volume,
        rr_mediaPlaybackRate: playbackRate,
      });
    }
    if (localName === 'dialog' && target.hasAttribute('open')) found.rr_open_mode = target.matches(':modal') ? 'modal' : 'non-modal';
    if (scrollLeft) found.rr_scrollLeft = scrollLeft;
    if (scrollTop) found.rr_scrollTop = scrollTop;
    return found;
  }

  function textOf(target: Node): string {
    const parent = target.parentElement ?? hostOf(target.parentNode);
    const text = target.nodeValue ?? '';
    if (parent?.localName === 'style') return absoluteUrls(text, parent.baseURI);
    return masking.text(text, parent);
  }

  function isOpaque(target: Node): boolean {
    if (target.nodeType !== 1) return false;
    const { localName } = target as Element;
    return /^(script|iframe|textarea)$/.test(localName) || masking.isBlocked(target as Element);
  }

  return { node, attribute, isOpaque };
}

function isSvg(element: Element): boolean {
  return element.namespaceURI === 'http://www.w3.org/2000/svg';
}

/** The rules of a link's sheet, or of a style whose rules were made by a program. */
function sheetText({ sheet, localName, textContent, baseURI }: HTMLStyleElement): string {
  try {
    if (!sheet?.cssRules.length || (localName === 'style' && textContent!.trim())) return '';
    return absoluteUrls(rulesOf(sheet).join(''), sheet.href ?? baseURI);
  } catch {
    return ''; // Of another origin.
  }
}

export function rulesOf(sheet: CSSStyleSheet): string[] {
  return Array.from(sheet.cssRules, ({ cssText }) => cssText);
}

function address(value: string, element: Element): string {
  if (/^\s*javascript:/i.test(value)) return '';
  if (!value || /^(#|data:|blob:)/.test(value)) return value;
  try {
    return new URL(value, element.baseURI).href;
  } catch {
    return value;
  }
}

export function absoluteUrls(css: string, base: string): string {
  return css.replace(/url\((\s*['"]?)([^'")]+)/g, (all, quote, url) => {
    try {
      return /^(#|data:|blob:)/.test(url) ? all : `url(${quote}${new URL(url, base).href}`;
    } catch {
      return all;
    }
  });
}
