import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import type { Session } from '../../api/types';
import { dataOf, type Moment } from '../events';
import { readStored } from '../sources';
import type { Collector } from './collector';
import type { Beside, ConsoleLine } from './read';

export interface Besides extends Beside {
  isPending: boolean;
}

/** A line of the console and the event of the same error are noted by different parts of the SDK. */
const NEAR_MS = 1_500;

/**
 * What the page did beside what it showed. The player reads only what it plays: while `isWanted`, the rest is read, too. Errors that nobody
 * caught are lines of the console even if they came before it was recorded.
 */
export function useBeside(session: Session, collector: Collector, moments: Moment[], isWanted: boolean): Besides {
  const found = useSyncExternalStore(collector.subscribe, collector.get);
  const isOurs = useRef(false);
  const isNeeded = isWanted && session.hasReplay && (isOurs.current || !collector.isCovered);
  const path = `/sessions/${session.organizationId}/${session.id}/replay`;
  useEffect(() => {
    if (!isNeeded) return;
    isOurs.current = true;
    const reading = collector.begin(null);
    const nothing = () => {};
    const { lines, end } = reading;
    const stop = readStored(path, null, { lines, end, failed: end, caughtUp: nothing, ended: nothing });
    return () => {
      isOurs.current = false;
      stop();
      reading.abort();
    };
  }, [isNeeded, collector, path]);
  const lines = useMemo(() => withErrors(found.lines, moments), [found.lines, moments]);
  return { ...found, lines, isPending: session.hasReplay && !collector.isComplete };
}

/** Adds the errors of events that are not among the lines. */
export function withErrors(lines: ConsoleLine[], moments: Moment[]): ConsoleLine[] {
  const missing = moments.filter((moment) => moment.kind === 'error' && !lines.some((line) => isSame(line, moment)));
  if (!missing.length) return lines;
  const more = missing.map((moment): ConsoleLine => ({
    id: `event ${moment.id}`,
    at: moment.at,
    level: 'error',
    text: `${moment.title}: ${moment.detail}`,
    args: [],
    trace: framesOf(moment),
  }));
  return [...lines, ...more].sort((a, b) => a.at - b.at);
}

/**
 * Whether a line of the console is about the error of this event. A message that says nothing, or is hidden, is part of any line. Then
 * the places count, which are not hidden.
 */
export function isSame({ level, at, text, trace }: ConsoleLine, moment: Moment): boolean {
  if (level !== 'error' || Math.abs(at - moment.at) >= NEAR_MS) return false;
  const { message } = dataOf(moment);
  if (typeof message === 'string' && message.length > 1) return text.includes(message);
  const place = placeOf(trace[0]);
  return place !== undefined && place === placeOf(framesOf(moment)[0]);
}

/** File, line and column. The console writes the name of the function before it in another way than some browsers. */
const placeOf = (frame = ''): string | undefined => /[^\s(@]+:\d+:\d+/.exec(frame)?.[0];

/** The calls in the stack of an error, the innermost first. */
function framesOf(moment: Moment): string[] {
  return String(dataOf(moment).stack ?? '')
    .split('\n')
    .map((frame) => frame.trim().replace(/^at /, ''))
    .filter((frame) => /:\d+:\d+/.test(frame));
}
