/** Functions of CSS whose strings are addresses. */
const HOLDS_ADDRESSES = ['image-set', '-webkit-image-set', 'src'];

/** What becomes of an import: its address, and what follows it. */
export type ImportOf = (url: string, condition: string) => string;

/**
 * Rewrites the addresses in CSS, token by token as a browser reads them. `importOf` gives what
 * stands instead of an import at the top.
 */
export function rewriteCss(css: string, rewrite: (url: string) => string, importOf?: ImportOf): string {
  let out = '';
  let copied = 0;
  let at = 0;
  let blocks = 0;
  /** The import that is being read. */
  let open: { before: string; url?: string; end?: number } | undefined;
  const functions: string[] = [];

  /** Replaces an address that stands from `from` to `at`. */
  const address = (from: number, raw: string): void => {
    const url = meaning(raw);
    if (open && open.url === undefined) open.url = url;
    const next = rewrite(url);
    if (next === url) return;
    out += css.slice(copied, from) + quoted(next);
    copied = at;
  };
  const string = (isAddress: boolean | undefined): void => {
    const from = at;
    at = endOfString(css, at);
    if (isAddress) address(from, css.slice(from + 1, at - 1));
  };
  const url = (): void => {
    while (isSpace(css.charCodeAt(at))) at++;
    if (isQuote(css.charCodeAt(at))) string(true);
    else {
      const from = at;
      while (at < css.length && css[at] !== ')') at += css[at] === '\\' ? 2 : 1;
      address(from, css.slice(from, at).trim());
    }
    const end = css.indexOf(')', at);
    at = end < 0 ? css.length : end + 1;
  };
  const word = (): void => {
    const from = at;
    while (isWord(css.charCodeAt(at))) at += css[at] === '\\' ? 2 : 1;
    if (css[at] !== '(') return;
    const name = meaning(css.slice(from, at++)).toLowerCase();
    name === 'url' ? url() : functions.push(name);
  };
  const begin = (): void => {
    if (blocks || css.substr(at, 6).toLowerCase() !== 'import' || isWord(css.charCodeAt(at + 6))) return;
    open = { before: out + css.slice(copied, at - 1) };
    at += 6;
  };
  const end = (): void => {
    if (importOf && open?.url !== undefined) {
      out = open.before + importOf(open.url, css.slice(open.end, at - 1).trim());
      copied = at;
    }
    open = undefined;
  };

  while (at < css.length) {
    const char = css.charCodeAt(at);
    if (isWord(char)) word();
    else if (char === SLASH && css[at + 1] === '*') {
      const close = css.indexOf('*/', at + 2);
      at = close < 0 ? css.length : close + 2;
    } else if (isQuote(char))
      string(open ? open.url === undefined : HOLDS_ADDRESSES.includes(functions[functions.length - 1]!));
    else {
      at++;
      if (char === OPEN) functions.push('');
      else if (char === CLOSE) functions.pop();
      else if (char === BEGIN) blocks++;
      else if (char === END) blocks--;
      else if (char === AT) begin();
      else if (char === SEMICOLON && !functions.length) end();
    }
    if (open?.url !== undefined) open.end ??= at;
  }
  return out + css.slice(copied);
}

const [SLASH, OPEN, CLOSE, BEGIN, END, AT, SEMICOLON] = [47, 40, 41, 123, 125, 64, 59];

export function isWord(char: number): boolean {
  return (
    (char > 96 && char < 123) ||
    (char > 64 && char < 91) ||
    (char > 47 && char < 58) ||
    char === 45 ||
    char === 95 ||
    char === 92 ||
    char > 127
  );
}

function isSpace(char: number): boolean {
  return char === 32 || (char > 8 && char < 14);
}

function isQuote(char: number): boolean {
  return char === 34 || char === 39;
}

function endOfString(css: string, start: number): number {
  const quote = css[start];
  let at = start + 1;
  while (at < css.length && css[at] !== quote) at += css[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** What a token with escapes stands for. */
function meaning(token: string): string {
  return token.includes('\\')
    ? token.replace(/\\(?:([\da-f]{1,6})\s?|\n|([^]))/gi, (_, hex, char) =>
        hex ? String.fromCodePoint(Math.min(parseInt(hex, 16), 0x10ffff)) : (char ?? ''),
      )
    : token;
}

function quoted(url: string): string {
  return `"${url.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\a ')}"`;
}
