/**
 * Rewrites style sheets: addresses become harmless ones, imports go, and states that only a pointer or a keyboard
 * brings about become attributes that the player sets. Every other byte stays as it is.
 */
import { CLEAR } from '../clear';
import { Kind, tokenize, unescapeName, valueOf, type Tokens } from './tokens';

/** What the addresses of a sheet become. */
export interface Addresses {
  /** What a picture's address becomes; the same text when it may stay. */
  picture(address: string): string;
  /** The whole value of `src` of a font face; undefined when it may stay as it is. */
  font(sources: FontSource[], hasRange: boolean): FontFace | undefined;
  /** A style sheet that would be loaded is left out. */
  imported(): void;
}

/** One entry of `src`: an address with what is said of it, or the text of anything else, such as `local(...)`. */
export interface FontSource {
  address?: string;
  text: string;
}

export interface FontFace {
  src: string;
  /** Declarations that are added at the end of the rule. */
  more: string;
}

/** Pseudo-classes that depend on the person in front of the page. Attributes weigh as much as they do. */
const STATES = new Map([
  ['hover', '[data-crow-state-hover]'],
  ['active', '[data-crow-state-active]'],
  ['focus', '[data-crow-state-focus]'],
  ['focus-visible', '[data-crow-state-visible]'],
  ['focus-within', '[data-crow-state-within]'],
  // Nothing defines the page's elements here, and in the page most were.
  ['defined', ':not([data-crow-state-undefined])'],
]);
/** Pseudo-elements that may be written with one colon. */
const OLD_ELEMENTS = new Set(['before', 'after', 'first-line', 'first-letter']);
/** A page in a frame has no device of its own. */
const DEVICE = new Map(
  ['width', 'height', 'aspect-ratio'].flatMap((side) =>
    ['', 'min-', 'max-'].map((bound) => [`${bound}device-${side}`, bound + side]),
  ),
);

/** Functions whose strings are addresses. */
const IMAGE_FUNCTIONS = new Set(['image-set', '-webkit-image-set', 'image', 'src']);
/** What may stand inside of them; anything else could bring an address that is written elsewhere. */
const PLAIN_FUNCTIONS = new Set([
  'type',
  'calc',
  'url',
  'rgb',
  'rgba',
  'hsl',
  'hsla',
  'color',
  'element',
  'cross-fade',
  '-webkit-cross-fade',
  'linear-gradient',
  'radial-gradient',
  'conic-gradient',
  'repeating-linear-gradient',
  'repeating-radial-gradient',
  'repeating-conic-gradient',
  '-webkit-gradient',
  'from',
  'to',
  'color-stop',
]);

interface Edit {
  from: number;
  to: number;
  text: string;
}

/** A whole sheet, or rules. */
export function rewriteSheet(css: string, addresses: Addresses, hasStates = true): string {
  const rewriter = new Rewriter(tokenize(css), addresses, hasStates);
  rewriter.rules();
  rewriter.addresses();
  return rewriter.result();
}

/** The value of a property, or declarations. */
export function rewriteValue(css: string, addresses: Addresses): string {
  // Without any of these there is nothing that could name an address.
  if (!css.includes('(') && !css.includes('@')) return css;
  const rewriter = new Rewriter(tokenize(css), addresses);
  rewriter.addresses();
  return rewriter.result();
}

/** A list of media queries. */
export function rewriteMedia(media: string): string {
  const rewriter = new Rewriter(tokenize(media));
  rewriter.media(0, rewriter.count);
  return rewriter.result();
}

const inQuotes = (address: string): string =>
  `"${address.replaceAll('\\', '%5C').replaceAll('"', '%22').replaceAll('\n', '')}"`;
const inUrl = (address: string): string => `url(${inQuotes(address)})`;

class Rewriter {
  readonly count: number;
  private readonly edits: Edit[] = [];
  /** Where the block ends that an opening token begins, by the index of that token. */
  private readonly ends: Map<number, number>;
  /** Tokens that were dealt with: nothing else is done with them. */
  private readonly done: [from: number, to: number][] = [];

  constructor(
    private readonly tokens: Tokens,
    private readonly to?: Addresses,
    private readonly hasStates = true,
  ) {
    this.count = tokens.kinds.length;
    this.ends = pairs(tokens);
  }

  result(): string {
    const { text } = this.tokens;
    if (!this.edits.length) return text;
    this.edits.sort((a, b) => a.from - b.from || a.to - b.to);
    let result = '';
    let at = 0;
    for (const { from, to, text: changed } of this.edits) {
      if (from < at) continue;
      result += text.slice(at, from) + changed;
      at = to;
    }
    return result + text.slice(at);
  }

  /** Goes through all blocks that hold rules or declarations. */
  rules(): void {
    const blocks: [from: number, to: number][] = [[0, this.count]];
    for (let block = blocks.pop(); block; block = blocks.pop()) {
      let at = block[0];
      while (at < block[1]) at = this.construct(at, block[1], blocks);
    }
  }

  /** A rule or a declaration; gives where the next one begins. */
  private construct(from: number, end: number, blocks: [number, number][]): number {
    const kind = this.kind(from);
    if (kind === Kind.Space || kind === Kind.Comment || kind === Kind.Semicolon) return from + 1;
    const isAt = kind === Kind.At;
    const name = isAt ? this.name(from, 1) : '';
    let at = from + (isAt ? 1 : 0);
    const isCustom = !isAt && this.isCustomProperty(from, end);
    while (at < end && this.kind(at) !== Kind.Semicolon && (isCustom || !this.is(at, '{'))) at = this.after(at);
    if (at > end) at = end;
    const hasBlock = at < end && this.is(at, '{') && !isCustom;
    if (isAt) this.atRule(name, from, at, end, hasBlock);
    else if (hasBlock && this.hasStates) this.selectors(from, at);
    if (!hasBlock) return at + 1;
    const close = Math.min(end, this.ends.get(at) ?? this.count);
    if (name === 'font-face') this.fontFace(at + 1, close);
    else if (!name.endsWith('keyframes')) blocks.push([at + 1, close]);
    return close + 1;
  }

  /** `--name:`, whose value may have blocks. */
  private isCustomProperty(from: number, end: number): boolean {
    if (this.kind(from) !== Kind.Ident || !this.tokens.text.startsWith('--', this.tokens.starts[from])) return false;
    let next = from + 1;
    while (next < end && this.isBlank(next)) next++;
    return this.kind(next) === Kind.Colon;
  }

  private atRule(name: string, from: number, to: number, end: number, hasBlock: boolean): void {
    if (name === 'import') {
      this.to?.imported();
      const last = hasBlock ? (this.ends.get(to) ?? this.count) + 1 : to + 1;
      this.replace(from, Math.min(last, end), '');
    } else if (name === 'namespace' && !hasBlock) this.done.push([from, to]);
    else if (name === 'media' && this.hasStates) this.media(from + 1, to);
    else if (name === 'scope' && this.hasStates) this.selectors(from + 1, to);
  }

  /** Puts attributes in the place of the states that a selector asks for. */
  private selectors(from: number, to: number): void {
    // Nothing but a pseudo-class may follow a pseudo-element, so there the state stays as it is.
    let isBeyondElement = false;
    const outer: boolean[] = [];
    for (let at = from; at < to; at++) {
      const kind = this.kind(at);
      if (kind === Kind.Function || kind === Kind.Open) {
        outer.push(isBeyondElement);
        isBeyondElement = false;
      } else if (kind === Kind.Close) isBeyondElement = outer.pop() ?? false;
      else if (kind === Kind.Space || kind === Kind.Comma || this.is(at, '>') || this.is(at, '+') || this.is(at, '~'))
        isBeyondElement = false;
      else if (kind === Kind.Colon && this.kind(at + 1) === Kind.Colon) {
        isBeyondElement = true;
        at++;
      } else if (kind === Kind.Colon && this.kind(at + 1) === Kind.Ident && at + 1 < to) {
        const name = this.name(at + 1);
        const state = isBeyondElement ? undefined : STATES.get(name);
        if (state) this.replace(at, at + 2, state);
        isBeyondElement ||= OLD_ELEMENTS.has(name);
      }
    }
  }

  media(from: number, to: number): void {
    for (let at = from; at < to; at++) {
      const plain = this.kind(at) === Kind.Ident ? DEVICE.get(this.name(at)) : undefined;
      if (plain) this.replace(at, at + 1, plain);
    }
  }

  private fontFace(from: number, to: number): void {
    let hasRange = false;
    const values: [from: number, to: number][] = [];
    for (let at = from; at < to; at++) {
      if (this.isBlank(at) || this.kind(at) === Kind.Semicolon) continue;
      const start = at;
      while (at < to && this.kind(at) !== Kind.Semicolon) at = this.after(at);
      const name = this.kind(start) === Kind.Ident ? this.name(start) : '';
      hasRange ||= name === 'unicode-range';
      let colon = start + 1;
      while (colon < at && this.isBlank(colon)) colon++;
      if (name === 'src' && this.kind(colon) === Kind.Colon) values.push([colon + 1, Math.min(at, to)]);
    }
    const [first, last] = values.at(-1) ?? [];
    const face =
      first !== undefined && last !== undefined ? this.to?.font(this.fontSources(first, last), hasRange) : undefined;
    if (!face || first === undefined || last === undefined) return;
    // Of several the last one counts; those before it are for older browsers.
    for (const [start, end] of values.slice(0, -1)) this.replace(start, end, '');
    this.replace(first, last, face.src);
    if (face.more) this.insert(to, `;${face.more}`);
  }

  private fontSources(from: number, to: number): FontSource[] {
    const sources: FontSource[] = [];
    for (let at = from; at < to;) {
      let end = at;
      while (end < to && this.kind(end) !== Kind.Comma) end = this.after(end);
      sources.push(this.fontSource(at, Math.min(end, to)));
      at = end + 1;
    }
    return sources;
  }

  private fontSource(from: number, to: number): FontSource {
    for (let at = from; at < to; at++) {
      const address = this.addressAt(at);
      if (address !== undefined) return { address, text: this.slice(this.after(at), to).trim() };
    }
    return { text: this.slice(from, to).trim() };
  }

  /** The address of `url(x)` or `url("x")` at a token. */
  private addressAt(at: number): string | undefined {
    if (this.kind(at) === Kind.Url || this.kind(at) === Kind.BadUrl) return valueOf(this.tokens, at);
    const name = this.kind(at) === Kind.Function ? this.name(at, 0, 1) : '';
    if (name !== 'url' && name !== 'src') return undefined;
    const text = this.nextString(at + 1);
    return text === undefined ? '' : valueOf(this.tokens, text);
  }

  private nextString(from: number): number | undefined {
    let at = from;
    while (at < this.count && this.isBlank(at)) at++;
    return this.kind(at) === Kind.String || this.kind(at) === Kind.BadString ? at : undefined;
  }

  /** Every address, wherever it stands. */
  addresses(): void {
    let done = 0;
    this.done.sort((a, b) => a[0] - b[0]);
    for (let at = 0; at < this.count; at++) {
      while (this.done[done] && (this.done[done]?.[1] ?? 0) <= at) done++;
      const skipped = this.done[done];
      if (skipped && skipped[0] <= at) at = skipped[1] - 1;
      else if (this.kind(at) === Kind.At) this.strayImport(at);
      else if (this.kind(at) === Kind.Url) this.replaceAddress(at, at + 1, valueOf(this.tokens, at), inUrl);
      else if (this.kind(at) === Kind.BadUrl) this.replace(at, at + 1, 'not-url()');
      else if (this.kind(at) === Kind.Function) at = this.function(at);
    }
  }

  /** Imports that stand where none counts, or in what is no sheet. */
  private strayImport(at: number): void {
    if (this.name(at, 1) !== 'import') return;
    this.replace(at, at + 1, '@not-imported');
  }

  /** Gives the last token that was dealt with. */
  private function(at: number): number {
    const name = this.name(at, 0, 1);
    const end = this.ends.get(at) ?? this.count;
    if (name === 'url') {
      const text = this.nextString(at + 1);
      if (text !== undefined) this.replaceAddress(text, text + 1, valueOf(this.tokens, text), inQuotes);
      return at;
    }
    if (!IMAGE_FUNCTIONS.has(name)) return at;
    if (!this.isPlain(at + 1, end)) {
      this.replace(at, Math.min(end + 1, this.count), `url("${CLEAR}")`);
      return end;
    }
    for (let inner = at + 1; inner < end; inner++) {
      const isType = this.kind(inner) === Kind.Function && this.name(inner, 0, 1) === 'type';
      if (isType) inner = this.ends.get(inner) ?? end;
      else if (this.kind(inner) === Kind.String || this.kind(inner) === Kind.BadString)
        this.replaceAddress(inner, inner + 1, valueOf(this.tokens, inner), inQuotes);
      else if (this.kind(inner) === Kind.Url) this.replaceAddress(inner, inner + 1, valueOf(this.tokens, inner), inUrl);
    }
    return end;
  }

  private isPlain(from: number, to: number): boolean {
    for (let at = from; at < to; at++) {
      if (this.kind(at) === Kind.BadUrl || this.kind(at) === Kind.BadString || this.kind(at) === Kind.At) return false;
      if (this.kind(at) === Kind.Function && !PLAIN_FUNCTIONS.has(this.name(at, 0, 1))) return false;
    }
    return true;
  }

  private replaceAddress(from: number, to: number, address: string, write: (address: string) => string): void {
    const safe = this.to?.picture(address);
    if (safe === undefined || safe === address) return;
    this.replace(from, to, write(safe));
  }

  private replace(from: number, to: number, text: string): void {
    this.edits.push({ from: this.start(from), to: this.start(Math.min(to, this.count)), text });
    this.done.push([from, to]);
  }

  private insert(before: number, text: string): void {
    const at = this.start(before);
    this.edits.push({ from: at, to: at, text });
  }

  private kind(at: number): Kind | undefined {
    return this.tokens.kinds[at];
  }

  private start(at: number): number {
    return this.tokens.starts[at] ?? this.tokens.text.length;
  }

  private slice(from: number, to: number): string {
    return this.tokens.text.slice(this.start(from), this.start(to));
  }

  private is(at: number, char: string): boolean {
    return this.tokens.text[this.start(at)] === char && this.start(at + 1) - this.start(at) === 1;
  }

  private isBlank(at: number): boolean {
    return this.kind(at) === Kind.Space || this.kind(at) === Kind.Comment;
  }

  /** The token after this one, or after the block that it begins. */
  private after(at: number): number {
    return (this.ends.get(at) ?? at) + 1;
  }

  private name(at: number, before = 0, behind = 0): string {
    return unescapeName(this.tokens.text.slice(this.start(at) + before, this.start(at + 1) - behind)).toLowerCase();
  }
}

/** Which closing token ends what an opening one begins. A block that is never closed ends with the text. */
function pairs({ text, kinds, starts }: Tokens): Map<number, number> {
  const ends = new Map<number, number>();
  const open: { at: number; closing: string }[] = [];
  for (let at = 0; at < kinds.length; at++) {
    const kind = kinds[at];
    if (kind === Kind.Function) open.push({ at, closing: ')' });
    else if (kind === Kind.Open) {
      const sign = text[starts[at] ?? 0];
      open.push({ at, closing: sign === '{' ? '}' : sign === '[' ? ']' : ')' });
    } else if (kind === Kind.Close && open.at(-1)?.closing === text[starts[at] ?? 0]) ends.set(open.pop()?.at ?? 0, at);
  }
  for (const { at } of open) ends.set(at, kinds.length);
  return ends;
}
