import { textOf } from './facts';
import { maskCards } from './privacy';
import type { Properties } from '../types';

const MAX_STACK = 4_000;
/** What browsers put before the text of what was thrown, each its own. */
const PREFIX = /^(uncaught exception: |Uncaught )/;

/** What an event says of something that was thrown. `said`: what is known if that says nothing. */
export function exceptionOf(error: any, cleanUrl: (text: string) => string, said?: unknown): Properties {
  const clean = (text: unknown = ''): string => maskCards(cleanUrl(textOf(text)), MAX_STACK);
  return {
    message: clean(error?.message ?? error ?? said).replace(PREFIX, ''),
    name: error?.name,
    stack: clean(error?.stack),
  };
}
