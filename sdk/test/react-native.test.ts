import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CROWTracker as NativeTracker, type NavigationLike } from '../src/react-native';
import { OPTIONS, server, settled } from './server';

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}));
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('React Native, with fakes of its parts', () => {
  function app(kept = new Map<string, string>(), answer?: () => Response) {
    const at = server(answer);
    vi.stubGlobal('fetch', at.request);
    let onState = (_: string): void => {};
    let onNet = (_: { isConnected: boolean }): void => {};
    let handler = vi.fn();
    const theirs = handler;
    const native = {
      appState: { addEventListener: (_: 'change', run: typeof onState) => ((onState = run), { remove: vi.fn() }) },
      netInfo: { addEventListener: (run: any) => ((onNet = run), () => {}) },
      storage: {
        getAllKeys: async () => [...kept.keys()],
        getItem: async (key: string) => kept.get(key) ?? null,
        setItem: async (key: string, value: string) => void kept.set(key, value),
        removeItem: async (key: string) => void kept.delete(key),
      },
      errorUtils: { getGlobalHandler: () => handler, setGlobalHandler: (next: any) => (handler = next) },
      dimensions: { width: 390, height: 844 },
    };
    const tracker = new NativeTracker({ ...OPTIONS, native });
    return {
      ...at,
      tracker,
      kept,
      theirs,
      state: (s: string) => onState(s),
      net: (isConnected: boolean) => onNet({ isConnected }),
      crash: (e: unknown) => handler(e, true),
    };
  }

  test('a tap is captured with its place and screen, a swipe is not', async () => {
    const { tracker, events } = app();
    await settled();
    const at = (pageX: number, pageY: number) => ({ nativeEvent: { pageX, pageY } });
    tracker.screen('Cart');
    tracker.touchHandlers.onTouchStart(at(10.4, 20));
    tracker.touchHandlers.onTouchEnd(at(12, 21.6));
    tracker.touchHandlers.onTouchStart(at(10, 20));
    tracker.touchHandlers.onTouchEnd(at(10, 300));
    await tracker.flush();
    const taps = events().filter(({ type }) => type === 'click');
    expect(taps.map(({ data }) => data)).toEqual([
      { element: 'touch', screen: 'Cart', x: 12, y: 22, viewportX: 12, viewportY: 22 },
    ]);
  });

  test('a storage that is full is told of, and loses no event', async () => {
    const { tracker, events } = app(
      Object.assign(new Map<string, string>(), {
        set: () => {
          throw new Error('full');
        },
      }),
    );
    const told: unknown[] = [];
    tracker.on('error', ({ code, cause }) => told.push(code, (cause as Error).message));
    await settled();
    tracker.register({ a: 1 });
    tracker.track('kept');
    await tracker.flush();
    expect(told.slice(0, 2)).toEqual(['internal', 'full']);
    expect(events().map(({ name }) => name)).toContain('kept');
  });

  test('a storage that cannot be read is told of, once', async () => {
    const { tracker, events } = app(
      Object.assign(new Map<string, string>(), {
        keys: () => {
          throw new Error('corrupt');
        },
      }),
    );
    const told: unknown[] = [];
    tracker.on('error', ({ code, cause }) => told.push(code, (cause as Error).message));
    tracker.track('kept');
    await settled();
    await tracker.flush();
    expect(told).toEqual(['internal', 'corrupt']);
    expect(events().map(({ name }) => name)).toContain('kept');
  });

  test('calls before the storage is read wait for it, and join the stored session', async () => {
    const now = Date.now();
    const kept = new Map([
      ['crow_session', JSON.stringify({ id: 'kept-session', startedAt: now - 1000, activeAt: now - 500 })],
      ['foreign', '1'],
    ]);
    const { tracker, requests } = app(kept);
    tracker.track('early');
    await settled();
    await tracker.flush();
    expect(requests[0]!.body).toMatchObject({
      sessionId: 'kept-session',
      sdk: { platform: 'react-native' },
      context: { viewport: [390, 844] },
    });
    expect(requests[0]!.body.events[0].name).toBe('early');
  });

  test('screens come from the navigation, each once', async () => {
    const { tracker, events } = app();
    let route = 'Home';
    let changed = (): void => {};
    const navigation: NavigationLike = {
      getCurrentRoute: () => ({ name: route }),
      addListener: (_, run) => ((changed = run), () => {}),
    };
    tracker.trackNavigation(navigation);
    changed();
    route = 'Product';
    changed();
    await settled();
    await tracker.flush();
    expect(events().map(({ type, url, data }) => [type, url, data.title, data.previous])).toEqual([
      ['pageview', 'app://Home', 'Home', undefined],
      ['pageview', 'app://Product', 'Product', 'Home'],
    ]);
  });

  test('going to the background sends what waits; what fails is kept and sent by the next start', async () => {
    const kept = new Map<string, string>();
    const first = app(kept, () => {
      throw new Error('offline');
    });
    await settled();
    first.tracker.track('in the tunnel');
    first.state('background');
    await settled();
    expect(first.requests.length).toBe(1);
    expect([...kept.keys()].some((key) => key.startsWith('crow_queue_'))).toBe(true);
    await first.tracker.shutdown();
    await settled();
    const second = app(kept);
    await settled();
    await second.tracker.flush();
    expect(second.events().map(({ name }) => name)).toContain('in the tunnel');
    const ids = [...first.requests, ...second.requests]
      .filter(({ body }) => JSON.stringify(body).includes('in the tunnel'))
      .map(({ body }) => body.batchId);
    expect(new Set(ids).size).toBe(1);
  });

  test('the network coming back sends at once', async () => {
    let isUp = false;
    const { tracker, net, requests } = app(new Map(), () => {
      if (!isUp) throw new Error('offline');
      return Response.json({}, { status: 202 });
    });
    await settled();
    tracker.track('a');
    await tracker.flush();
    net(false);
    isUp = true;
    net(true);
    await settled();
    expect(requests.length).toBe(2);
  });

  test('uncaught errors are captured and handed on', async () => {
    const { tracker, crash, theirs, events } = app();
    await settled();
    crash(new TypeError('undefined is not a function'));
    await tracker.flush();
    expect(events()[0]).toMatchObject({ type: 'error', data: { name: 'TypeError', isFatal: true } });
    expect(theirs).toHaveBeenCalledTimes(1);
  });

  test('errors have no secrets, and one that cannot be read is handed on as well', async () => {
    const { tracker, crash, theirs, events } = app();
    await settled();
    crash(new Error('GET https://a.b/?token=abc 401, card 4111 1111 1111 1111'));
    crash(Object.create(null));
    crash(Object.defineProperty({}, 'message', { get: () => expect.fail('read') }));
    await tracker.flush();
    expect(events()[0].data.message).toBe('GET https://a.b/?token=* 401, card *');
    expect(JSON.stringify(events())).not.toMatch(/abc|4111/);
    expect(theirs).toHaveBeenCalledTimes(3);
  });
});
