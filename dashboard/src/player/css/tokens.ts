/**
 * The tokens of a style sheet, as CSS Syntax Level 3 cuts them. They follow each other without a hole, white space and
 * comments included, so that a text can be changed at one token and stays the same everywhere else.
 */

export enum Kind {
  Space,
  Comment,
  Ident,
  Function,
  At,
  Hash,
  String,
  BadString,
  Url,
  BadUrl,
  Number,
  Colon,
  Semicolon,
  Comma,
  Open,
  Close,
  Delim,
}

export interface Tokens {
  readonly text: string;
  readonly kinds: readonly Kind[];
  /** Where each token begins; one more than there are tokens, so that `starts[i + 1]` is where the token `i` ends. */
  readonly starts: readonly number[];
}

const TAB = 9;
const SPACE = 32;
const DOUBLE = 34;
const HASH = 35;
const PERCENT = 37;
const SINGLE = 39;
const LEFT = 40;
const RIGHT = 41;
const STAR = 42;
const PLUS = 43;
const COMMA = 44;
const MINUS = 45;
const DOT = 46;
const SLASH = 47;
const COLON = 58;
const SEMICOLON = 59;
const LESS = 60;
const GREATER = 62;
const BANG = 33;
const AT = 64;
const BACKSLASH = 92;

const isNewline = (code: number): boolean => code === 10 || code === 13 || code === 12;
const isSpace = (code: number): boolean => code === SPACE || code === TAB || isNewline(code);
const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isHex = (code: number): boolean => isDigit(code) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102);
/** NUL is read as U+FFFD, which a name may have; `charCodeAt` beyond the end gives NaN, for which all of this is false. */
const isNameStart = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code >= 128 || code === 0;
const isName = (code: number): boolean => isNameStart(code) || isDigit(code) || code === MINUS;
const isUnprintable = (code: number): boolean =>
  (code >= 1 && code <= 8) || code === 11 || (code >= 14 && code <= 31) || code === 127;

export function tokenize(text: string): Tokens {
  const kinds: Kind[] = [];
  const starts: number[] = [];
  const reader = new Reader(text);
  while (reader.at < text.length) {
    starts.push(reader.at);
    kinds.push(reader.token());
  }
  starts.push(text.length);
  return { text, kinds, starts };
}

class Reader {
  at = 0;

  constructor(private readonly text: string) {}

  /** Moves beyond the next token. */
  token(): Kind {
    const code = this.peek();
    if (isSpace(code)) return this.space();
    if (isNameStart(code)) return this.identLike();
    if (isDigit(code)) return this.number();
    switch (code) {
      case DOUBLE:
      case SINGLE:
        return this.string(code);
      case HASH:
        this.at++;
        if (!isName(this.peek()) && !this.isEscape(0)) return Kind.Delim;
        this.name();
        return Kind.Hash;
      case SLASH:
        return this.peek(1) === STAR ? this.comment() : this.one(Kind.Delim);
      case PLUS:
      case DOT:
        return this.isNumber() ? this.number() : this.one(Kind.Delim);
      case MINUS:
        return this.minus();
      case LESS:
        if (this.peek(1) !== BANG || this.peek(2) !== MINUS || this.peek(3) !== MINUS) return this.one(Kind.Delim);
        this.at += 4;
        // Between rules it counts as white space, and elsewhere it makes invalid what has it.
        return Kind.Space;
      case AT:
        this.at++;
        if (!this.isIdent()) return Kind.Delim;
        this.name();
        return Kind.At;
      case BACKSLASH:
        return this.isEscape(0) ? this.identLike() : this.one(Kind.Delim);
      case LEFT:
      case 91:
      case 123:
        return this.one(Kind.Open);
      case RIGHT:
      case 93:
      case 125:
        return this.one(Kind.Close);
      case COLON:
        return this.one(Kind.Colon);
      case SEMICOLON:
        return this.one(Kind.Semicolon);
      case COMMA:
        return this.one(Kind.Comma);
      default:
        return this.one(Kind.Delim);
    }
  }

  private peek(ahead = 0): number {
    return this.text.charCodeAt(this.at + ahead);
  }

  private one(kind: Kind): Kind {
    this.at++;
    return kind;
  }

  private space(): Kind {
    while (isSpace(this.peek())) this.at++;
    return Kind.Space;
  }

  private comment(): Kind {
    const end = this.text.indexOf('*/', this.at + 2);
    this.at = end < 0 ? this.text.length : end + 2;
    return Kind.Comment;
  }

  private minus(): Kind {
    if (this.isNumber()) return this.number();
    if (this.peek(1) === MINUS && this.peek(2) === GREATER) {
      this.at += 3;
      return Kind.Space;
    }
    return this.isIdent() ? this.identLike() : this.one(Kind.Delim);
  }

  /** A backslash before anything but a line's end; at the end of the text it stands for U+FFFD. */
  private isEscape(ahead: number): boolean {
    return this.peek(ahead) === BACKSLASH && !isNewline(this.peek(ahead + 1));
  }

  private isIdent(): boolean {
    const code = this.peek();
    if (code !== MINUS) return isNameStart(code) || this.isEscape(0);
    return isNameStart(this.peek(1)) || this.peek(1) === MINUS || this.isEscape(1);
  }

  private isNumber(): boolean {
    const signed = this.peek() === PLUS || this.peek() === MINUS ? 1 : 0;
    return isDigit(this.peek(signed)) || (this.peek(signed) === DOT && isDigit(this.peek(signed + 1)));
  }

  private name(): void {
    for (;;) {
      if (isName(this.peek())) this.at++;
      else if (this.isEscape(0)) this.escape();
      else return;
    }
  }

  /** Beyond a backslash and what it escapes. */
  private escape(): void {
    this.at++;
    if (!isHex(this.peek())) {
      this.at = Math.min(this.text.length, this.at + (this.peek() >= 0xd800 && this.peek() < 0xdc00 ? 2 : 1));
      return;
    }
    for (let digits = 0; digits < 6 && isHex(this.peek()); digits++) this.at++;
    if (this.peek() === 13 && this.peek(1) === 10) this.at += 2;
    else if (isSpace(this.peek())) this.at++;
  }

  private digits(): void {
    while (isDigit(this.peek())) this.at++;
  }

  private number(): Kind {
    if (this.peek() === PLUS || this.peek() === MINUS) this.at++;
    this.digits();
    if (this.peek() === DOT && isDigit(this.peek(1))) {
      this.at++;
      this.digits();
    }
    const signed = this.peek(1) === PLUS || this.peek(1) === MINUS ? 2 : 1;
    if ((this.peek() === 69 || this.peek() === 101) && isDigit(this.peek(signed))) {
      this.at += signed;
      this.digits();
    }
    if (this.isIdent()) this.name();
    else if (this.peek() === PERCENT) this.at++;
    return Kind.Number;
  }

  private string(quote: number): Kind {
    this.at++;
    for (;;) {
      const code = this.peek();
      if (Number.isNaN(code)) return Kind.String;
      if (isNewline(code)) return Kind.BadString;
      if (code !== BACKSLASH) this.at++;
      else if (isNewline(this.peek(1))) this.at += this.peek(1) === 13 && this.peek(2) === 10 ? 3 : 2;
      else if (Number.isNaN(this.peek(1))) this.at++;
      else this.escape();
      if (code === quote) return Kind.String;
    }
  }

  private identLike(): Kind {
    const start = this.at;
    this.name();
    if (this.peek() !== LEFT) return Kind.Ident;
    const isUrl = unescapeName(this.text.slice(start, this.at)).toLowerCase() === 'url';
    this.at++;
    if (!isUrl) return Kind.Function;
    let ahead = 0;
    while (isSpace(this.peek(ahead))) ahead++;
    // A string follows: then it is a function like any other.
    if (this.peek(ahead) === DOUBLE || this.peek(ahead) === SINGLE) return Kind.Function;
    this.at += ahead;
    return this.url();
  }

  private url(): Kind {
    for (;;) {
      const code = this.peek();
      if (Number.isNaN(code)) return Kind.Url;
      if (code === RIGHT) return this.one(Kind.Url);
      if (isSpace(code)) {
        this.space();
        if (Number.isNaN(this.peek())) return Kind.Url;
        return this.peek() === RIGHT ? this.one(Kind.Url) : this.badUrl();
      }
      if (code === DOUBLE || code === SINGLE || code === LEFT || isUnprintable(code)) return this.badUrl();
      if (code !== BACKSLASH) this.at++;
      else if (this.isEscape(0)) this.escape();
      else return this.badUrl();
    }
  }

  private badUrl(): Kind {
    for (;;) {
      const code = this.peek();
      if (Number.isNaN(code)) return Kind.BadUrl;
      if (code === RIGHT) return this.one(Kind.BadUrl);
      if (this.isEscape(0)) this.escape();
      else this.at++;
    }
  }
}

/** What a name or the inside of a string or of an address stands for. */
export function unescapeName(raw: string): string {
  if (!raw.includes('\\') && !raw.includes('\0')) return raw;
  let value = '';
  for (let at = 0; at < raw.length;) {
    const code = raw.charCodeAt(at);
    if (code === 0) {
      value += '\ufffd';
      at++;
    } else if (code !== BACKSLASH) value += raw[at++];
    else [value, at] = unescapeAt(raw, at + 1, value);
  }
  return value;
}

/** `at` is just beyond a backslash. */
function unescapeAt(raw: string, at: number, before: string): [value: string, at: number] {
  const code = raw.charCodeAt(at);
  if (Number.isNaN(code)) return [`${before}\ufffd`, at];
  // Inside of a string a line may be continued.
  if (isNewline(code)) return [before, at + (code === 13 && raw.charCodeAt(at + 1) === 10 ? 2 : 1)];
  if (!isHex(code)) {
    const char = code === 0 ? '\ufffd' : String.fromCodePoint(raw.codePointAt(at) ?? 0);
    return [before + char, at + Math.max(1, code === 0 ? 1 : char.length)];
  }
  let end = at;
  while (end < at + 6 && isHex(raw.charCodeAt(end))) end++;
  const point = Number.parseInt(raw.slice(at, end), 16);
  const isChar = point > 0 && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
  if (raw.charCodeAt(end) === 13 && raw.charCodeAt(end + 1) === 10) end += 2;
  else if (isSpace(raw.charCodeAt(end))) end++;
  return [before + (isChar ? String.fromCodePoint(point) : '\ufffd'), end];
}

/** The address of a `url(...)` token, or what a string token says. */
export function valueOf({ text, kinds, starts }: Tokens, index: number): string {
  let from = starts[index] ?? 0;
  let to = starts[index + 1] ?? text.length;
  if (kinds[index] === Kind.String || kinds[index] === Kind.BadString) {
    const quote = text[from++];
    if (to > from && kinds[index] === Kind.String && text[to - 1] === quote && !endsInEscape(text, from, to - 1)) to--;
    return unescapeName(text.slice(from, to));
  }
  from = text.indexOf('(', from) + 1;
  if (text[to - 1] === ')' && !endsInEscape(text, from, to - 1)) to--;
  while (from < to && isSpace(text.charCodeAt(from))) from++;
  while (to > from && isSpace(text.charCodeAt(to - 1)) && !endsInEscape(text, from, to - 1)) to--;
  return unescapeName(text.slice(from, to));
}

/** Whether an odd number of backslashes stands before `at`. */
function endsInEscape(text: string, from: number, at: number): boolean {
  let count = 0;
  while (at - 1 - count >= from && text.charCodeAt(at - 1 - count) === BACKSLASH) count++;
  return count % 2 === 1;
}
