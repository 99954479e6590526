import type { Receipt } from '../types';

const TIMEOUT_MS = 30_000;
const GZIP_ABOVE = 1024;
/** The key or the address is wrong, for every batch. */
const KEY_OR_ADDRESS = [401, 403, 404];

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
    const headers: Record<string, string> = { 'Content-Type': 'application/json', Authorization: 'Bearer ' + apiKey };
    const init: RequestInit = { method: 'POST', credentials: 'omit', headers, body };
    try {
      if (isUnload) {
        // No header that asks for a preflight, which may not finish while the page goes away.
        init.headers = { 'Content-Type': 'text/plain' };
        init.body = `{"apiKey":${JSON.stringify(apiKey)},${body.slice(1)}`;
        init.keepalive = true;
      } else {
        init.signal = globalThis.AbortSignal?.timeout?.(TIMEOUT_MS);
        if (body.length >= GZIP_ABOVE && globalThis.CompressionStream) {
          headers['Content-Encoding'] = 'gzip';
          const stream = new Blob([body]).stream().pipeThrough(new CompressionStream('gzip'));
          init.body = await new Response(stream).arrayBuffer();
        }
      }
      return await outcomeOf(await request(base + path, init));
    } catch {
      return { kind: 'retry', afterMs: 0 };
    }
  };
}

async function outcomeOf(response: Response): Promise<Outcome> {
  const { status } = response;
  if (response.ok) return { kind: 'ok', answer: await response.json().catch(() => ({})) };
  if (status === 413) return { kind: 'too_large' };
  if (status >= 500 || status === 408 || status === 429) {
    return { kind: 'retry', afterMs: (Number(response.headers.get('Retry-After')) || 0) * 1000 };
  }
  const message = `${status} ${(await response.text()).slice(0, 300)}`;
  return { kind: KEY_OR_ADDRESS.includes(status) ? 'unauthorized' : 'rejected', message };
}
