import { textOf } from '../core/facts';

const MAX_DEPTH = 4;
const MAX_KEYS = 30;
const MAX_OBJECTS = 100;
const MAX_TEXT = 2_000;
const MAX_VALUE = 4_000;
const MAX_FRAMES = 10;
const MAX_FRAME = 300;
const UNREADABLE = '[unreadable]';
/** Several pairs, as in `document.cookie`. */
const COOKIES = /(?<![\w.-])[\w.-]+=[^;\s"]*(?:; [\w.-]+=[^;\s"]*)+/g;
/** Chromium: `at name (file:1:2)`. Others: `name@file:1:2`. */
const FRAME = /^\s*(?:at )?(?:([^:]*?)(?: \(|@))?(\S.*?)(:\d+:\d+)\)?$/;

/** Writes values of the page down: bounded, without secrets, and without running its getters. */
export interface Writer {
  /** Text that people may read: hidden where all text is. */
  text(value: unknown): string;
  /** Text of programs, such as an address. */
  known(value: unknown, max: number): string;
  /** Any value as JSON. */
  json(value: unknown): string;
  /** The calls that led somewhere, the innermost first. */
  frames(stack: unknown): string[];
  /** Whether something of this name is a secret. */
  isSecret(name: string): boolean;
}

export function createWriter(
  /** Hides what is hidden on the page. */
  hide: (text: string) => string,
  cleanUrl: (text: string) => string,
  toJson: (value: unknown) => string,
  maskAllText: unknown,
): Writer {
  let left = 0;
  const cut = (text: string, max: number): string => (text.length > max ? text.slice(0, max) + '…' : text);
  const withoutCookies = (text: string): string => text.replace(COOKIES, (pairs) => pairs.replace(/=[^;]*/g, '=*'));
  const known = (value: unknown, max: number): string => cut(hide(cleanUrl(withoutCookies(textOf(value)))), max);
  const text = (value: unknown): string => {
    const shown = known(value, MAX_TEXT);
    return maskAllText ? shown.replace(/\S/g, '*') : shown;
  };
  const isSecret = (name: string): boolean => {
    const parameter = `?${name}=1`;
    return cleanUrl(parameter) !== parameter;
  };

  function frames(stack: unknown): string[] {
    const found = [];
    for (const line of textOf(stack).slice(0, 20_000).split('\n')) {
      const [, name, file, place] = FRAME.exec(line) ?? [];
      // The digits of a place may be those of something hidden by chance.
      if (file) found.push(known(name ? `${name} (${file}` : file, MAX_FRAME) + place + (name ? ')' : ''));
    }
    return found.slice(0, MAX_FRAMES);
  }

  function error({ name, message, stack }: Error): string {
    const said = textOf(message);
    const all = textOf(stack);
    // Chromium's stack begins with the message, which may look like a place.
    const start = all.indexOf(said);
    return [`${textOf(name)}: ${text(said)}`, ...frames(start < 0 ? all : all.slice(start + said.length))].join(
      '\n    at ',
    );
  }

  function copy(value: any, depth: number): unknown {
    const type = typeof value;
    if (type === 'string') return text(value);
    if (value === null || type === 'boolean' || Number.isFinite(value)) return value;
    if (type === 'function') return 'ƒ ' + known(value.name, 100);
    if (type !== 'object') return text(value);
    const kind = Object.prototype.toString.call(value).slice(8, -1);
    if (/Error|Exception/.test(kind)) return error(value);
    if (/^(Date|RegExp|URL)$/.test(kind)) return text(value);
    if ('nodeType' in value) return `<${known(value.nodeName, 100).toLowerCase()}>`;
    const list = Array.isArray(value) && value.slice(0, MAX_KEYS);
    if (depth >= MAX_DEPTH || left-- <= 0 || (!list && kind !== 'Object')) return `[${cut(kind, 50)}]`;
    const names = Object.keys(list || value);
    // Without a prototype, whose setters the page may have made.
    const result = list ? [] : Object.create(null);
    for (const name of names.slice(0, MAX_KEYS)) {
      const property = Object.getOwnPropertyDescriptor(value, name)!;
      // In a list, such as one of headers, the name may come before the value.
      const before = textOf(result[+name - 1]);
      result[known(name, 100)] = (list ? /^[\w-]+$/.test(before) && isSecret(before) : isSecret(name))
        ? '*'
        : 'value' in property
          ? part(() => copy(property.value, depth + 1))
          : '(…)';
    }
    if ((list ? value : names).length > MAX_KEYS) result[list ? MAX_KEYS : '…'] = '…';
    return result;
  }

  function part(read: () => unknown): unknown {
    try {
      return read();
    } catch {
      return UNREADABLE;
    }
  }

  return {
    text,
    known,
    frames,
    isSecret,
    json(value) {
      left = MAX_OBJECTS;
      const written = toJson(part(() => copy(value, 0)));
      return written.length > MAX_VALUE ? toJson(cut(written, MAX_VALUE)) : written;
    },
  };
}
