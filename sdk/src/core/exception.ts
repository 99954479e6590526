import { textOf } from './facts';
import { maskCards } from './privacy';
import type { Core } from './host';
import type { Properties } from '../types';

const MAX_STACK = 4_000;
const MAX_NAME = 100;
const MAX_CAUSES = 3;
/** What browsers put before the text of what was thrown, each its own. */
const PREFIX = /^uncaught (exception: )?/i;
/** The message in a stack: before the frames of Chromium, nothing where others name places, and all where nobody does. */
const HEAD = /[^]+?(?=\n +at .*:\d+:\d+\)?$)|(?=[^]*:\d+:\d+$)|[^]*/m;
/** A line of a stack, and its place: what is without one is of a message. */
const LINE = /^(.+?)(:\d+:\d+\)?)?$/gm;

/** What an event says of something that was thrown. `said`: what is known if that says nothing; `causes`: how many it names. */
export function exceptionOf(error: any, core: Core, said?: unknown, causes = MAX_CAUSES): Properties {
  const { cleanUrl, hidden } = core;
  const hideParts = (text: string): string => hidden.text(text);
  const hide = (text: string): string => (text && hidden.all ? '*' : hideParts(text));
  const clean = (text: unknown, how = hideParts): string => maskCards(how(cleanUrl(textOf(text ?? ''))), MAX_STACK);

  const thrown = error?.message ?? error ?? said ?? '';
  // Of an object that is no error only the names of its properties.
  const raw = textOf(thrown) + (typeof thrown === 'object' ? ' ' + Object.keys(thrown) : '');
  const message = clean(raw, hide).replace(PREFIX, '');
  // Chromium repeats the message there, or one that was changed since.
  const stack = clean(
    textOf(error?.stack ?? '').replace(raw, () => message),
    (all) => {
      const head = HEAD.exec(all)![0];
      // Digits of a place may be those of something hidden by chance.
      const lines = all.slice(head.length).replace(LINE, (_, text, at = '') => (at ? hideParts : hide)(text) + at);
      return hide(head) + lines;
    },
  );
  const inner = causes && (error?.cause ?? error?.errors?.[0]);
  return {
    message,
    name: stack && clean(error.name).slice(0, MAX_NAME),
    stack,
    debugIds: debugIdsOf(stack, clean),
    cause: inner?.stack && exceptionOf(inner, core, '', causes - 1),
  };
}

/** The debug ids of the scripts in a stack, by address. Each script notes its own, with a stack that begins in it, when it has run. */
function debugIdsOf(stack: string, clean: (text: unknown) => string): Properties | undefined {
  const noted = (globalThis as any)._crowDebugIds;
  let found: Properties | undefined;
  for (const at in noted) {
    const url = clean(/\w+:\/\/.+?(?=:\d+:)/.exec(at)?.[0]);
    if (url && stack.includes(url)) (found ??= {})[url] = noted[at];
  }
  return found;
}
