import { createBudget } from './budget';
import { quietly } from './hooks';
import { watchRequests, type Call } from './requests';
import type { NetworkOptions } from './options';
import type { Tools } from './watch';

const MAX_URL = 1_000;
const MAX_TEXT = 5_000;
/** What began so long before we were there is recorded, too: what the page was loaded with. */
const BEFORE_MS = 10_000;
/** How far the times of the browser and ours may differ. */
const CLOCK_MS = 20;
/** So long a request waits for its size and its end, which the browser tells when all of the answer is there. */
const HOLD_MS = 30_000;
const MAX_ENTRIES = 300;
const EMAIL = /[^/?#&=]+(?:@|%40)[^/?#&=]+\.[^/?#&=]+/gi;
/** Says which trace a request belongs to, and nothing else. */
const TRACE = 'traceparent';
const TRACE_CHARS = 100;
/** Made by programs, which are watched themselves. */
const BY_CALL = /^(fetch|xmlh|beacon)/;

/**
 * A request as rrweb's plugin writes it, and what that lacks: `timestamp`, sizes in bytes, `error`, and messages of a socket.
 */
export interface WireRequest extends Pick<Call, 'status' | 'startTime' | 'endTime' | 'sent' | 'received'> {
  /** The address. */
  name: string;
  method?: string;
  initiatorType: string;
  entryType?: string;
  duration: number;
  /** When it began, in milliseconds since the epoch. The other times count from the beginning of the page. */
  timestamp: number;
  error?: string;
  transferSize?: number;
  encodedBodySize?: number;
  decodedBodySize?: number;
  requestHeaders?: { [name: string]: string };
  responseHeaders?: { [name: string]: string };
  requestBody?: string;
  responseBody?: string;
}

/** Records requests. */
export function watchNetwork({ parameters = [], headers = [], bodies = [] }: NetworkOptions, tools: Tools): void {
  const { writer, limits, isOwn, timeOf, maskAllText, soon, say, watch, observe, onFlush } = tools;
  const { known, json, isSecret } = writer;
  const { spend, dropped } = createBudget('network', tools);
  const tell = say('rrweb/network@1');
  const since = performance.now();
  /** With whole addresses, by which the browser tells of times and sizes. */
  let waiting: { url: string; request: WireRequest }[] = [];
  /** What the browser has told; a request whose body is read may come later. */
  let entries: { name: string; more: Partial<WireRequest> & Pick<WireRequest, 'startTime' | 'endTime'> }[] = [];
  // As the browser writes addresses, so that a host is named as a whole.
  const starts = bodies.map((start) => quietly(() => new URL(start, location.href).href));

  onFlush((isLast) => {
    const recent = isLast ? Infinity : performance.now() - HOLD_MS;
    const requests: WireRequest[] = [];
    waiting = waiting.filter(({ url, request }) => {
      const { entryType, startTime, endTime } = request;
      const at = entries.findIndex(
        ({ name, more }) =>
          !entryType && name === url && more.startTime > startTime - CLOCK_MS && more.startTime < endTime + CLOCK_MS,
      );
      if (at >= 0) times(Object.assign(request, entries.splice(at, 1)[0]!.more));
      // Of what has failed, and of sockets, the browser tells nothing.
      const isHeld = !request.entryType && request.status! > 101 && endTime > recent;
      if (!isHeld) requests.push(request);
      return isHeld;
    });
    entries = entries.filter(({ more }) => more.endTime > recent).slice(-MAX_ENTRIES);
    const count = dropped();
    if (waiting.length) soon();
    if (requests.length || count) tell({ requests, dropped: count || undefined });
  });

  function add(
    url: string,
    kind: string,
    more: Pick<WireRequest, 'startTime' | 'endTime'> & Partial<WireRequest>,
  ): void {
    soon();
    spend(
      /^[045]/.test(more.status as unknown as string) ? 'failed' : kind,
      () => ({ name: address(url), timestamp: timeOf(more.startTime), ...times({ ...more }) }) as WireRequest,
      (request) => waiting.push({ url, request }),
    );
  }

  /** Where it went, without the values of parameters. */
  function address(url: string): string {
    const [path, query] = url.split('#')[0]!.split('?');
    if (!/^(http|ws)s?:/.test(url)) return path!.split(',')[0]!.slice(0, 100);
    const shown = query?.split('&').map((one) => {
      const [name, value] = one.split('=');
      return parameters.includes(name!) ? one : value === undefined ? '*' : name + '=*';
    });
    return known((path + (shown ? '?' + shown.join('&') : '')).replace(EMAIL, '*'), MAX_URL);
  }

  const shownHeaders = (read: Call['requestHeaders']): WireRequest['requestHeaders'] =>
    quietly(() => {
      let shown: WireRequest['requestHeaders'];
      for (const [given, value] of read!()) {
        const name = given.toLowerCase();
        const isNamed = limits()?.headers !== false && headers.some((one) => one.toLowerCase() === name);
        if ((isNamed || name === TRACE) && !isSecret(name))
          // Its digits could be those of a card.
          (shown ??= {})[name] = name === TRACE ? value.slice(0, TRACE_CHARS) : known(value, MAX_TEXT);
      }
      return shown;
    });

  const wantsBody = (url: string): boolean =>
    !maskAllText && limits()?.bodies !== false && starts.some((start) => url.startsWith(start!));

  const shownBody = (url: string, body: any): string | undefined =>
    quietly(() => {
      if (!body || !wantsBody(url)) return undefined;
      return typeof body === 'string' || body instanceof URLSearchParams ? known(body, MAX_TEXT) : json(body);
    });

  watchRequests();
  watch({
    wantsBody,
    call({ url, error, requestHeaders, responseHeaders, requestBody, responseBody, ...call }) {
      if (isOwn(url)) return;
      add(url, 'call', {
        ...call,
        error: error && writer.text((error as Error).message ?? error),
        requestHeaders: shownHeaders(requestHeaders),
        responseHeaders: shownHeaders(responseHeaders),
        requestBody: shownBody(url, requestBody),
        responseBody: shownBody(url, responseBody),
      } as Parameters<typeof add>[2]);
    },
  });
  observe('navigation resource', (entry) => {
    const { name, entryType, initiatorType, startTime, responseEnd, responseStatus } = entry;
    const { transferSize, encodedBodySize, decodedBodySize } = entry;
    if (isOwn(name)) return;
    const more = { entryType, startTime, endTime: responseEnd, transferSize, encodedBodySize, decodedBodySize };
    // So that entries of calls that nobody told of go, too.
    soon();
    if (BY_CALL.test(initiatorType) && startTime > since) entries.push({ name, more });
    else if (startTime > since - BEFORE_MS)
      add(name, 'resource', { ...more, initiatorType, status: responseStatus || undefined });
  });
}

function times<T extends { startTime: number; endTime: number }>(entry: T): T {
  const startTime = Math.round(entry.startTime);
  const endTime = Math.round(entry.endTime);
  return Object.assign(entry, { startTime, endTime, duration: Math.max(0, endTime - startTime) });
}
