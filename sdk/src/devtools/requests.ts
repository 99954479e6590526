import { after, on, once, quietly, tell, watchers, wrap } from './hooks';

type HeaderList = Iterable<[name: string, value: string]>;

/** A request as a program made it. Times are those of `performance.now`. */
export interface Call {
  initiatorType: 'fetch' | 'xmlhttprequest' | 'beacon' | 'websocket';
  method: string;
  url: string;
  startTime: number;
  endTime: number;
  /** 0: there is no answer. */
  status?: number | undefined;
  /** Why there is none. */
  error?: unknown;
  /** Asked for only when the request was made: reading may use up what the page has given. */
  requestHeaders?(): HeaderList;
  responseHeaders?(): HeaderList;
  requestBody?: unknown;
  /** What was answered, where somebody wants it. */
  responseBody?: unknown;
  /** Messages of a socket that is closed. */
  sent?: number;
  received?: number;
}

const MAX_BODY = 20_000;
const { apply, construct } = Reflect;
/** The page may be done with an answer, whose connection stays open as long as we read it. */
const MAX_BODY_MS = 10_000;
/** Not of events, which go on for ever. */
const TEXTUAL = /json|text(?!.event)|xml|urlencoded/;

/** Tells watchers of requests from now on. */
export function watchRequests(): void {
  for (const start of [wrapFetch, wrapXhr, wrapBeacon, wrapSockets]) once(start, start);
}

function begin(initiatorType: Call['initiatorType'], url: unknown, method: unknown = 'GET'): Call | undefined {
  return quietly(() => {
    // A page may have an `<img name=baseURI>`.
    const base: unknown = document.baseURI;
    const at = performance.now();
    return {
      initiatorType,
      method: String(method).toUpperCase().slice(0, 30),
      url: new URL(String(url), typeof base === 'string' ? base : location.href).href,
      startTime: at,
      endTime: at,
    };
  });
}

function finish(call: Call | undefined, what: Partial<Call>): void {
  if (call) tell('call', Object.assign(call, { endTime: performance.now() }, what));
}

function isWanted({ url }: Call): boolean {
  return [...watchers].some(({ wantsBody }) => wantsBody?.(url));
}

function wrapFetch(): void {
  wrap(globalThis, 'fetch', {
    apply(original, self, args) {
      const [input, init] = args;
      const call = quietly(() => ({
        ...begin('fetch', input?.url ?? input, init?.method ?? input?.method)!,
        requestHeaders: () => new Headers(init?.headers ?? input?.headers),
        requestBody: init?.body,
      }));
      const answer: any = apply(original, self, args);
      if (!call || typeof answer?.then !== 'function') return answer;
      // The page gets what follows, not what we watch: else an error that nobody catches would count as caught.
      return answer.then(
        (response: Response) => {
          quietly(() => {
            const { status, headers } = response;
            const told = (responseBody?: unknown): void =>
              finish(call, { status, responseHeaders: () => headers, responseBody });
            // Before the page reads it.
            isWanted(call) && TEXTUAL.test(headers.get('content-type')!)
              ? beginningOf(response.clone()).then(told)
              : told();
          });
          return response;
        },
        (error: unknown) => {
          finish(call, { status: 0, error });
          throw error;
        },
      );
    },
  });
}

/** An answer may have no end. */
async function beginningOf({ body }: Response): Promise<string> {
  let text = '';
  try {
    const signal = AbortSignal.timeout(MAX_BODY_MS);
    const reader = body!.pipeThrough(new TextDecoderStream(), { signal }).getReader();
    for (let part; text.length < MAX_BODY && (part = (await reader.read()).value);) text += part;
    void reader.cancel();
  } catch {
    // It takes too long, or was cut off.
  }
  return text;
}

function wrapXhr(): void {
  const { prototype } = XMLHttpRequest;
  const calls = new WeakMap<XMLHttpRequest, Call>();
  after(prototype, 'open', (self, [method, url]) => {
    if (!calls.has(self)) listenTo(self);
    const given: [string, string][] = [];
    calls.set(self, { ...begin('xmlhttprequest', url, method)!, requestHeaders: () => given });
  });
  after(prototype, 'setRequestHeader', (self, args) =>
    (calls.get(self)!.requestHeaders!() as string[][]).push(args.map(String)),
  );
  wrap(prototype, 'send', {
    apply(original, self, args) {
      quietly(() => Object.assign(calls.get(self)!, { startTime: performance.now(), requestBody: args[0] }));
      return apply(original, self, args);
    },
  });

  function listenTo(xhr: XMLHttpRequest): void {
    on(xhr, 'error abort timeout loadend', ({ type }) => {
      const call = calls.get(xhr)!;
      const { status, responseType } = xhr;
      if (type !== 'loadend') call.error = type;
      else
        finish(call, {
          status,
          responseHeaders: () =>
            [...xhr.getAllResponseHeaders().matchAll(/^(.*?): (.*)/gm)].map(([, name, value]) => [name!, value!]),
          responseBody: isWanted(call) && /^(text|json)?$/.test(responseType) ? xhr.response : undefined,
        });
    });
  }
}

function wrapBeacon(): void {
  after(Navigator.prototype, 'sendBeacon', (_, [url, requestBody], isQueued) => {
    // Nobody is told of the answer.
    finish(begin('beacon', url, 'POST'), { requestBody, ...(!isQueued && { status: 0, error: 'not queued' }) });
  });
}

/** A socket is told of twice: when it is open or has failed, and when it is closed. */
function wrapSockets(): void {
  const counts = new WeakMap<object, () => void>();
  wrap(globalThis, 'WebSocket', {
    construct(original, args, target) {
      const socket = construct(original, args, target);
      quietly(() => {
        const call = begin('websocket', args[0])!;
        let sent = 0;
        let received = 0;
        counts.set(socket, () => sent++);
        on(socket, 'open message close', ({ type, code, wasClean }) => {
          if (type === 'message') received++;
          else if (type === 'open') finish({ ...call }, { status: 101 });
          else
            finish(call, {
              sent,
              received,
              status: wasClean ? 101 : 0,
              error: wasClean ? undefined : 'closed with ' + code,
            });
        });
      });
      return socket;
    },
  });
  after(WebSocket.prototype, 'send', (self) => counts.get(self)!());
}
