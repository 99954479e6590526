// Which requests are our own, whatever way the address of the gateway is written.
import { expect, test, vi } from 'vitest';
import { memoryStore } from '../src/core/storage';
import { nativeHost } from '../src/core/native-host';
import { createTracker } from '../src/core/tracker';
import { replay } from '../src/replay';

const watchPage = vi.hoisted(() => vi.fn((..._: any[]) => ({ flush: () => {}, stop: () => {} })));
vi.mock('../src/devtools/watch', () => ({ watchPage }));

test.each([
  ['https://GW.example:443/', undefined, 'https://gw.example'],
  ['http://gw.example:80', '/crow', 'http://gw.example/crow'],
  ['https://gw.example/a/../b//', '', 'https://gw.example/b'],
])('%s', async (endpoint, pathPrefix, gateway) => {
  const request = async (): Promise<Response> => Response.json({}, { status: 202 });
  const tracker = createTracker(
    { apiKey: 'crow_key', endpoint, ...(pathPrefix !== undefined && { pathPrefix }) },
    nativeHost({ store: memoryStore(), request, context: () => ({}) }),
  );
  watchPage.mockClear();
  tracker.use(replay({ recorder: () => () => {} }));
  await vi.waitFor(() => expect(watchPage).toHaveBeenCalled());
  const { isOwn } = watchPage.mock.calls[0]![1];
  for (const path of ['/batch', '/asset', '/session/start', '/sdk/crow.js']) expect(isOwn(gateway + path)).toBe(true);
  expect(isOwn(gateway + '/orders')).toBe(false);
  expect(isOwn('https://other.example/batch')).toBe(false);
  await tracker.shutdown();
});

test('what the server allows of console and requests is known as soon as it has answered', async () => {
  const limits = { console: 0, headers: false, bodies: true };
  let answer = (): void => {};
  const isAnswered = new Promise<void>((done) => (answer = done));
  const request = async (url: unknown): Promise<Response> => {
    if (!String(url).endsWith('/session/start')) return Response.json({}, { status: 202 });
    await isAnswered;
    return Response.json({ replay: { enabled: true, sampleRate: 1, limits } }, { status: 201 });
  };
  const tracker = createTracker(
    { apiKey: 'crow_key', endpoint: 'https://gw.example' },
    nativeHost({ store: memoryStore(), request: request as typeof fetch, context: () => ({}) }),
  );
  watchPage.mockClear();
  tracker.use(replay({ recorder: () => () => {} }));
  await vi.waitFor(() => expect(watchPage).toHaveBeenCalled());
  const given = watchPage.mock.calls[0]![1];
  expect(given.limits()).toBe(undefined);
  answer();
  await vi.waitFor(() => expect(given.limits()).toEqual(limits));
  await tracker.shutdown();
});
