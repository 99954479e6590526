/** Attributes and style sheets of a recording, made harmless. */
import { addressesOf, pictureAddress, safeAddress, type Policy, type Report } from './addresses';
import type { Size } from './assets';
import { CLEAR } from './clear';
import { exactLengths } from './css/lengths';
import { rewriteMedia, rewriteSheet, rewriteValue } from './css/rewrite';

export { newReport, safeAddress, type Policy, type Report } from './addresses';

const ADDRESSES = new Set([
  'src',
  'href',
  'poster',
  'background',
  'data',
  'xlink:href',
  'lowsrc',
  'dynsrc',
  'icon',
  'rr_dataurl',
  'rr_src',
  'xml:base',
]);
/** Attributes of SVG that are read as a property, and those of an animation that such a property may take its value from. */
const PROPERTIES = new Set([
  'fill',
  'stroke',
  'filter',
  'clip-path',
  'mask',
  'marker',
  'marker-start',
  'marker-mid',
  'marker-end',
  'cursor',
  'color-profile',
  'from',
  'to',
  'by',
  'values',
]);
/** Never needed to look like the page: they load, send, navigate or name other resources. */
const DROPPED = new Set([
  'srcdoc',
  'srcset',
  'imagesrcset',
  'imagesizes',
  'action',
  'formaction',
  'ping',
  'manifest',
  'nonce',
  'integrity',
  'http-equiv',
  'autofocus',
  'autoplay',
  'target',
  'download',
  'is',
  'codebase',
  'classid',
  'archive',
  'cite',
  'longdesc',
  'profile',
  'usemap',
  'attributionsrc',
  'crossorigin',
  'referrerpolicy',
  'csp',
  'allow',
  'sandbox',
  'loading',
  'rr_mediastate',
  'xml:base',
]);
const NAME = /^[\w:@.-]+$/;
/** What the player says of an element; a recording cannot. */
const STATE = 'data-crow-state-';
/** Neither checked nor not. */
export const BETWEEN = `${STATE}between`;
/** Their picture has its own size, and gives it to the element. */
const PICTURES = new Set(['img', 'image', 'input', 'feimage']);
const WITH_PICTURE = new Set([...PICTURES, 'video', 'audio', 'source', 'track', 'body', 'table', 'td', 'th', 'tr', '']);
const ANIMATED = new Set(['set', 'animate', 'animatemotion', 'animatetransform']);
const OPEN_MODES = new Set(['modal', 'non-modal', 'popover', 'fullscreen']);
/** A box of these is no box of something hidden. */
const SIZED = new Set(['iframe', 'canvas', 'img', 'image', 'input', 'video', 'object', 'embed']);
/** Where a picture that is nothing is the same as none. */
const BACKGROUNDS = new Set(['background', 'background-image', 'backgroundImage']);

/** By their name, forms and pages have these as a property, which may hide one that the replayer asks for. */
const NAMED = new Set([
  'img',
  'form',
  'embed',
  'object',
  'iframe',
  'button',
  'fieldset',
  'input',
  'output',
  'select',
  'textarea',
]);

const NOTHING = `url("${CLEAR}")`;

type Raw = Record<string, unknown>;

export function sanitizeAttributes(tag: string, raw: Raw, policy: Policy, report: Report): Raw {
  const safe: Raw = {};
  if (tag === 'meta') return colorScheme(raw);
  // An animation can write an address into another attribute after the checks.
  const target = ANIMATED.has(tag) ? String(raw.attributeName ?? '').toLowerCase() : '';
  if (target.includes('href') || target.includes('src')) return safe;
  for (const [name, value] of Object.entries(raw)) {
    const kept = sanitizeAttribute(tag, name, value, policy, report, sizeOf(raw));
    if (kept !== undefined) safe[nameOf(tag, name)] = kept;
  }
  if (PICTURES.has(tag) && raw.rr_src !== undefined) shownPicture(tag, raw, safe, policy, report);
  if (typeof raw.value === 'string' && /^\*+$/.test(raw.value)) report.masked.fields++;
  if (raw.rr_width !== undefined && !SIZED.has(tag)) {
    report.masked.blocks++;
    safe[`${STATE}blocked`] = '';
  }
  return safe;
}

/** Of all that a page says of itself, only this changes how it looks. */
function colorScheme({ name, content }: Raw): Raw {
  const isScheme =
    String(name).toLowerCase() === 'color-scheme' && typeof content === 'string' && /^[a-z -]+$/i.test(content);
  return isScheme ? { name: 'color-scheme', content } : {};
}

/** The picture that was chosen of several, or is there instead of one that is loaded later. */
function shownPicture(tag: string, raw: Raw, safe: Raw, policy: Policy, report: Report): void {
  const address = sanitizeAttribute(tag, 'src', raw.rr_src, policy, report, sizeOf(raw));
  if (address !== undefined) safe[tag === 'image' || tag === 'feimage' ? 'href' : 'src'] = address;
}

/** What an attribute of a recording is called in a replay. */
export function nameOf(tag: string, name: string): string {
  const lower = name.toLowerCase();
  if (tag === 'canvas' && lower === 'rr_dataurl') return `${STATE}frame`;
  return lower === 'rr_indeterminate' ? BETWEEN : name;
}

/** Whether `<form><input name=firstChild>` would hide what the replayer asks of a form or a page. */
function hides(tag: string, name: string, value: unknown): boolean {
  if (!NAMED.has(tag) || typeof value !== 'string') return false;
  // The ids of fields are often like a property of forms only, and style sheets go by them.
  if (name === 'id') return value in Node.prototype || value in ASKED;
  return name === 'name' && (value in HTMLFormElement.prototype || value in Document.prototype);
}

const ASKED = Object.fromEntries(
  'attributes classList setAttribute getAttribute hasAttribute removeAttribute tagName localName shadowRoot attachShadow documentElement head'
    .split(' ')
    .map((name) => [name, true]),
);

/** The size that a picture has by itself, or else the one that its attributes name. */
export function sizeOf(raw: Raw): Size | undefined {
  const number = (value: unknown): number =>
    typeof value === 'number'
      ? value
      : typeof value === 'string' && /^\s*\d+(\.\d+)?(px)?\s*$/.test(value)
        ? Number.parseFloat(value)
        : 0;
  for (const [width, height] of [
    [raw.rr_naturalWidth, raw.rr_naturalHeight],
    [raw.width, raw.height],
  ]) {
    const size = { width: number(width), height: number(height) };
    if (size.width >= 1 && size.height >= 1 && size.width <= 32_767 && size.height <= 32_767) return size;
  }
  return undefined;
}

/** What an attribute becomes; undefined when it is left out. An empty `tag` is one that is not known. */
export function sanitizeAttribute(
  tag: string,
  name: string,
  value: unknown,
  policy: Policy,
  report: Report,
  size?: Size,
): unknown {
  const lower = name.toLowerCase();
  if (!NAME.test(name) || lower.startsWith(STATE) || lower.startsWith('rr_natural')) return undefined;
  if (lower.startsWith('on') || lower === 'srcdoc') {
    report.handlers++;
    return undefined;
  }
  if (DROPPED.has(lower) || hides(tag, lower, value)) return undefined;
  if (lower === 'rr_indeterminate') return value === true || value === '' ? '' : undefined;
  if (lower === 'rr_open_mode') return OPEN_MODES.has(String(value)) ? value : undefined;
  // One that closes others by itself would close what the page had open.
  if (lower === 'popover') return 'manual';
  if (lower === 'style') return sanitizeStyle(value, policy, report);
  if (lower === '_csstext') return typeof value === 'string' ? sanitizeCss(value, policy, report) : undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'string') return undefined;
  if (ADDRESSES.has(lower)) return lower === 'rr_src' ? undefined : address(tag, lower, value, policy, report, size);
  if (lower === 'media') return rewriteMedia(value);
  return PROPERTIES.has(lower) ? rewriteValue(value, addressesOf(policy, report)) : value;
}

function address(
  tag: string,
  name: string,
  value: string,
  policy: Policy,
  report: Report,
  size?: Size,
): string | undefined {
  // Links look like links and lead nowhere.
  if (tag === 'a' || tag === 'area') return '#';
  if (tag === 'link' || tag === 'iframe') return undefined;
  const isPicture = WITH_PICTURE.has(tag) || name === 'rr_dataurl' || name === 'background';
  const safe = safeAddress(value, policy);
  if (safe !== undefined && (isPicture || safe.startsWith('#'))) return safe;
  const isLoaded =
    isPicture && tag !== 'video' && tag !== 'audio' && tag !== 'source' && tag !== 'track' && name !== 'rr_dataurl';
  const marked = isLoaded || name === 'poster' ? pictureAddress(value, policy, false, size) : undefined;
  if (marked !== undefined) return marked;
  if (/^\s*(https?:|\/)/i.test(value)) report.remote++;
  return PICTURES.has(tag) && name !== 'poster' ? CLEAR : undefined;
}

function sanitizeStyle(value: unknown, policy: Policy, report: Report): unknown {
  if (typeof value === 'string') return exactLengths(rewriteValue(value, addressesOf(policy, report)));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const safe: Raw = {};
  for (const [name, each] of Object.entries(value)) {
    const css = (text: string): string => {
      const kept = exactLengths(rewriteValue(text, addressesOf(policy, report)));
      return kept === NOTHING && BACKGROUNDS.has(name) ? 'none' : kept;
    };
    if (each === false) safe[name] = false;
    else if (typeof each === 'string') safe[name] = css(each);
    else if (Array.isArray(each)) safe[name] = [css(String(each[0])), String(each[1] ?? '')];
  }
  return safe;
}

/** A style sheet, or rules, that load nothing. */
export function sanitizeCss(css: string, policy: Policy, report: Report): string {
  return rewriteSheet(css, addressesOf(policy, report));
}

/** The value of a property that loads nothing. */
export function sanitizeValue(css: string, policy: Policy, report: Report): string {
  return rewriteValue(css, addressesOf(policy, report));
}
