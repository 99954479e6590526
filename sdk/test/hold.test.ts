// A recording that waits for an error: what it keeps, when it is sent, and how it goes from page to page.
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { gunzipSync } from 'node:zlib';
import { nativeHost } from '../src/core/native-host';
import { memoryStore } from '../src/core/storage';
import { createTracker } from '../src/core/tracker';
import { replay, type ReplayOptions } from '../src/replay';
import { createHold } from '../src/replay/hold';
import type { Options } from '../src/types';

const META = 4;
const SNAPSHOT = 2;
const CHANGE = 3;
const MINUTE = 60_000;

describe('what is kept', () => {
  function hold() {
    const renew = vi.fn();
    const kept = createHold(renew);
    let at = 1_000_000;
    const add = (type: number, json: string, isBounded = true): void =>
      kept.add({ type, data: {}, timestamp: at }, json, isBounded);
    return {
      ...kept,
      renew,
      add,
      wait: (ms: number) => void (at += ms),
      snapshot(name: string) {
        add(META, `meta ${name}`);
        add(SNAPSHOT, `snapshot ${name}`);
      },
      released() {
        const items: string[] = [];
        const isWhole = kept.sendHeld((json) => items.push(json));
        return { items, isWhole };
      },
    };
  }

  test('at least the last minute, from a full snapshot on', () => {
    const { snapshot, add, wait, renew, released } = hold();
    for (const name of ['a', 'b']) {
      snapshot(name);
      wait(MINUTE);
      add(CHANGE, `change ${name}`);
    }
    expect(renew).toHaveBeenCalledTimes(2);
    snapshot('c');
    add(CHANGE, 'change c');
    expect(released()).toEqual({
      items: ['meta b', 'snapshot b', 'change b', 'meta c', 'snapshot c', 'change c'],
      isWhole: true,
    });
    expect(released().items, 'once').toEqual([]);
  });

  test('a snapshot is asked for once a minute, and not before the first one', () => {
    const { snapshot, add, wait, renew } = hold();
    add(CHANGE, 'early');
    wait(2 * MINUTE);
    add(CHANGE, 'early');
    expect(renew).not.toHaveBeenCalled();
    snapshot('a');
    for (let i = 0; i < 100; i++) {
      wait(MINUTE / 2);
      add(CHANGE, 'x');
    }
    expect(renew).toHaveBeenCalledTimes(1);
  });

  test('no more than six million characters, however much the page changes', () => {
    const { snapshot, add, wait, renew, rest, released } = hold();
    snapshot('a');
    const large = 'x'.repeat(500_000);
    for (let i = 0; i < 7; i++) add(CHANGE, large);
    expect(renew, 'not all the time').not.toHaveBeenCalled();
    wait(6_000);
    add(CHANGE, large);
    expect(renew).toHaveBeenCalledTimes(1);
    snapshot('b');
    for (let i = 0; i < 6; i++) add(CHANGE, large);
    const { items, isWhole } = released();
    expect([items[0], isWhole]).toEqual(['meta b', true]);
    expect(rest()).toEqual([{ at: 0, size: 0, items: [] }]);
  });

  test('what is too large to be kept says so, and is tried again after a minute', () => {
    const { snapshot, add, wait, renew, released } = hold();
    snapshot('a');
    for (let i = 0; i < 20; i++) {
      wait(1_000);
      add(CHANGE, 'x'.repeat(i ? 100 : 7_000_000));
    }
    expect(renew).not.toHaveBeenCalled();
    wait(MINUTE);
    add(CHANGE, 'x');
    expect(renew).toHaveBeenCalledTimes(1);
    expect(released()).toEqual({ items: [], isWhole: false });
  });

  test('as long of an earlier page, whatever clock this page has', () => {
    const { clear, add, wait, released } = hold();
    const ofEarlier = { at: 990_000, size: 7, items: ['earlier'] };
    const play = (ms: number): string[] => {
      clear([ofEarlier, { at: 0, size: 0, items: [] }]);
      add(CHANGE, 'begin');
      wait(ms);
      add(CHANGE, 'end');
      return released().items;
    };
    onTestFinished(() => void vi.restoreAllMocks());
    for (const ahead of [-3_600_000, 0, 3_600_000]) {
      // Of the page; the events have that of the browser.
      vi.spyOn(Date, 'now').mockReturnValue(1_000_000 + ahead);
      expect(play(MINUTE - 1)).toEqual(['earlier', 'begin', 'end']);
      expect(play(MINUTE)).toEqual(['begin', 'end']);
    }
  });

  test('all, while nobody knows yet whether it may be sent', () => {
    const { add, wait, renew, released } = hold();
    for (let i = 0; i < 5; i++) {
      add(META, `meta ${i}`, false);
      wait(MINUTE);
    }
    expect(renew).not.toHaveBeenCalled();
    expect(released().items).toHaveLength(5);
  });

  test('the next page gets what fits', () => {
    const { snapshot, add, rest } = hold();
    snapshot('a');
    add(CHANGE, 'x'.repeat(1_500_000));
    snapshot('b');
    add(CHANGE, 'x'.repeat(1_500_000));
    expect(rest().map(({ items }) => items[0])).toEqual(['meta b']);
  });
});

describe('when it is sent', () => {
  // The recorder takes its timers once.
  beforeAll(() => void vi.useFakeTimers());
  afterAll(() => void vi.useRealTimers());

  const browser = () => ({ store: memoryStore(), windowStore: memoryStore() });

  /** A page of a browser, which records what it is told to. */
  async function page(at = browser(), options: ReplayOptions = {}, more: Partial<Options> = {}, rate = 1) {
    const sent: any[] = [];
    const events: any[] = [];
    const request = async (url: unknown, init: any): Promise<Response> => {
      if (String(url).endsWith('/session/start'))
        return Response.json({ replay: { enabled: true, sampleRate: rate } }, { status: 201 });
      const raw = typeof init.body === 'string' ? init.body : gunzipSync(Buffer.from(init.body)).toString();
      const body = JSON.parse(raw);
      sent.push(...(body.replay ?? []).map((one: any) => one.data.name));
      events.push(...(body.events ?? []));
      return Response.json({ sessionId: body.sessionId }, { status: 202 });
    };
    let emit: ((event: unknown) => void) | undefined;
    const recorder = Object.assign(
      (given: any) => {
        emit = given.emit;
        snapshot();
        return () => (emit = undefined);
      },
      { takeFullSnapshot: () => snapshot() },
    );
    let count = 0;
    const record = (name: string, type = CHANGE): void =>
      emit?.({ type, timestamp: Date.now(), data: { name, node: {} } });
    const snapshot = (): void => {
      record(`meta ${++count}`, META);
      record(`snapshot ${count}`, SNAPSHOT);
    };
    let core: any;
    const tracker = createTracker(
      { apiKey: 'crow_key', endpoint: 'https://gateway.example', ...more },
      nativeHost({ ...at, request: request as typeof fetch, attach: (given) => void (core = given) }),
    );
    const open = (): void =>
      tracker.use(
        replay({ recorder, console: false, network: false, performance: false, waitForError: true, ...options }),
      );
    const wait = async (ms = 6_000): Promise<void> => void (await vi.advanceTimersByTimeAsync(ms));
    return {
      at,
      tracker,
      sent,
      events,
      record,
      open,
      wait,
      core: () => core,
      isRecording: () => !!emit,
      leave: () => core.goAway(true),
    };
  }

  async function opened(...given: Parameters<typeof page>) {
    const it = await page(...given);
    it.open();
    await it.wait();
    return it;
  }

  test.each<[string, (it: Awaited<ReturnType<typeof page>>) => void]>([
    ['an error that the page has caught', ({ tracker }) => tracker.captureException(new Error('x'))],
    ['an error that nobody caught', ({ core }) => core().capture('error', { message: 'x' })],
    ['a rage click', ({ core }) => core().capture('click', { rage: true })],
    ['a call', ({ tracker }) => tracker.keepReplay()],
  ])('%s sends what was held, and what follows', async (_, happen) => {
    const it = await opened();
    it.record('before');
    it.tracker.track('custom', { rage: true });
    it.core().capture('click', {});
    await it.wait();
    expect(it.sent).toEqual([]);
    expect(
      it.events.map(({ type }) => type),
      'events are always sent',
    ).toEqual(['custom', 'click']);
    happen(it);
    it.record('after');
    await it.wait();
    expect(it.sent).toEqual(['meta 1', 'snapshot 1', 'before', 'after']);
    await it.tracker.shutdown();
  });

  test('an error that beforeSend drops is none', async () => {
    const it = await opened(browser(), {}, { beforeSend: (event) => (event.data.message === 'noise' ? null : event) });
    it.tracker.captureException(new Error('noise'));
    await it.wait();
    expect(it.sent).toEqual([]);
    it.tracker.captureException(new Error('real'));
    await it.wait();
    expect(it.sent).toEqual(['meta 1', 'snapshot 1']);
    await it.tracker.shutdown();
  });

  test('an error before the recorder was there counts', async () => {
    const it = await page();
    it.tracker.captureException(new Error('early'));
    await it.wait();
    it.open();
    it.record('x');
    await it.wait();
    expect(it.sent).toEqual(['meta 1', 'snapshot 1', 'x']);
    await it.tracker.shutdown();
  });

  test('the last minute goes with the window from page to page, and later pages record from the start', async () => {
    const first = await opened();
    first.record('first page');
    first.leave();
    const second = await opened(first.at);
    second.record('second page');
    second.tracker.keepReplay();
    await second.wait();
    expect(second.sent).toEqual(['meta 1', 'snapshot 1', 'first page', 'meta 1', 'snapshot 1', 'second page']);
    second.leave();
    const third = await opened(first.at);
    third.record('third page');
    await third.wait();
    expect(third.sent).toEqual(['meta 1', 'snapshot 1', 'third page']);
    const other = await opened({ ...first.at, windowStore: memoryStore() });
    expect(other.sent, 'another tab').toEqual(['meta 1', 'snapshot 1']);
    for (const { tracker } of [first, second, third, other]) await tracker.shutdown();
  });

  test('an earlier page counts as long as one without a change of pages', async () => {
    const first = await opened();
    first.record('first page');
    await first.wait(30_000);
    first.leave();
    const second = await opened(first.at);
    // No snapshot, such as a line of the console.
    second.record('second page');
    await second.wait(40_000);
    second.record('later');
    second.leave();
    const third = await opened(first.at);
    third.record('third page');
    third.tracker.keepReplay();
    await third.wait();
    const pages = ['first page', 'second page', 'later', 'third page'];
    // So much is compressed, which takes more than timers.
    await vi.waitFor(() => expect(third.sent.filter((name) => !/\d/.test(name))).toEqual(pages));
    for (const { tracker } of [first, second, third]) await tracker.shutdown();
  });

  test.each<[string, (it: Awaited<ReturnType<typeof page>>) => unknown]>([
    ['the page goes', ({ leave }) => leave()],
    ['the tracker is shut down', ({ tracker }) => tracker.shutdown()],
  ])('the next page gets what others add when %s', async (_, end) => {
    const first = await opened();
    first.core().on('suspend', () => first.record('a request that waited'));
    await end(first);
    const second = await opened(first.at);
    second.tracker.keepReplay();
    await second.wait();
    expect(second.sent).toContain('a request that waited');
    for (const { tracker } of [first, second]) await tracker.shutdown();
  });

  test('whether no text is shown is known to the tracker, and only adds to what it has hidden', async () => {
    const shown: unknown[] = [];
    for (const [ofReplay, ofTracker] of [[true], [undefined, true], [false, true], [false, false]] as boolean[][]) {
      const it = await opened(browser(), { maskAllText: ofReplay }, { maskAllText: ofTracker });
      shown.push(!it.core().hidden.all);
      await it.tracker.shutdown();
    }
    expect(shown).toEqual([false, false, false, true]);
  });

  test('another session waits again, and gets nothing of the last one', async () => {
    const it = await opened();
    it.tracker.keepReplay();
    await it.wait();
    it.tracker.reset();
    it.record('next session');
    await it.wait();
    expect(it.sent).toEqual(['meta 1', 'snapshot 1']);
    it.leave();
    const next = await opened(it.at);
    next.tracker.reset();
    next.tracker.keepReplay();
    await next.wait();
    expect(next.sent).toEqual(['meta 2', 'snapshot 2']);
    for (const { tracker } of [it, next]) await tracker.shutdown();
  });

  test('what the page has put into the storage does no harm', async () => {
    for (const junk of ['null', '5', '{', '[]', '{"x":1}']) {
      const at = browser();
      at.windowStore.set('crow_kept', junk);
      const it = await opened(at);
      it.tracker.keepReplay();
      await it.wait();
      expect(it.sent, junk).toEqual(['meta 1', 'snapshot 1']);
      await it.tracker.shutdown();
    }
  });

  test('nothing is left of it after an opt-out', async () => {
    const it = await opened();
    it.record('x');
    it.leave();
    const next = await page(it.at);
    await next.wait();
    expect(it.at.windowStore.keys()).toContain('crow_kept');
    next.tracker.optOut();
    await next.wait();
    expect([...it.at.windowStore.keys(), ...it.at.store.keys()]).toEqual(['crow_optout']);
    for (const { tracker } of [it, next]) await tracker.shutdown();
  });

  test('a share may be recorded from the start, and the share of the server counts for all', async () => {
    const all = await opened(browser(), { sampleRate: 1 });
    expect(all.sent).toEqual(['meta 1', 'snapshot 1']);
    const none = await opened(browser(), {}, {}, 0);
    none.tracker.keepReplay();
    await none.wait();
    expect([none.sent, none.isRecording()]).toEqual([[], false]);
    for (const { tracker } of [all, none]) await tracker.shutdown();
  });

  test('a minute later, a fresh snapshot is the beginning', async () => {
    const it = await opened();
    for (let i = 0; i < 4; i++) {
      it.record(`minute ${i}`);
      await it.wait(MINUTE);
    }
    it.tracker.keepReplay();
    await it.wait();
    expect(it.sent[0]).toBe('meta 2');
    expect(it.sent).toContain('minute 3');
    expect(it.sent).not.toContain('minute 0');
    await it.tracker.shutdown();
  });
});
