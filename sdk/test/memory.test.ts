import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTracker } from '../src/core/tracker';
import { memoryStore } from '../src/core/storage';
import { nativeHost } from '../src/core/native-host';
import type { Tracker } from '../src/core/tracker';

const OPTIONS = { apiKey: 'crow_key', endpoint: 'https://gateway.example' };
const gc = (globalThis as { gc?: () => void }).gc!;
const MEGABYTE = 1_000_000;

let now = 1_700_000_000_000;

// They do much, on machines that may be busy.
vi.setConfig({ testTimeout: 60_000 });

const clock = Date.now;

// Ten a second are taken, so time has to go on. A spy would remember each call.
beforeEach(() => void (Date.now = () => (now += 100)));
afterEach(() => void (Date.now = clock));

function heap(): number {
  gc();
  return process.memoryUsage().heapUsed;
}

function tracker(answer: () => Response, flushAt = 20): Tracker {
  const host = nativeHost({
    store: memoryStore(),
    request: async () => answer(),
    context: () => ({ url: 'https://a.b/' }),
  });
  return createTracker({ ...OPTIONS, flushAt }, host);
}

test('a server that is down for long costs no more than the queue may hold', async () => {
  const at = tracker(() => new Response('', { status: 503 }));
  const before = heap();
  for (let i = 0; i < 15_000; i++) {
    at.track('step', { i, text: 'x'.repeat(500) });
    if (i % 500 === 0) await Promise.resolve();
  }
  // 2 MB of characters, in the queue and written down, and what surrounds them.
  expect(heap() - before).toBeLessThan(10 * MEGABYTE);
  await at.shutdown();
});

test('what is delivered is forgotten', async () => {
  const at = tracker(() => Response.json({}, { status: 202 }));
  const deliver = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      at.track('step', { i, text: 'x'.repeat(500) });
      if (i % 100 === 0) await at.flush();
    }
    await at.flush();
  };
  await deliver(1_000);
  const before = heap();
  await deliver(10_000);
  expect(heap() - before).toBeLessThan(MEGABYTE);
  await at.shutdown();
});

test('nothing holds on to a tracker that was shut down', async () => {
  async function begunAndShut(): Promise<WeakRef<object>> {
    const at = tracker(() => Response.json({}, { status: 202 }));
    at.on('error', () => {});
    at.track('a');
    await at.shutdown();
    return new WeakRef(at);
  }
  const shut = await Promise.all(Array.from({ length: 50 }, begunAndShut));
  await vi.waitFor(() => {
    gc();
    expect(shut.filter((ref) => ref.deref()).length).toBe(0);
  });
});
