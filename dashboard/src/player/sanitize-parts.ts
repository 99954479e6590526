/** Attributes, addresses and style sheets of a recording, made harmless. */

export interface Policy {
  /** Whether pictures, fonts and media of other hosts may be loaded; the document's CSP must allow it, too. */
  allowRemote: boolean;
}

/** What was left out or had been hidden, to be told to the viewer. */
export interface Report {
  scripts: number;
  handlers: number;
  remote: number;
  /** The most that one snapshot had of each. */
  masked: { texts: number; fields: number; blocks: number };
}

export const newReport = (): Report => ({ scripts: 0, handlers: 0, remote: 0, masked: { texts: 0, fields: 0, blocks: 0 } });

/** A picture of one clear pixel: it keeps the room of the picture that is not loaded. */
const CLEAR = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
const ADDRESS = /^(src|href|poster|background|data|xlink:href|lowsrc|dynsrc|rr_dataurl|rr_src)$/;
/** Never needed to look like the page: they load, send, navigate or name other resources. */
const DROPPED = /^(on.*|srcdoc|srcset|imagesrcset|imagesizes|action|formaction|ping|manifest|nonce|integrity|http-equiv|autofocus|autoplay|target|download|is|codebase|classid|archive|cite|longdesc|profile|usemap|attributionsrc|crossorigin|referrerpolicy|csp|allow|sandbox|rr_mediastate|rr_open_mode)$/;
const NAME = /^[\w:@.-]+$/;
const EMBEDDED = /^data:(image\/(png|jpe?g|gif|webp|avif|bmp|x-icon|vnd\.microsoft\.icon|svg\+xml)|font\/|application\/(x-)?font-|audio\/|video\/)/i;
/** Addresses of which only a part of the same document is followed. */
const ANIMATED = /^(set|animate|animatemotion|animatetransform)$/;

type Raw = Record<string, unknown>;

export function sanitizeAttributes(tag: string, raw: Raw, policy: Policy, report: Report): Raw {
  const safe: Raw = {};
  if (tag === 'meta') return safe;
  // An animation can write an address into another attribute after the checks.
  if (ANIMATED.test(tag) && /href|src/i.test(String(raw.attributeName ?? ''))) return safe;
  for (const [name, value] of Object.entries(raw)) {
    const kept = sanitizeAttribute(tag, name, value, policy, report);
    if (kept !== undefined) safe[name] = kept;
  }
  if (typeof raw.value === 'string' && /^\*+$/.test(raw.value)) report.masked.fields++;
  if (raw.rr_width !== undefined && !/^(iframe|canvas|img)$/.test(tag)) report.masked.blocks++;
  return safe;
}

/** What an attribute becomes; undefined when it is left out. An empty `tag` is one that is not known. */
export function sanitizeAttribute(tag: string, name: string, value: unknown, policy: Policy, report: Report): unknown {
  const lower = name.toLowerCase();
  if (!NAME.test(name)) return undefined;
  if (DROPPED.test(lower)) {
    if (lower.startsWith('on') || lower === 'srcdoc') report.handlers++;
    return undefined;
  }
  if (lower === 'style') return sanitizeStyle(value, policy, report);
  if (lower === '_csstext') return typeof value === 'string' ? sanitizeCss(value, policy, report) : undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'string') return undefined;
  if (ADDRESS.test(lower)) return address(tag, lower, value, policy, report);
  return /url\s*\(/i.test(value) ? sanitizeCss(value, policy, report) : value;
}

function address(tag: string, name: string, value: string, policy: Policy, report: Report): string | undefined {
  // Links look like links and lead nowhere.
  if (tag === 'a' || tag === 'area') return '#';
  if (tag === 'link' || tag === 'iframe') return undefined;
  const safe = safeAddress(value, policy);
  if (safe !== undefined) return safe;
  if (/^\s*(https?:|\/)/i.test(value)) report.remote++;
  return (tag === 'img' || tag === 'image' || tag === 'input') && name !== 'poster' ? CLEAR : undefined;
}

/** The address if nothing is fetched by it, or its host may be asked; else undefined. */
export function safeAddress(value: string, { allowRemote }: Policy): string | undefined {
  // Browsers ignore these inside of a scheme: `java\nscript:`.
  // oxlint-disable-next-line no-control-regex
  const plain = value.replace(/[\u0000-\u0020\u007f]+/g, '');
  if (plain.startsWith('#')) return plain;
  if (EMBEDDED.test(plain)) return value.trim();
  if (!allowRemote || !/^https?:\/\//i.test(plain)) return undefined;
  try {
    // Our own host would be asked with the viewer's cookie.
    return new URL(plain).host === globalThis.location?.host ? undefined : plain;
  } catch {
    return undefined;
  }
}

function sanitizeStyle(value: unknown, policy: Policy, report: Report): unknown {
  if (typeof value === 'string') return sanitizeCss(value, policy, report);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const safe: Raw = {};
  for (const [name, each] of Object.entries(value)) {
    if (each === false) safe[name] = false;
    else if (typeof each === 'string') safe[name] = sanitizeCss(each, policy, report);
    else if (Array.isArray(each)) safe[name] = [sanitizeCss(String(each[0]), policy, report), String(each[1] ?? '')];
  }
  return safe;
}

const URL_CALL = /url\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|((?:[^)"'\\]|\\.)*))\s*\)/gi;

/** A style sheet that loads nothing: no imports, no addresses of other hosts. What hides in escapes is stopped by the CSP. */
export function sanitizeCss(css: string, policy: Policy, report: Report): string {
  return css
    .replace(/@import\s[^;]*(;|$)/gi, () => {
      report.remote++;
      return '';
    })
    .replace(/(?:-webkit-)?image-set\(/gi, 'none(')
    .replace(/(?:expression|-moz-binding|behavior)\s*[(:]/gi, 'none(')
    .replace(URL_CALL, (_, double?: string, single?: string, bare?: string) => {
      const value = double ?? single ?? bare ?? '';
      const safe = safeAddress(value, policy);
      if (safe !== undefined) return `url("${safe.replace(/["\\\n]/g, '')}")`;
      report.remote++;
      return 'none';
    });
}
