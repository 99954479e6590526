import { watchConsole } from './console';
import { quietly, watchers, wrap, type Watcher } from './hooks';
import { watchNetwork } from './network';
import { DEFAULT_LEVELS, LEVELS, type DevtoolsOptions, type Limits } from './options';
import { watchPerformance } from './performance';
import { createWriter, type Writer } from './values';
import type { MaskingOptions } from '../replay/masking';
import type { WireEvent } from '../replay/wire';

/** The type of events that are not of rrweb itself. */
const PLUGIN = 6;
/** What waits is told of after this time. */
const FLUSH_MS = 1_000;

/** What the recorder gives, so that it is not there twice. */
export interface Given {
  emit(event: WireEvent): void;
  /** Hides what was typed, what masked elements show, and digits of cards. */
  hideText(text: string): string;
  cleanUrl(text: string): string;
  /** Whether a request is one of ours. */
  isOwn(url: string): boolean;
  /** What the server allows, as soon as it has said so. */
  limits(): Limits | undefined;
  now(): number;
  later(run: () => void, ms: number): void;
  toJson(value: unknown): string;
}

/** What the parts work with. */
export interface Tools extends Given {
  writer: Writer;
  /** Nothing that people read is shown. */
  maskAllText: unknown;
  /** A moment of the browser's clock, in milliseconds since the epoch. */
  timeOf(at: number): number;
  /** Makes the function that records something. */
  say(plugin: string): (payload: object) => void;
  /** Flushes soon. */
  soon(): void;
  /** Runs something now and then, and before the page goes; then `isLast`: what waits cannot wait longer. */
  onFlush(run: (isLast?: boolean) => void): void;
  watch(watcher: Watcher): void;
  /** Calls `take` with entries of the browser's clock. */
  observe(types: string, take: (entry: any) => void): void;
}

/** What came before is taken only once: by the first recording. */
let buffered = true;

/** Records console, network and long tasks of the page in the form of rrweb's plugins. */
export function watchPage(options: DevtoolsOptions & Pick<MaskingOptions, 'maskAllText'>, given: Given) {
  const { console: lines = LEVELS.slice(0, DEFAULT_LEVELS), network = true, maskAllText } = options;
  const { now, emit } = given;
  const flushes: ((isLast?: boolean) => void)[] = [];
  const stops: (() => void)[] = [];
  let isWaiting = false;

  function flush(isLast?: boolean): void {
    isWaiting = false;
    if (stops.length) flushes.forEach((run) => quietly(() => run(isLast)));
  }
  const tools: Tools = {
    ...given,
    writer: createWriter(given.hideText, given.cleanUrl, given.toJson, maskAllText),
    maskAllText,
    timeOf: (at) => Math.round(now() - performance.now() + at),
    say: (plugin) => (payload) => emit({ type: PLUGIN, data: { plugin, payload }, timestamp: now() }),
    soon() {
      if (!isWaiting) given.later(flush, FLUSH_MS);
      isWaiting = true;
    },
    onFlush: (run) => flushes.push(run),
    watch(watcher) {
      watchers.add(watcher);
      stops.push(() => watchers.delete(watcher));
    },
    observe: (types, take) =>
      types.split(' ').forEach((type) =>
        quietly(() => {
          const observer = new PerformanceObserver((list) =>
            list.getEntries().forEach((entry) => quietly(() => take(entry))),
          );
          stops.push(() => observer.disconnect());
          observer.observe({ type, buffered });
        }),
      ),
  };
  if (lines) watchConsole(lines === true ? LEVELS : lines, tools);
  if (network) watchNetwork(network === true ? {} : network, tools);
  if (options.performance !== false) watchPerformance(tools);
  buffered = false;
  return { wrap, flush: () => flush(true), stop: () => stops.splice(0).forEach(quietly) };
}
