import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { gunzipSync } from 'node:zlib';
import { memoryStore } from '../src/core/storage';
import { nativeHost } from '../src/core/native-host';
import { createTracker } from '../src/core/tracker';
import { replay } from '../src/replay';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('replay waits two seconds to be sent, half a second while somebody watches', async () => {
  let watched = false;
  let batches = 0;
  const request = async (url: unknown): Promise<Response> => {
    if (String(url).endsWith('/batch')) batches++;
    return Response.json({ watched }, { status: 202 });
  };
  let emit: (event: unknown) => void = () => {};
  const recorder = (options: any) => {
    emit = options.emit;
    return () => {};
  };
  const tracker = createTracker(
    { apiKey: 'crow_key', endpoint: 'https://gateway.example' },
    nativeHost({ store: memoryStore(), request: request as typeof fetch, context: () => ({}) }),
  );
  tracker.use(replay({ recorder }));
  await vi.advanceTimersByTimeAsync(10);
  /** Milliseconds, in steps of 100, until what is recorded now is sent. */
  const delay = async (): Promise<number> => {
    const before = batches;
    emit({ type: 3, timestamp: Date.now(), data: {} });
    for (let waited = 0; waited < 5_000; waited += 100) {
      if (batches > before) return waited;
      await vi.advanceTimersByTimeAsync(100);
    }
    return Infinity;
  };
  expect(await delay()).toBe(2_000);
  watched = true;
  expect(await delay()).toBe(2_000);
  expect(await delay()).toBe(500);
  watched = false;
  expect(await delay()).toBe(500);
  expect(await delay()).toBe(2_000);
  await tracker.shutdown();
});

test('a session that the organization does not record stops being recorded, and so does the next', async () => {
  let sampleRate = 1;
  let asked = 0;
  const sent: string[] = [];
  const request = async (url: unknown, init: any): Promise<Response> => {
    if (String(url).endsWith('/session/start')) {
      asked++;
      return Response.json({ replay: { enabled: true, sampleRate } }, { status: 201 });
    }
    const { sessionId, replay } = JSON.parse(textOf(init.body));
    if (replay) sent.push(sessionId);
    return Response.json({ sessionId, notRecorded: !!replay && !sampleRate }, { status: 202 });
  };
  let emit: ((event: unknown) => void) | undefined;
  const recorder = (options: any) => {
    emit = options.emit;
    return () => (emit = undefined);
  };
  const tracker = createTracker(
    { apiKey: 'crow_key', endpoint: 'https://gateway.example' },
    nativeHost({ store: memoryStore(), request: request as typeof fetch, context: () => ({}) }),
  );
  tracker.use(replay({ recorder }));
  const recordSomething = async (): Promise<void> => {
    emit!({ type: 3, timestamp: Date.now(), data: {} });
    await vi.advanceTimersByTimeAsync(3_000);
  };
  await vi.advanceTimersByTimeAsync(10);
  await recordSomething();
  expect([asked, sent.length, !!emit]).toEqual([1, 1, true]);
  sampleRate = 0;
  await recordSomething();
  expect([asked, sent.length, !!emit]).toEqual([2, 2, false]);
  tracker.end();
  await vi.advanceTimersByTimeAsync(3_000);
  expect([asked, sent.length, !!emit]).toEqual([2, 2, false]);
  await tracker.shutdown();
});

function textOf(body: any): string {
  return typeof body === 'string' ? body : gunzipSync(Buffer.from(body)).toString();
}
