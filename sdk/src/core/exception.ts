import { textOf } from './facts';
import { maskCards } from './privacy';
import type { Properties } from '../types';

const MAX_STACK = 4_000;
/** What browsers put before the text of what was thrown, each its own. */
const PREFIX = /^(uncaught exception: |Uncaught )/;

/** What an event says of something that was thrown. `said`: what is known if that says nothing. */
export function exceptionOf(error: any, cleanUrl: (text: string) => string, said?: unknown): Properties {
  const clean = (text: unknown = ''): string => maskCards(cleanUrl(textOf(text)), MAX_STACK);
  const stack = clean(error?.stack);
  return {
    message: clean(error?.message ?? error ?? said).replace(PREFIX, ''),
    name: error?.name,
    stack,
    debugIds: debugIdsOf(stack, clean),
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
