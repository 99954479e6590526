import { readJson } from './storage';
import type { Receipt } from '../types';

const TIMEOUT_MS = 30_000;
const GZIP_ABOVE = 1024;

/** What became of one request. */
export interface Outcome {
  /** `retry`: come again, not before `afterMs`. `unauthorized`: the key or the address is wrong, for every batch. */
  kind: 'ok' | 'retry' | 'too_large' | 'rejected' | 'unauthorized';
  afterMs?: number;
  answer?: Receipt;
  message?: string;
}

/** Sends a body, a JSON object, to a route. Never rejects. */
export type Post = (path: string, body: string, isUnload?: boolean) => Promise<Outcome>;

/** Makes the function that sends to one gateway with one key. */
export function createPost(base: string, apiKey: string, request: typeof fetch): Post {
  return async (path, body, isUnload) => {
    const headers: Record<string, string> = {};
    const init: RequestInit = { method: 'POST', credentials: 'omit', headers, body, keepalive: isUnload };
    try {
      if (isUnload) {
        // No header that asks for a preflight, which may not finish while the page goes away; text is what it is by default.
        init.body = `{"apiKey":${JSON.stringify(apiKey)},${body.slice(1)}`;
      } else {
        headers['Content-Type'] = 'application/json';
        headers.Authorization = 'Bearer ' + apiKey;
        init.signal = AbortSignal.timeout?.(TIMEOUT_MS);
        if (body.length >= GZIP_ABOVE && globalThis.CompressionStream) {
          headers['Content-Encoding'] = 'gzip';
          const stream = new Blob([body]).stream().pipeThrough(new CompressionStream('gzip'));
          init.body = await new Response(stream).arrayBuffer();
        }
      }
      return await outcomeOf(await request(base + path, init));
    } catch {
      return { kind: 'retry' };
    }
  };
}

async function outcomeOf(response: Response): Promise<Outcome> {
  const { status, headers } = response;
  const text = await response.text();
  return {
    kind: response.ok ? 'ok' : kindOf(String(status)),
    afterMs: Number(headers.get('Retry-After')) * 1000 || 0,
    answer: readJson(text),
    message: `${status} ${text.slice(0, 300)}`,
  };
}

function kindOf(status: string): Outcome['kind'] {
  if (/5..|408|429/.test(status)) return 'retry';
  if (/40[134]/.test(status)) return 'unauthorized';
  return status === '413' ? 'too_large' : 'rejected';
}
