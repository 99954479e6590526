/** What a page did beside what it showed, read from the lines of a recording. Anyone with a page's key may have written them. */

export interface ConsoleLine {
  id: string;
  /** Milliseconds since the epoch, as all times here. */
  at: number;
  level: Level;
  /** All arguments, as a console shows them in one line. */
  text: string;
  args: unknown[];
  trace: string[];
}

export const LEVELS = ['error', 'warn', 'info', 'log', 'debug'] as const;
export type Level = (typeof LEVELS)[number];

export interface NetworkRow {
  id: string;
  at: number;
  /** Later than `at`, or the same. */
  end: number;
  kind: RequestKind;
  method: string;
  url: string;
  /** 0: there was no answer. */
  status: number | null;
  error: string;
  /** Of the trace that the request says it belongs to (W3C Trace Context); empty if it does not. */
  traceId: string;
  isFailed: boolean;
  /** Bytes; of the answer, as it came over the network and unpacked. */
  transferred: number | null;
  size: number | null;
  /** What only some requests have, such as headers that the site lets through. */
  more: [name: string, value: string][];
}

export type RequestKind = 'call' | 'socket' | 'page' | 'file' | 'dropped';

export interface LongTask {
  at: number;
  duration: number;
}

/** What the programs of a page used at a moment, in bytes. */
export interface MemoryUse {
  at: number;
  bytes: number;
  window: string;
}

export interface Beside {
  lines: ConsoleLine[];
  requests: NetworkRow[];
  longTasks: LongTask[];
  memory: MemoryUse[];
}

export const nothingBeside = (): Beside => ({ lines: [], requests: [], longTasks: [], memory: [] });

const MAX_TEXT = 10_000;
const MAX_ITEMS = 1_000;
const LATEST = 8.64e15;

type Raw = Record<string, unknown>;

const isObject = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value.slice(0, MAX_ITEMS) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, MAX_TEXT) : '');
const number = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= LATEST ? value : null;

/** Takes one line of a recording; does nothing with what is no line of these kinds. */
export function readLine(line: string, id: string, into: Beside): void {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return;
  }
  if (!isObject(value)) return;
  const at = number(value.t);
  const event = value.d;
  if (value.k !== 'r' || at === null || !isObject(event) || event.type !== 6 || !isObject(event.data)) return;
  const { plugin, payload } = event.data;
  if (!isObject(payload)) return;
  // The line's time is the server's, corrected; the times in the event are of the client's clock.
  const ahead = at - (number(event.timestamp) ?? at);
  if (plugin === 'rrweb/console@1') readConsole(payload, at, id, into);
  else if (plugin === 'rrweb/network@1') readNetwork(payload, at, ahead, id, into);
  else if (plugin === 'crow/performance@1') readPerformance(payload, { at, ahead, window: text(value.w) }, into);
}

const LEVEL_OF: Record<string, Level> = { error: 'error', assert: 'error', warn: 'warn', info: 'info', debug: 'debug' };

function readConsole(payload: Raw, at: number, id: string, { lines }: Beside): void {
  const level = text(payload.level);
  const args = list(payload.payload).map(parsed);
  const shown = (level === 'assert' ? ['Assertion failed:', ...args] : args).map(inLine).join(' ');
  lines.push({
    id,
    at,
    level: LEVEL_OF[level] ?? 'log',
    text: shown.slice(0, MAX_TEXT),
    args,
    trace: list(payload.trace).map(text).filter(Boolean),
  });
}

/** rrweb's plugin writes each argument as JSON. */
function parsed(argument: unknown): unknown {
  try {
    return JSON.parse(text(argument)) as unknown;
  } catch {
    return text(argument);
  }
}

/** An error without where it came from. */
function inLine(argument: unknown): string {
  return typeof argument === 'string' ? (argument.split('\n    at ')[0] ?? '') : JSON.stringify(argument);
}

function readNetwork(payload: Raw, at: number, ahead: number, id: string, { requests }: Beside): void {
  list(payload.requests).forEach((request, index) => {
    if (isObject(request)) requests.push(requestOf(request, at, ahead, `${id} ${index}`));
  });
  const dropped = number(payload.dropped);
  if (dropped)
    requests.push({ ...NOTHING, id: `${id} dropped`, at, end: at, kind: 'dropped', url: String(Math.round(dropped)) });
}

const NOTHING: Omit<NetworkRow, 'id' | 'at' | 'end'> = {
  kind: 'file',
  method: '',
  url: '',
  status: null,
  error: '',
  traceId: '',
  isFailed: false,
  transferred: null,
  size: null,
  more: [],
};

function requestOf(request: Raw, at: number, ahead: number, id: string): NetworkRow {
  const [start, end] = [number(request.startTime) ?? 0, number(request.endTime) ?? 0];
  const duration = number(request.duration) ?? Math.max(0, end - start);
  const began = number(request.timestamp);
  // Other recorders do not say when; they tell of a request when it is over.
  const since = began === null ? at - duration : began + ahead;
  const status = number(request.status);
  const initiator = text(request.initiatorType);
  const error = text(request.error);
  return {
    id,
    at: since,
    end: since + duration,
    kind: kindOf(initiator),
    method: text(request.method) || (initiator === 'beacon' ? 'POST' : 'GET'),
    url: text(request.name),
    status,
    error,
    traceId: traceIdOf(request.requestHeaders),
    isFailed: !!error || status === 0 || (status !== null && status >= 400),
    transferred: number(request.transferSize),
    size: number(request.decodedBodySize),
    more: more(request, initiator),
  };
}

function traceIdOf(headers: unknown): string {
  const parent = isObject(headers) ? text(headers.traceparent) : '';
  return /^[\da-f]{2}-([\da-f]{32})-/.exec(parent)?.[1] ?? '';
}

function kindOf(initiator: string): RequestKind {
  if (/^(fetch|xmlhttprequest|beacon|ping)$/.test(initiator)) return 'call';
  return initiator === 'websocket' ? 'socket' : initiator === 'navigation' ? 'page' : 'file';
}

function more(request: Raw, initiator: string): [string, string][] {
  const rows: [string, string][] = initiator ? [['Started by', initiator]] : [];
  for (const [name, title] of [
    ['sent', 'Messages sent'],
    ['received', 'Messages received'],
  ] as const)
    if (number(request[name]) !== null) rows.push([title, String(request[name])]);
  for (const [name, title] of [
    ['requestHeaders', 'Request header'],
    ['responseHeaders', 'Response header'],
  ] as const) {
    const headers = request[name];
    if (isObject(headers))
      for (const [header, value] of Object.entries(headers).slice(0, 50))
        rows.push([`${title} ${header}`, text(value)]);
  }
  if (text(request.requestBody)) rows.push(['Request body', text(request.requestBody)]);
  if (text(request.responseBody)) rows.push(['Response body', text(request.responseBody)]);
  return rows;
}

function readPerformance(
  payload: Raw,
  { at, ahead, window }: { at: number; ahead: number; window: string },
  into: Beside,
): void {
  for (const task of list(payload.longTasks)) {
    if (!isObject(task)) continue;
    const [since, duration] = [number(task.timestamp), number(task.duration)];
    if (since !== null && duration !== null) into.longTasks.push({ at: since + ahead, duration });
  }
  const bytes = number(payload.usedJSHeapSize);
  if (bytes) into.memory.push({ at, bytes, window });
}
