import { read } from '../core/natives';
import type { Page } from './page';
import type { Properties } from '../types';

/** Loading is over when the page has been quiet for so long. */
const QUIET_MS = 5_000;
/** One of so many interactions may be slower than what counts. */
const INTERACTIONS_PER_OUTLIER = 50;

interface Entry extends PerformanceEntry {
  value: number;
  hadRecentInput: boolean;
  interactionId: number;
}

/**
 * Captures one `performance` event a page, when it is first hidden: how it loaded, and the web
 * vitals. Milliseconds since the start; CLS is a score.
 */
export function trackPerformance({ capture, guard, listen, on, undo }: Page): void {
  const timing = performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming & {
    activationStart?: number;
  };
  if (!timing) return;
  const since = (time: number): number => Math.max(0, Math.round(time - (timing.activationStart ?? 0)));
  /** What the browser does not measure stays out: it is not 0. */
  const measures = (type: string): boolean => PerformanceObserver.supportedEntryTypes.includes(type);
  const data: Properties = measures('layout-shift') ? { cls: 0 } : {};
  /** The longest duration of each interaction. */
  const slowest: { [id: number]: number } = {};
  let isOver = false;
  let hasInput = false;
  let busyUntil = 0;
  /** The layout shifts that belong together. */
  let shiftSum = 0;
  let firstShift = 0;
  let lastShift = 0;

  const interaction = ({ interactionId, duration }: Entry): void => {
    if (interactionId) slowest[interactionId] = Math.max(duration, slowest[interactionId] ?? 0);
  };
  const take: { [type: string]: (entry: Entry) => void } = {
    'largest-contentful-paint'({ startTime }) {
      if (!hasInput) data.lcp = since(startTime);
    },
    paint({ name, startTime }) {
      if (/ful/.test(name)) data.fcp = since(startTime);
    },
    'layout-shift'({ startTime, value, hadRecentInput }) {
      if (hadRecentInput) return;
      if (startTime - lastShift >= 1000 || startTime - firstShift >= 5000) {
        shiftSum = 0;
        firstShift = startTime;
      }
      lastShift = startTime;
      data.cls = Math.max(data.cls as number, (shiftSum += value));
    },
    'first-input': interaction,
    event: interaction,
    longtask({ startTime, duration }) {
      if (startTime - Math.max(busyUntil, timing.domContentLoadedEventEnd) < QUIET_MS) busyUntil = startTime + duration;
    },
  };
  const takeAll = (entries: PerformanceEntryList): void =>
    entries.forEach((entry) => take[entry.entryType]!(entry as Entry));
  const observer = new PerformanceObserver(guard((list: PerformanceObserverEntryList) => takeAll(list.getEntries())));
  for (const type of Object.keys(take)) {
    if (measures(type)) observer.observe({ type, buffered: true, durationThreshold: 40 } as PerformanceObserverInit);
  }
  listen('keydown click', (event: Event) => {
    hasInput ||= event.isTrusted;
  });
  const finish = (): void => {
    if (isOver) return;
    isOver = true;
    takeAll(observer.takeRecords());
    const durations = Object.values(slowest).sort((a, b) => b - a);
    const total = read(performance, 'interactionCount') ?? durations.length;
    capture('performance', {
      ttfb: since(timing.responseStart),
      domContentLoaded: since(timing.domContentLoadedEventEnd),
      load: since(timing.loadEventEnd),
      timeToInteractive: measures('longtask') ? since(Math.max(timing.domContentLoadedEventEnd, busyUntil)) : undefined,
      ...data,
      inp: durations.slice(0, total / INTERACTIONS_PER_OUTLIER + 1).pop(),
    });
  };
  undo.push(on('suspend', finish), () => observer.disconnect());
}
