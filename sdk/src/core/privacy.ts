import { textOf } from './facts';

const SECRET =
  'token|secret|pass[wc]|pwd|auth(?!or(?!i(?:[sz]|t[iy])))|jwt|credent|signat|apikey|accesskey|[-_]key|cookie|sessi|\\.sid|saml|e-?mail';
const SECRET_EXACT = 'code|state|sid|sig|key|otp|pin|ssn|iban|card|cvv|cvc';
/** 14 to 19 digits, and no decimals: goods have 13, and so have milliseconds. No card begins with 20, as times that are written in full do. */
const CARD = /(?<!\w|\d\.)(?!20)\d(?:[ -]?\d){13,18}(?!\w|\.\d)/g;
/** A part of a URL that is written in percent signs, such as another URL. */
const ENCODED = /(?<![^?&#;=/\s])[^?&#;=/\s]*%[^?&#;/\s]*/g;
const MAX_CHARS = 8_000;
/** How often a URL may be written inside of another; what is deeper is blanked. */
const MAX_NESTED = 5;

/** Makes the function that blanks secrets in a URL, or in a text that holds URLs, JSON, XML or headers. */
export function urlCleaner(extra: string | string[] = []): (text: string) => string {
  const exact = [SECRET_EXACT]
    .concat(extra)
    .map((name) => textOf(name).replace(/[^\w|]/g, '\\$&'))
    .join('|');
  const pair = new RegExp(
    `((?:^|[?&#;]) ?(?:[^=&#;\\s?/]*(?:${SECRET})[^=&#;\\s?/]*|${exact})=` +
      // In a text; not in an address, where a port or a line follows the `:`.
      `|(?:${SECRET})(?<!\\/[^\\s"'<>]*)[\\w-]*'?\\s*[:=]\\s*` +
      // An element of XML; a header's scheme. Base64 of a name and a password has digits; "Basic plan" has none.
      `|<[^\\s<>/]*(?:${SECRET})[^<>]*>|(?:bearer|basic(?= \\S*\\d\\S{5}))\\s+)` +
      // What is in quotes, the whole of a header, the content of an element, or a word.
      '(?:(\\\\*["\']).*?(?:\\2|$)|(?<=(?:cookie|ization)\\W*).*|(?<=>)[^<]*|[^&#;\\s"<]*)' +
      // A JSON web token.
      '|\\beyJ[\\w.-]{27,}',
    'gim',
  );
  const field = new RegExp(
    `("(?:[^"]*(?:${SECRET})[^"]*|${exact})"\\s*:)\\s*` +
      // A value, also one that was cut off: a text, a list or an object up to its end, or a bare word.
      '(?:"~|\\\\+"[^"]*"?|[[{]@[\\]}]?|[^",\\]}[{][^,\\]}]*)?'
        .replace('@', '(?:"~|[^"[\\]{}]|[[{]@[\\]}]?)*')
        .replace('@', '(?:"~|[^"[\\]{}]|[[{]@[\\]}]?)*')
        .replace('@', '(?:"~|[^"[\\]{}]|[[{]@[\\]}]?)*')
        .replace('@', '(?:"~|[^"[\\]{}])*')
        .replace(/~/g, '(?:[^"\\\\]|\\\\[^]?)*"?'),
    'gi',
  );

  const clean = (text: string, depth: number): string => {
    const blanked = text
      .replace(field, '$1"*"')
      .replace(pair, '$1*')
      .replace(/(\/\/)[^/?#@\s]*@/g, '$1');
    // Not `decodeURIComponent`, which throws when not all of it is UTF-8.
    return blanked.replace(ENCODED, (part) => {
      const inner = unescape(part);
      if (inner === part) return part;
      const cleaned = depth < MAX_NESTED ? clean('?' + inner, depth + 1).slice(1) : '*';
      return cleaned === inner ? part : escape(cleaned);
    });
  };
  return (text) => clean(text.slice(0, MAX_CHARS), 0).slice(0, MAX_CHARS);
}

/** Blanks runs of digits that could be a payment card, and keeps the first `max` characters. */
export function maskCards(text: string, max?: number): string {
  return text.replace(CARD, '*').slice(0, max);
}
