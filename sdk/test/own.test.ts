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
