import type { Receipt } from '../types';

const TIMEOUT_MS = 30_000;
const GZIP_ABOVE = 1024;

/** What became of one request. */
export type Outcome =
  | { kind: 'ok'; answer: Receipt }
  /** Come again; not before `afterMs`. */
  | { kind: 'retry'; afterMs: number }
  | { kind: 'too_large'; message?: string }
  | { kind: 'rejected'; message: string }
  | { kind: 'unauthorized'; message: string };

/** Sends a body, a JSON object, to a route. Never rejects. */
export type Post = (path: string, body: string, isUnload?: boolean) => Promise<Outcome>;

/** Makes the function that sends to one gateway with one key. */
export function createPost(base: string, apiKey: string, request: typeof fetch): Post {
  return async (path, body, isUnload) => {
    try {
      const init = isUnload ? unloadRequest(body, apiKey) : await liveRequest(body, apiKey);
      return await outcomeOf(await request(base + path, { method: 'POST', credentials: 'omit', ...init }));
    } catch {
      return { kind: 'retry', afterMs: 0 };
    }
  };
}

/** No header that asks for a preflight, which may not finish while the page goes away. */
function unloadRequest(body: string, apiKey: string): RequestInit {
  return {
    body: `{"apiKey":${JSON.stringify(apiKey)},${body.slice(1)}`,
    headers: { 'Content-Type': 'text/plain' },
    keepalive: true,
  };
}

async function liveRequest(body: string, apiKey: string): Promise<RequestInit> {
  const headers: Record<string, string> = {
    'Content-Type': 'application/json',
    Authorization: `Bearer ${apiKey}`,
  };
  const signal = globalThis.AbortSignal?.timeout?.(TIMEOUT_MS);
  if (body.length < GZIP_ABOVE || !globalThis.CompressionStream) return { body, headers, signal };
  headers['Content-Encoding'] = 'gzip';
  const stream = new Blob([body]).stream().pipeThrough(new CompressionStream('gzip'));
  return { body: await new Response(stream).arrayBuffer(), headers, signal };
}

async function outcomeOf(response: Response): Promise<Outcome> {
  const { status } = response;
  if (response.ok) return { kind: 'ok', answer: await response.json().catch(() => ({})) };
  if (status === 413) return { kind: 'too_large' };
  if (status === 408 || status === 429 || status >= 500) {
    return { kind: 'retry', afterMs: (Number(response.headers.get('Retry-After')) || 0) * 1000 };
  }
  const message = `${status} ${(await response.text()).slice(0, 300)}`;
  const isKeyOrAddress = status === 401 || status === 403 || status === 404;
  return { kind: isKeyOrAddress ? 'unauthorized' : 'rejected', message };
}
