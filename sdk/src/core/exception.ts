import { textOf } from './facts';
import { maskCards } from './privacy';
import type { Core } from './host';
import type { Properties } from '../types';

const MAX_STACK = 4_000;
const MAX_NAME = 100;
const MAX_CAUSES = 3;
/** What browsers put before the text of what was thrown, each its own. */
const PREFIX = /^uncaught (exception: )?/i;
/** A line of a stack that says no place is of a message. */
const NO_PLACE = /^(?!.*:\d+:\d+\)?$).+/gm;
/** The rest of a line: digits of a place may be those of something hidden by chance. */
const BEFORE_PLACE = /^.+?(?=(:\d+:\d+\)?)?$)/gm;

/** What an event says of something that was thrown. `said`: what is known if that says nothing; `causes`: how many it names. */
export function exceptionOf(error: any, core: Core, said?: unknown, causes = MAX_CAUSES): Properties {
  const { cleanUrl, hidden } = core;
  const clean = (text: unknown, parts = /[^]*/): string =>
    maskCards(
      cleanUrl(textOf(text ?? '')).replace(parts, (part) => hidden.text(part)),
      MAX_STACK,
    );
  const hide = (text: string): string => (hidden.all ? '*' : text);

  const thrown = error?.message ?? error ?? said ?? '';
  // Of an object that is no error only the names of its properties.
  const raw = textOf(thrown) + (typeof thrown === 'object' ? ' ' + Object.keys(thrown) : '');
  const message = hide(clean(raw).replace(PREFIX, ''));
  // Chromium repeats the message there.
  const stack = clean(
    textOf(error?.stack ?? '').replace(raw, () => message),
    BEFORE_PLACE,
  ).replace(NO_PLACE, hide);
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
