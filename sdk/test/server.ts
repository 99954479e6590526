// A gateway made of answers, and trackers that talk to it.
import { vi } from 'vitest';
import { gunzipSync } from 'node:zlib';
import type { Options } from '../src/types';

export const OPTIONS: Options = { apiKey: 'crow_key', endpoint: 'https://gateway.example/' };

interface Request {
  url: string;
  headers: Record<string, string>;
  body: any;
}

/** A server that answers what it is told, and remembers what it was sent. */
export function server(answer: () => Response = () => Response.json({}, { status: 202 })) {
  const requests: Request[] = [];
  const request = vi.fn(async (input: unknown, init: any): Promise<Response> => {
    const raw = typeof init.body === 'string' ? init.body : gunzipSync(Buffer.from(init.body)).toString();
    requests.push({ url: String(input), headers: init.headers, body: JSON.parse(raw) });
    return answer();
  });
  const events = (): any[] =>
    requests.filter(({ url }) => url.endsWith('/batch')).flatMap(({ body }) => body.events ?? []);
  return { request: request as unknown as typeof fetch, requests, events };
}

/** Lets everything that waits for no timer go on. */
export const settled = (): Promise<void> => new Promise((done) => setImmediate(() => setImmediate(done)));
