import { textOf } from './facts';
import { plain, toJson } from './json';
import type { Identity } from './person';
import type { Properties } from '../types';

/** In characters; the server counts bytes, and cuts what is longer still. */
const MAX_USER_ID = 1_000;
const MAX_NAME = 200;
const MAX_TEXT = 1_000;
const MAX_PROPERTIES = 20_000;

/** Whether the server takes it as the id of a session or a window. */
export function isId(id: unknown): id is string {
  return typeof id === 'string' && /^[\w.:~-]{1,128}$/.test(id);
}

/** A word or number of the page's as text without control characters and halves of characters. */
export function word(value: unknown, max = MAX_NAME): string {
  return /^(st|n|bi)/.test(typeof value)
    ? textOf(value)
        .slice(0, max)
        .replace(/[\p{Cc}\p{Cs}\ufffd]/gu, '')
        .trim()
    : '';
}

/** The id of a person; the server keeps long ones apart. */
export function userIdOf(value: unknown): string | undefined {
  return word(value, MAX_USER_ID) || undefined;
}

/** Properties as plain data; anything but an object is a `value`. */
export function properties(given: unknown): Properties {
  const data = plain(given) ?? {};
  return typeof data === 'object' && !Array.isArray(data) ? data : { value: data };
}

/** What goes with each batch must be small; else, it stays out. */
function small(given: Properties | undefined): Properties | undefined {
  return given && toJson(given).length < MAX_PROPERTIES ? given : undefined;
}

/** Who a page or its storage says the person is, as the server takes it. */
export function identityOf({ userId, traits, groups, props, visitorId }: Identity): Identity {
  return { userId: userIdOf(userId), traits: small(traits), groups: small(groups), props: small(props), visitorId };
}

/** Facts of the page as the server takes them: a page may have put anything in the place of its title. */
export function contextOf(facts: Properties, cleanUrl: (url: string) => string): Properties {
  for (const name of Object.keys(facts)) {
    const value: any = facts[name];
    if (typeof value === 'string') facts[name] = /url|ref/.test(name) ? cleanUrl(value) : value.slice(0, MAX_TEXT);
    else facts[name] = value?.every?.(Number.isFinite) ? value.map(Math.round) : undefined;
  }
  return facts;
}
