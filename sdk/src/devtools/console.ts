import { createBudget } from './budget';
import { on, once, tell, wrap } from './hooks';
import { LEVELS } from './options';
import type { Tools } from './watch';

/** A line of the console. */
export interface Line {
  level: string;
  args: unknown[];
  /** The stack of the caller. */
  stack(): unknown;
}

const MAX_ARGS = 10;

/** What is called while a line is written down, such as by a proxy of the page, is no line. */
let isInside = false;

/** Records lines of the console that are written with one of the calls in `levels`, and what nobody catches. */
export function watchConsole(levels: readonly string[], tools: Tools): void {
  const { writer, soon, say, watch, onFlush } = tools;
  const { spend, dropped } = createBudget('console', tools);
  const write = say('rrweb/console@1');

  // Only the calls that somebody wants are wrapped: a browser names our file as the place of a line that is.
  for (const level of LEVELS) if (levels.includes(level)) once(level, () => wrapLevel(level));
  once(onError, () => on(globalThis as unknown as EventTarget, 'error unhandledrejection', onError));
  watch({
    line({ level, args, stack }) {
      if (!levels.includes(level)) return;
      soon();
      spend(
        level,
        () => ({ level, trace: writer.frames(stack()), payload: args.slice(0, MAX_ARGS).map(writer.json) }),
        write,
      );
    },
  });
  onFlush(() => {
    const count = dropped();
    if (count) write({ level: 'warn', trace: [], payload: [`"[crow] ${count} lines not recorded"`], dropped: count });
  });
}

function wrapLevel(level: string): void {
  const apply = (original: any, self: unknown, args: unknown[]): unknown => {
    const result = Reflect.apply(original, self, args);
    if (level !== 'assert' || !args.shift()) tellOnce({ level, args, stack: () => stackAbove(apply) });
    return result;
  };
  wrap(console, level, { apply });
}

/** As browsers write what nobody catches. An image that does not load is no error of a program. */
function onError({ error, reason, message, target }: any): void {
  const thrown = error ?? reason ?? message;
  if (target === globalThis) tellOnce({ level: 'error', args: ['Uncaught', thrown], stack: () => thrown?.stack });
}

function tellOnce(line: Line): void {
  // What our tracker says is none of the page's.
  if (isInside || line.args[0] === '[crow]') return;
  isInside = true;
  try {
    tell('line', line);
  } finally {
    // Also when there is no room on the stack.
    isInside = false;
  }
}

function stackAbove(own: Function): unknown {
  // No error, whose stack WebKit would leave as it is.
  const here: { stack?: unknown } = {};
  const { captureStackTrace } = Error as any;
  captureStackTrace?.(here, own);
  return here.stack ?? new Error().stack;
}
