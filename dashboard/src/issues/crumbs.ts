/** What happened before an error, from the events and the recording of its session. */
import type { EventPage } from '../api/types';
import { duration, pathOf } from '../format';
import { Collector } from '../session/devtools/collector';
import type { Beside, NetworkRow } from '../session/devtools/read';
import { isSame } from '../session/devtools/use-beside';
import { momentOf, type Moment } from '../session/events';
import { readStored } from '../session/sources';
import type { IconName } from '../ui/icons';

/** So many of each kind: interactions, lines of the console, and requests. */
const MOST = 20;
/** Only so much of the recording is read. */
const LEAD_MS = 60_000;
/** A request is told of when it is over. */
const LATE_MS = 5_000;

export interface Crumb {
  id: string;
  at: number;
  icon: IconName;
  title: string;
  detail: string;
  isBad: boolean;
}

const isShown = ({ kind, event }: Moment): boolean => kind !== 'scroll' && event.type !== 'performance';

/** The last interactions up to the moment. The pages are those of all events of the session; what comes later is not asked for. */
export async function lastMoments(pages: AsyncIterable<EventPage>, at: number): Promise<Moment[]> {
  let last: Moment[] = [];
  for await (const { events } of pages) {
    const found = events.filter(({ timestamp }) => timestamp <= at);
    last = [...last, ...found.map(momentOf).filter(isShown)].slice(-MOST);
    if (found.length < events.length) break;
  }
  return last;
}

/** What the page did beside that, in the last minute before the moment. */
export function besideBefore(path: string, at: number, signal: AbortSignal): Promise<Beside> {
  return new Promise((resolve, reject) => {
    const collector = new Collector();
    const { lines } = collector.begin(null);
    const end = () => resolve(collector.get());
    const nothing = () => {};
    const sink = { lines, end, failed: reject, caughtUp: nothing, ended: nothing };
    const stop = readStored(path, at - LEAD_MS, sink, at + LATE_MS);
    signal.addEventListener('abort', stop);
  });
}

/** All in the order of time; the error is the last. */
export function crumbsOf(moments: Moment[], { lines, requests }: Beside, at: number): Crumb[] {
  const isNear = (one: { at: number }) => one.at <= at && one.at >= at - LEAD_MS;
  const errors = moments.filter(({ kind }) => kind === 'error');
  const said = lines.filter((line) => isNear(line) && !errors.some((error) => isSame(line, error)));
  const asked = requests.filter((request) => isNear(request) && isCall(request));
  const crumbs: Crumb[] = [
    ...said.slice(-MOST).map(({ id, at: since, level, text }) => ({
      id: `line ${id}`,
      at: since,
      icon: 'setup' as const,
      title: `Console: ${level}`,
      detail: text,
      isBad: level === 'error',
    })),
    ...asked.slice(-MOST).map((request) => ({
      id: `request ${request.id}`,
      at: request.at,
      icon: 'journeys' as const,
      title: `${request.method} ${pathOf(request.url)}`,
      detail: resultOf(request),
      isBad: request.isFailed,
    })),
    ...moments.map(({ kind, ...moment }, index) => ({ ...moment, id: `event ${index}`, isBad: kind === 'error' })),
  ];
  return crumbs.map(cut).sort((a, b) => a.at - b.at);
}

/** Pages and their visitors write these texts, of any length. */
const MOST_CHARS = 300;

const cut = ({ title, detail, ...crumb }: Crumb): Crumb => ({
  ...crumb,
  title: title.slice(0, MOST_CHARS),
  // A page view names its page twice.
  detail: detail === title ? '' : detail.slice(0, MOST_CHARS),
});

/** Pages come with dozens of files. Only those that failed say something. */
const isCall = ({ kind, isFailed }: NetworkRow): boolean => kind !== 'dropped' && (kind !== 'file' || isFailed);

const resultOf = ({ status, error, at, end }: NetworkRow): string =>
  [status === 0 ? 'no answer' : status, error, duration(end - at)].filter(Boolean).join(', ');
