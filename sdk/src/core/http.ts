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
  /** Status and answer; none when there was no answer. */
  message?: string;
}

/** Sends a body, a JSON object, to a route. Never rejects. */
export type Post = (path: string, body: string, isUnload?: boolean) => Promise<Outcome>;

/** Makes the function that sends to one gateway with one key. `beacon` sends from a page that goes, where `fetch` cannot. */
export function createPost(
  base: string,
  apiKey: string,
  request: typeof fetch,
  beacon?: (url: string, text: string) => void,
): Post {
  let mayCompress = true;

  return async (path, body, isUnload) => {
    const attempt = async (more: RequestInit): Promise<Outcome> => {
      try {
        return await outcomeOf(await request(base + path, { method: 'POST', credentials: 'omit', ...more }));
      } catch {
        return { kind: 'retry' };
      }
    };
    const normal = (content: BodyInit, encoding?: object): Promise<Outcome> => {
      const headers = { 'Content-Type': 'application/json', Authorization: 'Bearer ' + apiKey, ...encoding };
      return attempt({ body: content, headers, signal: globalThis.AbortSignal?.timeout?.(TIMEOUT_MS) });
    };
    if (isUnload) {
      // No header that asks for a preflight, which may not finish while the page goes away; text is what it is by default.
      const text = `{"apiKey":${JSON.stringify(apiKey)},${body.slice(1)}`;
      if (!beacon) return attempt({ body: text, keepalive: true });
      beacon(base + path, text);
      // Whether it arrives is not told.
      return { kind: 'retry' };
    }
    const compressed = mayCompress && body.length >= GZIP_ABOVE && (await compress(body));
    if (compressed) {
      const outcome = await normal(compressed, { 'Content-Encoding': 'gzip' });
      // No answer, or a body that could not be read: what the page has in the place of `fetch` may have spoilt it.
      if (!/^(400|415|undef)/.test(outcome.message + '')) return outcome;
    }
    const outcome = await normal(body);
    if (compressed && outcome.kind === 'ok') mayCompress = false;
    return outcome;
  };
}

/** Undefined when it cannot be compressed, or what came out is not the whole of it. */
async function compress(body: string): Promise<ArrayBuffer | undefined> {
  try {
    const blob = new Blob([body]);
    const stream = blob.stream().pipeThrough(new CompressionStream('gzip'));
    const bytes = await new Response(stream).arrayBuffer();
    // It ends with the size of what went in.
    if (new DataView(bytes).getUint32(bytes.byteLength - 4, true) === blob.size) return bytes;
  } catch {
    // Then it goes as it is.
  }
  return;
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
