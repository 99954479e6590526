// What pages do to the language, to their elements and to our calls.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { gunzipSync } from 'node:zlib';
import { createPost } from '../src/core/http';
import { toJson } from '../src/core/json';
import { call, outside, read } from '../src/core/natives';
import { nativeHost } from '../src/core/native-host';
import { contextOf, identityOf, word } from '../src/core/shape';
import { memoryStore, webStore } from '../src/core/storage';
import { createTracker } from '../src/core/tracker';
import { describe as describeElement } from '../src/web/element';
import type { Core, Host } from '../src/core/host';
import type { CrowError, Options } from '../src/types';

const OPTIONS: Options = { apiKey: 'crow_key', endpoint: 'https://gateway.example' };

interface Body {
  [field: string]: any;
}

/** A tracker whose server answers `answer`, and all that it was sent. */
function rig(parts: Partial<Host> = {}, options: Partial<Options> = {}, answer: (body: Body) => object = () => ({})) {
  const bodies: Body[] = [];
  const errors: CrowError[] = [];
  let core: Core;
  const request = async (_: unknown, init: any): Promise<Response> => {
    const body = JSON.parse(typeof init.body === 'string' ? init.body : gunzipSync(Buffer.from(init.body)).toString());
    bodies.push(body);
    return Response.json(answer(body), { status: 202 });
  };
  const host = nativeHost({
    store: memoryStore(),
    windowStore: memoryStore(),
    context: () => ({ url: 'https://a.b/' }),
    attach: (given) => ((core = given), () => {}),
    request: request as typeof fetch,
    ...parts,
  });
  const tracker = createTracker({ ...OPTIONS, ...options }, host);
  tracker.on('error', (error) => errors.push(error));
  const events = (): Body[] => bodies.flatMap((body) => body.events ?? []);
  return { tracker, bodies, events, errors, host, core: () => core };
}

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}));
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('what a recorder hides in titles', () => {
  /** As the browser defines it: all is in the prototype. */
  class Button {
    constructor(
      readonly kind: number,
      readonly nodes: Button[] = [],
    ) {}
    get nodeType(): number {
      return this.kind;
    }
    get nodeValue(): string {
      return 'my secret';
    }
    get localName(): string {
      return 'button';
    }
    get childNodes(): Button[] {
      return this.nodes;
    }
    get attributes(): object[] {
      return [];
    }
    matches(): boolean {
      return false;
    }
    getAttribute(): null {
      return null;
    }
    getRootNode(): object {
      return {};
    }
  }
  const button = new Button(1, [new Button(3)]) as unknown as Element;
  const stars = (text: string): string => text.replace(/secret/g, '*');

  test.each<[string, () => any, unknown]>([
    ['a title', () => ({ title: 'my secret' }), 'my *'],
    ['an empty title', () => ({ title: '' }), ''],
    ['no title', () => ({}), undefined],
    ['a title that is no text', () => ({ title: {} }), undefined],
    [
      'a page that throws',
      () => {
        throw new Error('theirs');
      },
      undefined,
    ],
  ])('%s loses no event', async (_, context, title) => {
    const { tracker, core, events, bodies } = rig({ context });
    core().hidden.text = stars;
    tracker.track('kept');
    await tracker.flush();
    expect(events().map(({ type }) => type)).toEqual(['custom']);
    expect(bodies.at(-1)!.context.title).toBe(title);
  });

  test.each<[string, Partial<Options>]>([
    ['the tracker', { maskAllText: true }],
    ['the recorder', { replay: { load: () => new Promise(() => {}), options: { maskAllText: true } } }],
  ])('no text of the page is shown where %s shows none, also before it records', async (_, options) => {
    const { tracker, core, events, bodies } = rig({ context: () => ({ title: 'my secret' }) }, options);
    tracker.page();
    core().capture('click', describeElement(button, core()));
    await tracker.flush();
    expect(events().map(({ type }) => type)).toEqual(['pageview', 'click']);
    expect(JSON.stringify(bodies)).not.toContain('secret');
  });

  test('the text of an element is shown otherwise', () => {
    expect(describeElement(button, rig().core())).toMatchObject({ element: 'button', text: 'my secret' });
  });

  test('a recorder that throws loses no event, and shows no title', async () => {
    const { tracker, core, events, bodies } = rig({ context: () => ({ title: 'my secret' }) });
    core().hidden.text = () => {
      throw new Error('theirs');
    };
    tracker.track('kept');
    await tracker.flush();
    expect(events().map(({ type }) => type)).toEqual(['custom']);
    expect(bodies.at(-1)!.context).not.toHaveProperty('title');
  });
});

describe('JSON', () => {
  const loop: Body = { a: 1 };
  loop.loop = loop;
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();

  test.each<[string, unknown, unknown]>([
    ['a cycle', loop, { a: 1, loop: '[circular]' }],
    ['a BigInt', { n: 12n }, { n: '12' }],
    [
      'a getter that throws',
      {
        get bad() {
          throw new Error('theirs');
        },
        good: 1,
      },
      { good: 1 },
    ],
    ['a proxy that is gone', { proxy: revoked.proxy, good: 1 }, { good: 1 }],
    ['functions and symbols', { f() {}, s: Symbol('x'), list: [() => {}] }, { list: [null] }],
    ['a date', { at: new Date(0), never: new Date(NaN) }, { at: '1970-01-01T00:00:00.000Z' }],
    ['numbers that are none', [NaN, Infinity, -0], [null, null, 0]],
    ['a node', { button: { nodeType: 1, nodeName: 'BUTTON', parent: loop } }, { button: '[BUTTON]' }],
    ['its own toJSON', { price: { toJSON: () => ({ amount: 1 }) } }, { price: { amount: 1 } }],
    ['no prototype', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
  ])('%s', (_, value, expected) => expect(JSON.parse(toJson(value))).toEqual(expected));

  test('very deep and very wide values end', () => {
    let deep: Body = {};
    for (let i = 0; i < 1_000; i++) deep = { deep };
    expect(toJson(deep)).toContain('[circular]');
    const wide = (level: number): Body[] => (level ? Array.from({ length: 40 }, () => wide(level - 1)) : []);
    expect(toJson(wide(4)).length).toBeLessThan(1_000_000);
  });

  test.each([Array.prototype, Object.prototype, String.prototype, Date.prototype])(
    'toJSON of a built-in prototype is not asked (%#)',
    (prototype: any) => {
      const before = Object.getOwnPropertyDescriptor(prototype, 'toJSON');
      Object.defineProperty(prototype, 'toJSON', { value: () => 'broken', configurable: true, writable: true });
      const made = toJson({ list: [1, { a: 'b' }], at: new Date(0) });
      if (before) Object.defineProperty(prototype, 'toJSON', before);
      else delete prototype.toJSON;
      expect(made).toEqual('{"list":[1,{"a":"b"}],"at":"1970-01-01T00:00:00.000Z"}');
    },
  );
});

describe('elements that hide their properties', () => {
  class Node {
    get id(): string {
      return 'real';
    }
    matches(selector: string): string {
      return selector;
    }
  }
  class Custom extends Node {
    override get id(): string {
      throw new Error('theirs');
    }
  }

  test('are read as the browser defines them', () => {
    const form = Object.defineProperties(new Custom(), { id: { value: {} }, matches: { value: 'an input' } });
    expect(read(form, 'id')).toBe('real');
    expect(call(form, 'matches', 'a')).toBe('a');
    expect(read(form, 'nothing')).toBeUndefined();
    expect(call(form, 'nothing')).toBeUndefined();
    expect(read(undefined, 'id')).toBeUndefined();
    expect(read(form, 'toString')).toBeUndefined();
  });
});

describe('what is sent', () => {
  test('a page with anything in the place of its facts', () => {
    const facts = {
      url: 'https://a.b/?token=x',
      referrer: {},
      title: 5,
      viewport: [null, null],
      screen: [800.4, 600],
      locale: ['en'],
      timezone: undefined,
    };
    expect(toJson(contextOf(facts, (url) => url.replace('x', '*')))).toBe(
      '{"url":"https://a.b/?token=*","screen":[800,600]}',
    );
    expect((contextOf({ title: 'x'.repeat(5_000) }, String).title as string).length).toBe(1_000);
  });

  test.each<[unknown, string]>([
    ['ada@example.com\n', 'ada@example.com'],
    ['  ada\u0000 ', 'ada'],
    ['a\ud83d', 'a'],
    [42, '42'],
    [7n, '7'],
    [{}, ''],
    [null, ''],
    [Symbol('x'), ''],
  ])('a word %#', (given, expected) => expect(word(given)).toBe(expected));

  test('an identity that an earlier page has kept', () => {
    const traits = { text: 'x'.repeat(70_000) };
    expect(identityOf({ userId: 'ada\n', traits, props: { a: 1 } })).toEqual({
      userId: 'ada',
      traits: undefined,
      props: { a: 1 },
    });
  });

  test('calls with wrong arguments send what can be sent', async () => {
    const { tracker, events, errors, bodies } = rig();
    const any = tracker as any;
    any.identify(42);
    any.identify('42\n', { huge: 'x'.repeat(70_000) });
    any.track('null', null);
    any.track('number', 7);
    any.track('list', [1]);
    any.track('big', { n: 1n });
    any.track('n'.repeat(250));
    any.track(12);
    any.register({
      get bad() {
        throw new Error('theirs');
      },
      good: 1,
    });
    any.page(null);
    any.group('company', 7);
    any.unregister();
    await tracker.flush();
    expect(errors).toEqual([]);
    const sent = Object.fromEntries(events().map(({ type, name, data }) => [name ?? type, data]));
    expect(sent).toMatchObject({
      null: {},
      number: { value: 7 },
      list: { value: [1] },
      big: { n: '1' },
      ['n'.repeat(200)]: {},
      12: {},
      group: { type: 'company', id: '7', good: 1 },
    });
    expect(bodies.at(-1)!.context.userId).toBe('42');
    expect(JSON.stringify(bodies.at(-1)!.context).length).toBeLessThan(1_000);
  });

  test('nothing throws into the page', async () => {
    const bad: any = new Proxy(
      {},
      {
        get: () => {
          throw {
            toString: () => {
              throw 1;
            },
          };
        },
      },
    );
    const { tracker, core } = rig(
      {
        context: () => {
          throw bad;
        },
        isSeen: () => {
          throw bad;
        },
      },
      {
        beforeSend: () => {
          throw bad;
        },
      },
    );
    const any = tracker as any;
    for (const name of Object.keys(tracker))
      for (const args of [[], [null], [bad], [bad, bad], [Symbol('x')], ['a', bad, bad]])
        expect(() => any[name](...args)).not.toThrow();
    await tracker.flush();
    core().goAway(false);
    expect(() => createTracker(undefined as never, nativeHost()).track('a')).not.toThrow();
    expect(() => createTracker({ ...OPTIONS, stripParams: [bad] }, nativeHost()).track('a')).not.toThrow();
  });

  test('a console that throws', () => {
    vi.mocked(console.warn).mockImplementation(() => {
      throw new Error('theirs');
    });
    expect(() => (rig().tracker as any).track()).not.toThrow();
  });

  test('a clock that says nothing', async () => {
    vi.spyOn(Date, 'now').mockReturnValue(NaN);
    const { tracker, bodies } = rig();
    tracker.track('a');
    await tracker.flush();
    expect(bodies[0]!.sentAt).toBeGreaterThan(1e12);
    expect(bodies[0]!.events[0].timestamp).toBeGreaterThan(1e12);
  });

  test('Angular is not woken', () => {
    const zones: string[] = [];
    vi.stubGlobal('Zone', { root: { run: (run: () => unknown) => (zones.push('root'), run()) } });
    expect(outside(() => 1)).toBe(1);
    expect(zones).toEqual(['root']);
    vi.stubGlobal('Zone', document_like());
    expect(outside(() => 2)).toBe(2);
  });

  /** `<div id="Zone">`. */
  function document_like(): object {
    return { nodeType: 1 };
  }
});

describe('requests', () => {
  const body = JSON.stringify({ text: 'x'.repeat(2_000) });

  /** A post to a server that answers `status` of each request. */
  function posts(status: (init: any, count: number) => number, beacon?: (url: string, text: string) => void) {
    const sent: any[] = [];
    const request = async (_: unknown, init: any): Promise<Response> => {
      sent.push(init);
      return new Response('{}', { status: status(init, sent.length) });
    };
    return { post: createPost('https://g', 'k', request as typeof fetch, beacon), sent };
  }
  const isPlain = ({ body }: any): boolean => typeof body === 'string';

  test('are compressed', async () => {
    const { post, sent } = posts(() => 202);
    expect((await post('/batch', body)).kind).toBe('ok');
    expect(gunzipSync(Buffer.from(sent[0].body)).toString()).toBe(body);
  });

  test.each([
    [
      'throws',
      class {
        constructor() {
          throw new Error('theirs');
        }
      },
    ],
    [
      'cuts its output',
      class {
        readable: ReadableStream;
        writable: WritableStream;
        constructor() {
          const { readable, writable } = new TransformStream({
            transform: (_, to) => to.enqueue(new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0])),
          });
          this.readable = readable;
          this.writable = writable;
        }
      },
    ],
    ['is an element of the page', { nodeType: 1 }],
  ])('a CompressionStream that %s', async (_, stream) => {
    vi.stubGlobal('CompressionStream', stream);
    const { post, sent } = posts(() => 202);
    expect((await post('/batch', body)).kind).toBe('ok');
    expect(sent.map(isPlain)).toEqual([true]);
  });

  test.each([400, 415])(
    'a compressed body that is answered %i goes again as it is, and so do later ones',
    async (status) => {
      const { post, sent } = posts((init) => (isPlain(init) ? 202 : status));
      expect((await post('/batch', body)).kind).toBe('ok');
      expect((await post('/batch', body)).kind).toBe('ok');
      expect(sent.map(isPlain)).toEqual([false, true, true]);
    },
  );

  test('a fetch of the page that knows text only', async () => {
    const { post, sent } = posts((init) => {
      if (!isPlain(init)) throw new TypeError('theirs');
      return 202;
    });
    expect((await post('/batch', body)).kind).toBe('ok');
    expect(sent.map(isPlain)).toEqual([false, true]);
  });

  test('a batch that is wrong is answered twice at most', async () => {
    const { post, sent } = posts(() => 400);
    expect((await post('/batch', body)).kind).toBe('rejected');
    expect(sent.length).toBe(2);
  });

  test('at the end of a page: by fetch that outlives it, or by a beacon of text', async () => {
    const beacons: string[][] = [];
    const { post, sent } = posts(() => 202);
    await post('/batch', '{"a":1}', true);
    expect(sent[0]).toMatchObject({ keepalive: true, body: '{"apiKey":"k","a":1}' });
    const old = posts(
      () => 202,
      (...args) => beacons.push(args),
    );
    expect((await old.post('/batch', '{"a":1}', true)).kind).toBe('retry');
    expect(old.sent).toEqual([]);
    expect(beacons).toEqual([['https://g/batch', '{"apiKey":"k","a":1}']]);
  });
});

describe('storage', () => {
  test('that throws at each call lives in memory', () => {
    const fail = (): never => {
      throw new Error('theirs');
    };
    const store = webStore(
      () => new Proxy({ getItem: fail, setItem: fail, removeItem: fail }, { ownKeys: fail }) as never,
    );
    expect(store.set('a', '1')).toBe(false);
    expect(store.get('a')).toBe('1');
    expect(store.keys()).toEqual(['a']);
    expect(() => store.set('a', null)).not.toThrow();
  });
});

describe('a page that comes back from the back/forward cache', () => {
  test('begins a window: the store shows it what it wrote itself, and others have counted on', async () => {
    const { tracker, bodies, core } = rig();
    tracker.track('a');
    await tracker.flush();
    tracker.track('b');
    core().goAway(true);
    await new Promise((done) => setTimeout(done));
    core().comeBack();
    tracker.track('c');
    await tracker.flush();
    const [first, , last] = bodies;
    expect(bodies.map(({ seq }) => seq)).toEqual([0, 1, 0]);
    expect(last!.windowId).not.toBe(first!.windowId);
    expect(last!.sessionId).toBe(first!.sessionId);
  });

  test('sends what it could not send when it went', async () => {
    let isDown = true;
    const sent: Body[] = [];
    const request = async (_: unknown, init: any): Promise<Response> => {
      if (isDown) throw new TypeError('offline');
      sent.push(JSON.parse(typeof init.body === 'string' ? init.body : gunzipSync(Buffer.from(init.body)).toString()));
      return Response.json({}, { status: 202 });
    };
    const { tracker, core } = rig({ request: request as typeof fetch });
    tracker.track('a');
    core().goAway(true);
    await new Promise((done) => setTimeout(done));
    isDown = false;
    core().comeBack();
    core().wakeUp();
    await tracker.flush();
    expect(sent.flatMap(({ events }) => events ?? []).map(({ name }) => name)).toEqual(['a']);
  });

  test('knows who logged out meanwhile', async () => {
    const { tracker, bodies, core, host } = rig();
    tracker.identify('ada');
    core().goAway(true);
    const other = createTracker(OPTIONS, { ...host, attach: () => {} });
    other.reset();
    core().comeBack();
    tracker.track('c');
    await tracker.flush();
    expect(bodies.at(-1)!.context.userId).toBeUndefined();
  });
});

test('a server that knows our numbers for other batches gets another window', async () => {
  const { tracker, bodies } = rig({}, {}, ({ seq, windowId }) =>
    bodies.length === 1 && seq === 0 && windowId ? { newWindow: true } : {},
  );
  for (const name of ['a', 'b']) {
    tracker.track(name);
    await tracker.flush();
  }
  expect(bodies.map(({ seq }) => seq)).toEqual([0, 0]);
  expect(bodies[1]!.windowId).not.toBe(bodies[0]!.windowId);
});

describe('the visitor', () => {
  const visitorOf = async (at: ReturnType<typeof rig>): Promise<string> => {
    at.tracker.track('a');
    await at.tracker.flush();
    return at.bodies.at(-1)!.context.visitorId;
  };

  test('is the same in later visits, and for who logs in; another after a log-out or an opt-out', async () => {
    const store = memoryStore();
    const first = rig({ store });
    const id = await visitorOf(first);
    expect(id).toMatch(/^[\w-]{36}$/);
    first.tracker.identify('ada');
    expect(await visitorOf(first)).toBe(id);
    expect(await visitorOf(rig({ store }))).toBe(id);
    first.tracker.reset();
    const next = await visitorOf(first);
    expect(next).not.toBe(id);
    first.tracker.optOut();
    expect(store.keys()).toEqual(['crow_optout']);
    first.tracker.optIn();
    expect(await visitorOf(first)).not.toBe(next);
  });

  test('has no id without consent', async () => {
    const store = memoryStore();
    const { tracker, bodies } = rig({ store }, { consent: 'pending' });
    tracker.track('a');
    await tracker.flush();
    expect([store.keys(), bodies]).toEqual([[], []]);
  });
});

describe('signs of life', () => {
  let isSeen = true;
  const seen = (): ReturnType<typeof rig> => rig({ isSeen: () => isSeen });
  const pages = ({ bodies }: ReturnType<typeof rig>): unknown[] =>
    bodies.filter(({ page }) => page).map(({ page, seq, events }) => [page, seq, events]);

  beforeEach(() => {
    isSeen = true;
    vi.useFakeTimers();
  });

  test('a page that is seen and silent says every 30 s that it is open', async () => {
    const at = seen();
    at.tracker.track('a');
    await vi.advanceTimersByTimeAsync(40_000);
    expect(pages(at)).toEqual([['open', undefined, undefined]]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(pages(at).length).toBe(3);
    expect(at.bodies.at(-1)).toMatchObject({
      sessionId: at.tracker.getSessionId(),
      windowId: expect.any(String),
      sentAt: expect.any(Number),
    });
  });

  test('says nothing while it sends other things, is hidden, or after it was shut down', async () => {
    const at = seen();
    for (let i = 0; i < 10; i++) {
      at.tracker.track('a');
      await vi.advanceTimersByTimeAsync(10_000);
    }
    expect(pages(at)).toEqual([]);
    isSeen = false;
    await vi.advanceTimersByTimeAsync(100_000);
    expect(pages(at)).toEqual([]);
    isSeen = true;
    at.core().beat();
    await vi.advanceTimersByTimeAsync(0);
    expect(pages(at).length).toBe(1);
    await at.tracker.shutdown();
    await vi.advanceTimersByTimeAsync(100_000);
    expect(pages(at).map(([page]: any) => page)).toEqual(['open', 'closed']);
  });

  test('does not keep the session, and stops with it', async () => {
    const at = seen();
    at.tracker.track('a');
    await vi.advanceTimersByTimeAsync(3_700_000);
    const beats = pages(at).length;
    expect(beats).toBeGreaterThan(100);
    expect(beats).toBeLessThan(121);
    const { sessionId } = at.bodies.at(-1)!;
    await vi.advanceTimersByTimeAsync(600_000);
    expect(pages(at).length).toBe(beats);
    at.tracker.track('back');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(at.bodies.at(-1)!.sessionId).not.toBe(sessionId);
  });

  test('a page that goes says so with its last batch, or alone', async () => {
    const at = seen();
    at.tracker.track('a');
    at.core().goAway(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(at.bodies).toMatchObject([{ page: 'closed', seq: 0, events: [{ name: 'a' }] }]);
    const idle = seen();
    idle.tracker.track('a');
    await idle.tracker.flush();
    idle.core().goAway(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(pages(idle)).toEqual([['closed', undefined, undefined]]);
  });
});
