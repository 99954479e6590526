import type { Tools } from './watch';

const MEMORY_MS = 30_000;

/** Stretches in which the page could do nothing else; and its memory in bytes, where the browser tells. */
export interface WirePerformance {
  /** `timestamp`: when it began, in milliseconds since the epoch. */
  longTasks?: { timestamp: number; duration: number }[];
  usedJSHeapSize?: number;
  jsHeapSizeLimit?: number;
}

/** Records long tasks and memory. */
export function watchPerformance({ timeOf, now, soon, say, observe, onFlush }: Tools): void {
  const tell = say('crow/performance@1');
  let longTasks: WirePerformance['longTasks'] = [];
  let measuredAt = -Infinity;

  observe('longtask', ({ startTime, duration }) => {
    soon();
    longTasks!.push({ timestamp: timeOf(startTime), duration: Math.round(duration) });
  });
  onFlush(() => {
    const { usedJSHeapSize, jsHeapSizeLimit } = (performance as any).memory ?? {};
    if (longTasks!.length) tell({ longTasks });
    longTasks = [];
    if (!usedJSHeapSize || now() - measuredAt < MEMORY_MS) return;
    measuredAt = now();
    tell({ usedJSHeapSize, jsHeapSizeLimit });
  });
  soon();
}
