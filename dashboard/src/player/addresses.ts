/** What may be an address in a replay, and what it becomes. */
import type { AssetBook, Size } from './assets';
import { CLEAR } from './clear';
import { rewriteValue, type Addresses, type FontFace, type FontSource } from './css/rewrite';
import type { Memory } from './memory';

export interface Policy {
  /** Whether pictures, fonts and media of other hosts may be loaded; the document's CSP must allow it, too. */
  allowRemote: boolean;
  /** Pictures and fonts that were stored with the recordings. Without it nothing of other hosts is shown. */
  assets?: AssetBook;
  /** What earlier events of the same window have said; without it each event stands for itself. */
  memory?: Memory;
}

/** What was left out or had been hidden, to be told to the viewer. */
export interface Report {
  scripts: number;
  handlers: number;
  remote: number;
  /** The most that one snapshot had of each. */
  masked: { texts: number; fields: number; blocks: number };
}

export const newReport = (): Report => ({
  scripts: 0,
  handlers: 0,
  remote: 0,
  masked: { texts: 0, fields: 0, blocks: 0 },
});

const EMBEDDED = [
  'image/png',
  'image/jpeg',
  'image/jpg',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/bmp',
  'image/x-icon',
  'image/vnd.microsoft.icon',
  'image/svg+xml',
  'font/',
  'application/font-',
  'application/x-font-',
  'audio/',
  'video/',
].map((type) => `data:${type}`);

/** Without what browsers ignore inside of a scheme: `java\nscript:`. */
// oxlint-disable-next-line no-control-regex
const plainOf = (value: string): string => value.replace(/[\u0000-\u0020\u007f]+/g, '');

/** The address if nothing is fetched by it, or its host may be asked; else undefined. */
export function safeAddress(value: string, { allowRemote, memory }: Policy): string | undefined {
  const plain = plainOf(value);
  if (plain.startsWith('#')) return plain;
  const start = plain.slice(0, 40).toLowerCase();
  if (EMBEDDED.some((type) => start.startsWith(type))) return value.trim();
  const fragment = memory?.page && plain.startsWith(`${memory.page}#`) ? plain.slice(memory.page.length) : undefined;
  if (fragment !== undefined) return fragment;
  if (!allowRemote || !isRemote(plain)) return undefined;
  try {
    // Our own host would be asked with the viewer's cookie.
    return new URL(plain).host === globalThis.location?.host ? undefined : plain;
  } catch {
    return undefined;
  }
}

const isRemote = (address: string): boolean =>
  address.slice(0, 7).toLowerCase() === 'http://' || address.slice(0, 8).toLowerCase() === 'https://';

/** A mark for a picture that may be known by its address, or the address itself when it may stay. */
export function pictureAddress(value: string, policy: Policy, isInSheet: boolean, size?: Size): string | undefined {
  return safeAddress(value, policy) ?? policy.assets?.picture(plainOf(value), isInSheet, size);
}

/** What the addresses of a style sheet become. */
export function addressesOf(policy: Policy, report: Report): Addresses {
  const left = (address: string): void => {
    if (plainOf(address)) report.remote++;
  };
  return {
    picture(address) {
      const safe = pictureAddress(address, policy, true);
      if (safe === undefined) left(address);
      return safe ?? CLEAR;
    },
    font: (sources, hasRange) => fontFace(sources, hasRange, policy, left),
    imported: () => void report.remote++,
  };
}

function fontFace(
  sources: FontSource[],
  hasRange: boolean,
  policy: Policy,
  left: (address: string) => void,
): FontFace | undefined {
  const isSafe = ({ address }: FontSource) => address === undefined || safeAddress(address, policy) === address;
  if (sources.every(isSafe)) return undefined;
  const kept: FontSource[] = [];
  for (const { address, text: said } of sources) {
    const text = rewriteValue(said, addressesOf({ allowRemote: false }, newReport()));
    const safe = address === undefined ? '' : safeAddress(address, policy);
    if (address === undefined) kept.push({ text });
    else if (safe !== undefined)
      kept.push({ text: `url("${safe.replaceAll('"', '%22').replaceAll('\\', '%5C')}") ${text}` });
    else if (policy.assets && isRemote(plainOf(address))) kept.push({ address: plainOf(address), text });
    else left(address);
  }
  if (policy.assets && kept.some(({ address }) => address !== undefined)) return policy.assets.face(kept, hasRange);
  return { src: kept.map(({ text }) => text).join(',') || 'local("")', more: '' };
}
