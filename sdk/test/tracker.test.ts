import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CROWTracker as WebTracker } from '../src/index';
import { memoryStore } from '../src/core/storage';
import { nativeHost } from '../src/core/native-host';
import { createTracker } from '../src/core/tracker';
import { OPTIONS, server, settled } from './server';
import type { CrowError, Options } from '../src/types';

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
  test('names the release of the app in each event', async () => {
    const { tracker, requests } = rig({ release: '1.2.0' });
    tracker.track('bought');
    tracker.captureException(new Error('no'));
    await tracker.flush();
    const all = requests.flatMap(({ body }) => body.events);
    expect(all.map(({ data }: any) => data.release)).toEqual(['1.2.0', '1.2.0']);
  });

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

  test('consent that is withdrawn is said once, without content, and before that nothing is said', async () => {
    const { tracker, requests } = rig({ consentVersion: '2026-11' });
    tracker.identify('ada');
    tracker.track('secret');
    await tracker.flush();
    const sessionId = tracker.getSessionId();
    requests.length = 0;
    tracker.track('unsent');
    tracker.consent('denied');
    tracker.consent('denied');
    tracker.track('later');
    await tracker.flush();
    await settled();
    expect(requests.map(({ url }) => url)).toEqual(['https://gateway.example/batch']);
    const { body } = requests[0]!;
    expect(body).toMatchObject({ sessionId, context: { consent: { state: 'denied', version: '2026-11' } } });
    expect(Object.keys(body.context)).toEqual(['consent']);
    expect(body.events).toEqual([
      { id: expect.any(String), type: 'custom', name: 'consent', timestamp: expect.any(Number) },
    ]);

    const undecided = rig({ consent: 'pending' });
    undecided.tracker.consent('denied');
    await settled();
    expect(undecided.requests).toEqual([]);
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
