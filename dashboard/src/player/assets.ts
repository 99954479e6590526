/**
 * Pictures and fonts of a recording, by the address that the page had for them. A sanitised event has a mark in the
 * place of an address; only when the event is shown the mark becomes what is known by then: the address of bytes that
 * the app has brought, or something empty of the same size.
 */
import { BLANK_FONT, PRIVATE_USE } from './blank-font';
import { CLEAR } from './clear';
import type { FontFace } from './css/rewrite';

/** More addresses than a page can sensibly show. */
const MAX_ASSETS = 10_000;
const MAX_LENGTH = 4_096;
const TYPES = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/bmp',
  'image/x-icon',
  'image/vnd.microsoft.icon',
  'image/svg+xml',
  'font/woff',
  'font/woff2',
  'font/ttf',
  'font/otf',
  'application/font-woff',
  'application/font-woff2',
]);

export interface Size {
  width: number;
  height: number;
}

/** What the app has found. */
export interface FoundAsset {
  url: string;
  type: string;
  bytes: ArrayBuffer;
}

interface Entry {
  url: string;
  /** Whether it was looked for. */
  isSettled: boolean;
  /** Where its bytes are, if it was found. */
  address?: string;
  /** A style sheet names it. */
  isInSheet: boolean;
}

interface Face {
  parts: ({ id: number; text: string } | { id?: undefined; text: string })[];
  hasRange: boolean;
}

export class AssetBook {
  private readonly ids = new Map<string, number>();
  private readonly entries: Entry[] = [];
  private readonly faces: Face[] = [];
  private unasked: string[] = [];
  private readonly owned: string[] = [];
  /** Nobody can guess it, so no recording can write a mark. */
  private readonly mark = `crow-${crypto.getRandomValues(new Uint32Array(3)).join('-')}:`;

  /** A mark for a picture, or undefined when this is no address that can be asked for. */
  picture(address: string, isInSheet: boolean, size?: Size): string | undefined {
    const [url, fragment] = split(address);
    const id = this.note(url, isInSheet);
    if (id === undefined) return undefined;
    const box = size ? `.${Math.round(size.width)}.${Math.round(size.height)}` : '';
    return `${this.mark}p${id}${box};${isInSheet ? fragment : ''}`;
  }

  /** What a font face becomes. Parts with an address may be missing. */
  face(sources: { address?: string; text: string }[], hasRange: boolean): FontFace {
    const parts = sources.map(({ address, text }) => {
      const id = address === undefined ? undefined : this.note(split(address)[0], true);
      return id === undefined ? { text } : { id, text };
    });
    const id = this.faces.push({ parts, hasRange }) - 1;
    return { src: `${this.mark}f${id};`, more: hasRange ? '' : `unicode-range:${this.mark}r${id};` };
  }

  private note(url: string, isInSheet: boolean): number | undefined {
    let id = this.ids.get(url);
    if (id === undefined) {
      if (!canBeAsked(url) || this.entries.length >= MAX_ASSETS) return undefined;
      id = this.entries.push({ url, isSettled: false, isInSheet }) - 1;
      this.ids.set(url, id);
      this.unasked.push(url);
    }
    const entry = this.entries[id];
    if (entry) entry.isInSheet ||= isInSheet;
    return id;
  }

  /** Addresses that nobody was asked for yet. */
  takeUnasked(): string[] {
    return this.unasked.splice(0);
  }

  /** How many addresses have no answer yet. */
  get waiting(): number {
    return this.entries.reduce((count, { isSettled }) => count + (isSettled ? 0 : 1), 0);
  }

  /** How many things cannot be shown. */
  get missing(): number {
    return this.entries.reduce((count, { address, isSettled }) => count + (isSettled && !address ? 1 : 0), 0);
  }

  /** Notes what the app says. Tells which pictures are there now, and whether a style sheet names any of them. */
  answer(found: FoundAsset[], missing: string[]): { pictures: Map<number, string>; isInSheet: boolean } {
    const pictures = new Map<number, string>();
    let isInSheet = false;
    for (const url of missing) this.settle(url);
    for (const { url, type, bytes } of found) {
      const entry = this.settle(url);
      if (!entry || entry.address || !TYPES.has(type)) continue;
      entry.address = URL.createObjectURL(new Blob([bytes], { type }));
      this.owned.push(entry.address);
      isInSheet ||= entry.isInSheet;
      pictures.set(this.ids.get(url) ?? -1, entry.address);
    }
    return { pictures, isInSheet };
  }

  /** An asset that came with the recording, as a `data:` address. */
  bring(url: string, address: string): void {
    const id = this.note(url, false);
    const entry = id === undefined ? undefined : this.entries[id];
    if (!entry) return;
    entry.isSettled = true;
    entry.address = address;
    this.unasked = this.unasked.filter((each) => each !== url);
  }

  /** Nothing more will come. */
  giveUp(): void {
    this.unasked = [];
    for (const entry of this.entries) entry.isSettled = true;
  }

  private settle(url: string): Entry | undefined {
    const entry = this.entries[this.ids.get(url) ?? -1];
    if (entry) entry.isSettled = true;
    return entry;
  }

  /** A copy in which marks have become addresses. The replayer writes into what it gets, so it always gets a copy. */
  resolve<T>(value: T): T {
    if (typeof value === 'string') return this.resolveText(value) as T;
    if (Array.isArray(value)) return value.map((each) => this.resolve(each) as unknown) as T;
    if (typeof value !== 'object' || value === null) return value;
    const copy: Record<string, unknown> = {};
    for (const [name, each] of Object.entries(value)) copy[name] = this.resolve(each);
    return copy as T;
  }

  private resolveText(text: string): string {
    if (!text.includes(this.mark)) return text;
    const [first = '', ...others] = text.split(this.mark);
    return others.reduce((result, part) => {
      const end = part.indexOf(';');
      return result + this.meaning(part.slice(0, end)) + part.slice(end + 1);
    }, first);
  }

  private meaning(code: string): string {
    const [id = -1, width, height] = code.slice(1).split('.').map(Number);
    if (code.startsWith('p'))
      return this.entries[id]?.address ?? placeholder(id, width && height ? { width, height } : undefined);
    const face = this.faces[id];
    if (!face) return '';
    const isGone =
      face.parts.some((part) => part.id !== undefined) &&
      !face.parts.some((part) => part.id !== undefined && this.entries[part.id]?.address);
    if (code.startsWith('r')) return isGone ? PRIVATE_USE : 'U+0-10FFFF';
    const sources = face.parts.flatMap(({ id: asset, text }) => {
      if (asset === undefined) return text ? [text] : [];
      const address = this.entries[asset]?.address;
      return address ? [`url("${address}") ${text}`] : [];
    });
    if (isGone && !face.hasRange) sources.push(`url("${BLANK_FONT}")`);
    return sources.join(',') || 'local("")';
  }

  destroy(): void {
    for (const address of this.owned.splice(0)) URL.revokeObjectURL(address);
  }
}

const FRAGMENT = '#crow-asset-';

/** A clear picture of the size that the missing one has. Its fragment says which one is missing. */
export function placeholder(id: number | undefined, size?: Size): string {
  const fragment = id === undefined ? '' : FRAGMENT + id;
  if (!size) return CLEAR + fragment;
  return `data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='${size.width}' height='${size.height}'/%3E${fragment}`;
}

/** Which picture an address stands in for. */
export function placeholderId(address: string): number | undefined {
  const at = address.startsWith('data:') ? address.lastIndexOf(FRAGMENT) : -1;
  return at < 0 ? undefined : Number(address.slice(at + FRAGMENT.length));
}

/** Addresses are known without their fragment. */
function split(address: string): [url: string, fragment: string] {
  const at = address.indexOf('#');
  if (at < 0) return [address, ''];
  try {
    return [address.slice(0, at), `#${encodeURIComponent(address.slice(at + 1))}`];
  } catch {
    // Half of a surrogate pair.
    return [address.slice(0, at), ''];
  }
}

function canBeAsked(url: string): boolean {
  if (url.length > MAX_LENGTH) return false;
  try {
    const { protocol, username, password } = new URL(url);
    return (protocol === 'https:' || protocol === 'http:') && !username && !password;
  } catch {
    return false;
  }
}
