import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { gunzipSync } from 'node:zlib';
import { CROWTracker as WebTracker } from '../src/index';
import { CROWTracker as NativeTracker, type NavigationLike } from '../src/react-native';
import { CROWTracker as ElectronTracker, type ElectronParts } from '../src/electron';
import { memoryStore } from '../src/core/storage';
import { nativeHost } from '../src/core/native-host';
import { createTracker } from '../src/core/tracker';
import type { CrowError, Options } from '../src/types';

const OPTIONS: Options = { apiKey: 'crow_key', endpoint: 'https://gateway.example/' };

interface Request {
  url: string;
  headers: Record<string, string>;
  body: any;
}

/** A server that answers what it is told, and remembers what it was sent. */
function server(answer: () => Response = () => Response.json({}, { status: 202 })) {
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

function rig(options: Partial<Options> = {}, answer?: () => Response) {
  const at = server(answer);
  const store = memoryStore();
  const errors: CrowError[] = [];
  const tracker = createTracker(
    { ...OPTIONS, ...options },
    nativeHost({ store, request: at.request, context: () => ({ url: 'https://a.b/?token=x' }) }),
  );
  tracker.on('error', (error) => errors.push(error));
  return { ...at, store, tracker, errors };
}

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}));
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('tracker', () => {
  test('sends events with who, where and when', async () => {
    const { tracker, requests } = rig();
    tracker.identify('ada', { plan: 'pro' });
    tracker.group('company', 'acme');
    tracker.register({ experiment: 'b' });
    tracker.track('bought', { amount: 1 });
    tracker.unregister('experiment');
    tracker.track('left');
    await tracker.flush();
    const bodies = requests.map(({ body }) => body);
    expect(requests[0]!.url).toBe('https://gateway.example/batch');
    expect(requests[0]!.headers.Authorization).toBe('Bearer crow_key');
    expect(bodies.map(({ seq }) => seq)).toEqual(bodies.map((_, i) => i));
    const { context } = bodies.at(-1);
    expect(context).toMatchObject({
      userId: 'ada',
      traits: { plan: 'pro', groups: { company: 'acme' } },
      url: 'https://a.b/?token=*',
    });
    const all = bodies.flatMap(({ events }) => events);
    expect(all.map(({ type, name }: any) => name ?? type)).toEqual(['identify', 'group', 'bought', 'left']);
    expect(all[2]).toMatchObject({
      type: 'custom',
      url: 'https://a.b/?token=*',
      data: { experiment: 'b', groups: { company: 'acme' }, amount: 1 },
    });
    expect(all[3].data).toEqual({ groups: { company: 'acme' } });
  });

  test('another person begins another session, and what was done before stays with the first', async () => {
    const { tracker, requests } = rig();
    tracker.identify('ada');
    tracker.track('as ada');
    const first = tracker.getSessionId();
    tracker.identify('bob');
    tracker.track('as bob');
    await tracker.flush();
    const who = Object.fromEntries(
      requests.flatMap(({ body }) =>
        body.events.map((event: any) => [event.name, [body.context.userId, body.sessionId]]),
      ),
    );
    expect(who['as ada']).toEqual(['ada', first]);
    expect(who['as bob']![0]).toBe('bob');
    expect(who['as bob']![1]).not.toBe(first);
  });

  test('who was forgotten is not remembered by the next page', async () => {
    const { tracker, store } = rig();
    tracker.identify('ada');
    expect(store.get('crow_identity')).toContain('ada');
    tracker.reset();
    const next = server();
    const later = createTracker(OPTIONS, nativeHost({ store, request: next.request }));
    later.track('opened');
    await later.flush();
    expect(next.requests[0]!.body.context.userId).toBeUndefined();
  });

  test('a listener hears of the new session', () => {
    const { tracker } = rig();
    const heard: string[] = [];
    const off = tracker.on('session', ({ id }) => heard.push(id));
    tracker.reset();
    expect(heard).toEqual([tracker.getSessionId()]);
    off();
    tracker.reset();
    expect(heard.length).toBe(1);
  });

  test('beforeSend changes and drops; what it drops is counted', async () => {
    const { tracker, events } = rig({
      beforeSend: (event) => (event.name === 'no' ? null : { ...event, data: { seen: true } }),
    });
    tracker.track('no');
    tracker.track('yes', { a: 1 });
    await tracker.flush();
    expect(events().map(({ name, data }) => [name, data])).toEqual([
      ['yes', { seen: true }],
      [undefined, { dropped: { before_send: 1 } }],
    ]);
  });

  test('wrong calls and options are told, and throw nothing', () => {
    const { tracker, errors } = rig();
    const any = tracker as any;
    any.track();
    any.track({});
    any.identify();
    any.identify(null);
    any.group('x');
    any.product({});
    any.product(null);
    any.consent('yes');
    expect(errors.map(({ code }) => code)).toEqual(Array(8).fill('invalid_call'));
    expect(errors[0]!.message).toBe('track: wrong arguments');
    for (const options of [{}, { apiKey: 'k' }, { apiKey: 'k', endpoint: 'ftp://x' }, { ...OPTIONS, sampleRate: 2 }]) {
      expect(() => createTracker(options as Options, nativeHost()).track('a')).not.toThrow();
    }
    expect(console.warn).toHaveBeenCalledWith('[crow]', 'apiKey: wrong option', '');
  });

  test('a callback of the page that throws does not reach the page', () => {
    const { tracker, errors } = rig({
      beforeSend: () => {
        throw new Error('theirs');
      },
    });
    tracker.on('session', () => {
      throw new Error('theirs, too');
    });
    expect(() => (tracker.track('a'), tracker.reset())).not.toThrow();
    expect(errors[0]!.code).toBe('internal');
  });

  test('a page that starts undecided does not touch what an earlier page kept with consent', async () => {
    const { tracker, store } = rig({}, () => new Response('', { status: 503 }));
    tracker.track('a');
    const session = tracker.getSessionId();
    await tracker.shutdown();
    const kept = store.keys();
    const later = server();
    const next = createTracker(
      { ...OPTIONS, consent: 'pending' },
      nativeHost({ store, request: later.request, context: () => ({}) }),
    );
    next.track('b');
    expect(store.keys()).toEqual(kept);
    next.consent('granted');
    expect(next.getSessionId()).toBe(session);
    await vi.waitFor(() => expect(later.events().map(({ name }) => name)).toContain('a'));
    next.consent('pending');
    expect(store.keys()).toEqual([]);
  });

  test('a decision travels with what was captured under it, and silence is none', async () => {
    const silent = rig();
    silent.tracker.track('a');
    await silent.tracker.flush();
    expect(silent.tracker.consent()).toBe('granted');
    expect(silent.requests[0]!.body.context).not.toHaveProperty('consent');

    const asked = rig({ consent: 'pending', consentVersion: '2026-11' });
    asked.tracker.track('a');
    asked.tracker.consent('granted');
    await asked.tracker.flush();
    expect(asked.requests[0]!.body.context.consent).toEqual({ state: 'granted', version: '2026-11' });
    expect(asked.requests.map(({ body }) => body.context.consent.state)).not.toContain('pending');
  });

  test('end: delivers, ends the session on the server, and what follows is another session', async () => {
    const { tracker, requests } = rig();
    const first = tracker.getSessionId();
    tracker.track('a');
    await tracker.end();
    tracker.track('b');
    await tracker.flush();
    expect(requests.map(({ url, body }) => [new URL(url).pathname, body.sessionId === first])).toEqual([
      ['/batch', true],
      ['/session/end', true],
      ['/batch', false],
    ]);
    tracker.optOut();
    await tracker.end();
    expect(requests.length).toBe(3);
  });

  test('a receipt that says that the session is over begins another, once', async () => {
    let told = 2;
    const bodies: any[] = [];
    const request = async (_: unknown, init: any): Promise<Response> => {
      const body = JSON.parse(
        typeof init.body === 'string' ? init.body : gunzipSync(Buffer.from(init.body)).toString(),
      );
      bodies.push(body);
      // Said of the first session twice, as to a batch that was on its way.
      return Response.json(
        { sessionId: bodies[0].sessionId, ...(told-- > 0 && { sessionEnded: true }) },
        { status: 202 },
      );
    };
    const tracker = createTracker(
      OPTIONS,
      nativeHost({ store: memoryStore(), request: request as typeof fetch, context: () => ({}) }),
    );
    const heard: string[] = [];
    tracker.on('session', ({ id }) => heard.push(id));
    const first = tracker.getSessionId();
    for (const name of ['a', 'b', 'c']) {
      tracker.track(name);
      await tracker.flush();
    }
    expect(bodies.map(({ sessionId }) => sessionId)).toEqual([first, heard.at(-1), heard.at(-1)]);
    expect(heard.length).toBe(1);
    expect(heard[0]).not.toBe(first);
  });

  test('not sampled: silent; sampled alike in every page of a session', async () => {
    const { tracker, requests } = rig({ sampleRate: 0 });
    tracker.track('a');
    await tracker.flush();
    expect(requests).toEqual([]);
  });

  test('shutdown keeps what could not be sent, and later calls do nothing', async () => {
    const { tracker, store, requests } = rig({}, () => new Response('', { status: 503 }));
    tracker.track('a');
    await tracker.shutdown();
    tracker.track('b');
    const kept = store.keys().filter((key) => key.startsWith('crow_queue_'));
    expect(kept.length).toBe(1);
    expect(store.get(kept[0]!)).toContain('\\"a\\"');
    const sent = requests.length;
    await tracker.flush();
    expect(requests.length).toBe(sent);
  });

  test('a plugin may add events, and is undone', async () => {
    const { tracker, events } = rig();
    const undone = vi.fn();
    tracker.use({ name: 'p', setup: (core) => (core.capture('from_plugin', { a: 1 }), undone) });
    await tracker.flush();
    expect(events()[0]).toMatchObject({ type: 'from_plugin', data: { a: 1 } });
    tracker.optOut();
    expect(undone).toHaveBeenCalledTimes(1);
  });
});

describe('on a server', () => {
  test('importing and constructing does nothing, and calls are harmless', async () => {
    const request = vi.fn();
    vi.stubGlobal('fetch', request);
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const tracker = new WebTracker<{ bought: { amount: number } }>(OPTIONS);
    tracker.track('bought', { amount: 1 });
    tracker.identify('ada');
    tracker.page();
    await tracker.flush();
    expect(tracker.getSessionId()).toBeUndefined();
    expect(request).not.toHaveBeenCalled();
    expect(timers).not.toHaveBeenCalled();
  });

  test.each(['react-native', 'electron'] as const)(
    'platform %s works from the main entry, in memory',
    async (platform) => {
      const at = server();
      vi.stubGlobal('fetch', at.request);
      const tracker = new WebTracker({ ...OPTIONS, platform });
      tracker.track('a');
      await tracker.flush();
      expect(at.requests[0]!.body.sdk.platform).toBe(platform);
    },
  );
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
    const settled = (): Promise<void> => new Promise((done) => setImmediate(() => setImmediate(done)));
    return {
      ...at,
      tracker,
      kept,
      settled,
      theirs,
      state: (s: string) => onState(s),
      net: (isConnected: boolean) => onNet({ isConnected }),
      crash: (e: unknown) => handler(e, true),
    };
  }

  test('a tap is captured with its place and screen, a swipe is not', async () => {
    const { tracker, events, settled } = app();
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

  test('calls before the storage is read wait for it, and join the stored session', async () => {
    const now = Date.now();
    const kept = new Map([
      ['crow_session', JSON.stringify({ id: 'kept-session', startedAt: now - 1000, activeAt: now - 500 })],
      ['foreign', '1'],
    ]);
    const { tracker, requests, settled } = app(kept);
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
    const { tracker, events, settled } = app();
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
    await first.settled();
    first.tracker.track('in the tunnel');
    first.state('background');
    await first.settled();
    expect(first.requests.length).toBe(1);
    expect([...kept.keys()].some((key) => key.startsWith('crow_queue_'))).toBe(true);
    await first.tracker.shutdown();
    await first.settled();
    const second = app(kept);
    await second.settled();
    await second.tracker.flush();
    expect(second.events().map(({ name }) => name)).toContain('in the tunnel');
    const ids = [...first.requests, ...second.requests]
      .filter(({ body }) => JSON.stringify(body).includes('in the tunnel'))
      .map(({ body }) => body.batchId);
    expect(new Set(ids).size).toBe(1);
  });

  test('the network coming back sends at once', async () => {
    let isUp = false;
    const { tracker, settled, net, requests } = app(new Map(), () => {
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
    const { tracker, settled, crash, theirs, events } = app();
    await settled();
    crash(new TypeError('undefined is not a function'));
    await tracker.flush();
    expect(events()[0]).toMatchObject({ type: 'error', data: { name: 'TypeError', isFatal: true } });
    expect(theirs).toHaveBeenCalledTimes(1);
  });
});

describe('Electron, with fakes of its parts', () => {
  function app(files = new Map<string, string>(), answer?: () => Response) {
    const at = server(answer);
    const listeners = new Map<string, (event?: any) => void>();
    const on = (name: string, run: any): void => void listeners.set(name, run);
    const removeListener = (name: string): void => void listeners.delete(name);
    const electron: ElectronParts = {
      app: { on, removeListener, quit: vi.fn(), getLocale: () => 'de' },
      net: { fetch: at.request as never },
      powerMonitor: { on, removeListener },
      fs: {
        readFileSync: (path) =>
          files.get(path) ??
          (() => {
            throw new Error('ENOENT');
          })(),
        writeFileSync: (path, text) => void files.set(path, text),
        renameSync: (from, to) => (files.set(to, files.get(from)!), void files.delete(from)),
      },
      file: '/data/crow.json',
      process: { on, removeListener },
    };
    return {
      ...at,
      tracker: new ElectronTracker({ ...OPTIONS, electron }),
      electron,
      files,
      fire: (name: string, event?: any) => listeners.get(name)?.(event),
      listeners,
    };
  }
  const settled = (): Promise<void> => new Promise((done) => setImmediate(() => setImmediate(done)));

  test('a quit waits for what is being sent, once', async () => {
    const { tracker, fire, electron, events } = app();
    tracker.track('last words');
    const event = { preventDefault: vi.fn() };
    fire('before-quit', event);
    expect(event.preventDefault).toHaveBeenCalledTimes(1);
    expect(electron.app.quit).not.toHaveBeenCalled();
    await settled();
    expect(events()[0].name).toBe('last words');
    expect(electron.app.quit).toHaveBeenCalledTimes(1);
    fire('before-quit', event);
    expect(event.preventDefault).toHaveBeenCalledTimes(1);
  });

  test('session, person and queue survive a restart in one file', async () => {
    const files = new Map<string, string>();
    const first = app(files, () => new Response('', { status: 503 }));
    first.tracker.identify('ada');
    first.tracker.track('offline');
    const session = first.tracker.getSessionId();
    await first.tracker.shutdown();
    expect([...files.keys()]).toEqual(['/data/crow.json']);
    const second = app(files);
    await second.tracker.flush();
    expect(second.tracker.getSessionId()).toBe(session);
    expect(second.events().map(({ name }) => name)).toContain('offline');
    second.tracker.track('again');
    await second.tracker.flush();
    expect(second.requests.at(-1)!.body.context).toMatchObject({ userId: 'ada', locale: 'de' });
  });

  test('sends before the machine sleeps, and captures errors without changing their course', async () => {
    const { tracker, fire, events } = app();
    tracker.track('a');
    fire('suspend');
    await settled();
    expect(events().map(({ name }) => name)).toEqual(['a']);
    fire('uncaughtExceptionMonitor', new RangeError('boom'));
    await settled();
    expect(events()[1]).toMatchObject({ type: 'error', data: { name: 'RangeError', message: 'boom' } });
  });

  test('a broken file is a first start', () => {
    const { tracker } = app(new Map([['/data/crow.json', '{broken']]));
    expect(tracker.getSessionId()).toBeTruthy();
  });
});
