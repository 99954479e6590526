import type { wrap as Wrap } from '../devtools/hooks';

const NAME = 'traceparent';
/** Which requests say which trace they belong to; of each recording. */
const named = new Set<(url: URL) => boolean>();
let isWrapped = false;

/**
 * Adds the header `traceparent` of W3C Trace Context to the requests of `fetch` and `XMLHttpRequest` to these hosts, and to no
 * others; not to ours, which no gateway has to expect. Gives what stops it. The wrappers stay, because somebody may have wrapped them after us.
 */
export function traceRequests(
  given: string | string[],
  wrap: typeof Wrap,
  isOwn: (url: string) => boolean,
): () => void {
  // A single text would name all hosts that are a part of it.
  const hosts = [given].flat();
  const isTraced = ({ host, href }: URL): boolean => hosts.includes(host) && !isOwn(href);
  if (!isWrapped) wrapAll(wrap);
  isWrapped = true;
  named.add(isTraced);
  return () => named.delete(isTraced);
}

function isNamed(url: unknown): boolean {
  const address = new URL(String(url), document.baseURI);
  return [...named].some((isTraced) => isTraced(address));
}

/** A trace of its own for each request. The last digits: it is to be kept. */
function parent(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  const digits = [...bytes].map((byte) => (byte + 256).toString(16).slice(1)).join('');
  return `00-${digits.slice(16)}-${digits.slice(0, 16)}-01`;
}

/** Runs something of ours; what it throws is kept from the page. */
function quietly<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

/** `wrap` of what records requests, so that it is not there twice. */
function wrapAll(wrap: typeof Wrap): void {
  const { prototype } = XMLHttpRequest;
  /** Requests that get the header, unless the page sets it. */
  const open = new WeakSet<object>();
  /** Runs something before each call, which gets other arguments if it gives some. */
  const before = (owner: any, name: string, run: (self: any, args: any[]) => unknown[] | undefined | void): void =>
    void quietly(() =>
      wrap(owner, name, {
        apply: (original, self, args) => Reflect.apply(original, self, quietly(() => run(self, args)) ?? args),
      }),
    );
  before(globalThis, 'fetch', (_, [input, init]) => traced(input, init));
  before(prototype, 'open', (self, [, url]) => {
    open.delete(self);
    if (isNamed(url)) open.add(self);
  });
  before(prototype, 'setRequestHeader', (self, [name]) => {
    if (/^traceparent$/i.test(name)) open.delete(self);
  });
  before(prototype, 'send', (self) => {
    if (open.has(self)) self.setRequestHeader(NAME, parent());
  });
}

/** The arguments of `fetch` with the header, if it is to be there and is not. */
function traced(input: any, init: any = {}): unknown[] | undefined {
  // Of another kind of object, such as a request, a copy would lack something.
  if (init.constructor !== Object || !isNamed(input.url ?? input)) return;
  const headers = new Headers(init.headers ?? input.headers);
  if (headers.has(NAME)) return;
  headers.set(NAME, parent());
  // A request that gets new headers would lose its referrer.
  return [input, { referrer: input.referrer, referrerPolicy: input.referrerPolicy, ...init, headers }];
}
