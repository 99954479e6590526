import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createOutbox, type Outbox } from '../src/core/outbox';
import { memoryStore } from '../src/core/storage';
import { storeSpool } from '../src/core/spool';
import type { Outcome } from '../src/core/http';
import type { LaneOptions } from '../src/types';

interface Sent {
  batchId: string;
  seq?: number;
  windowId: string;
  sentAt: number;
  events: number[];
}

const OK: Outcome = { kind: 'ok', answer: {} };

/** An outbox whose items are numbers, and whose server answers as `answer` says. */
function rig(more: Partial<LaneOptions> = {}, store = memoryStore(), pageId = 'page', windowId = 'w') {
  const sent: Sent[] = [];
  const lost: Record<string, number> = {};
  const state = {
    answer: (_: Sent, __?: boolean): Outcome | Promise<Outcome> => OK,
    seq: 0,
    unauthorized: [] as string[],
    report: undefined as string | undefined,
  };
  const outbox: Outbox = createOutbox({
    lane: {
      field: 'events',
      maxItems: 200,
      maxQueueItems: 1_000,
      maxQueueChars: 2_000_000,
      saveAfterMs: 300,
      flushAt: 20,
      flushAfterMs: 5_000,
      spool: storeSpool(store, 'q_'),
      ...more,
    },
    pageId,
    headNow: () => ({ sessionId: 's', windowId, sdk: {}, context: {} }),
    nextSeq: () => state.seq++,
    takeReport: () => {
      const report = state.report;
      state.report = undefined;
      return report;
    },
    async send(body, isUnload) {
      const batch = JSON.parse(body);
      sent.push(batch);
      return state.answer(batch, isUnload);
    },
    lose: (reason, count) => (lost[reason] = (lost[reason] ?? 0) + count),
    onReceipt: () => {},
    onUnauthorized: (message) => state.unauthorized.push(message),
  });
  return { outbox, sent, lost, state, store };
}

const addAll = (outbox: Outbox, from: number, to: number): void => {
  for (let i = from; i < to; i++) outbox.add(String(i));
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(1_700_000_000_000);
  vi.stubGlobal('navigator', {});
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('batches', () => {
  test('go after five seconds', async () => {
    const { outbox, sent } = rig();
    outbox.open();
    addAll(outbox, 0, 3);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent.map(({ events, seq }) => [seq, events])).toEqual([[0, [0, 1, 2]]]);
  });

  test('go at twenty events, numbered in a row', async () => {
    const { outbox, sent } = rig();
    outbox.open();
    addAll(outbox, 0, 20);
    await vi.advanceTimersByTimeAsync(0);
    addAll(outbox, 20, 40);
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.map(({ seq, events }) => [seq, events.length])).toEqual([
      [0, 20],
      [1, 20],
    ]);
  });

  test('hold what came while another one was sent, once it is asked for', async () => {
    const { outbox, sent, state } = rig();
    let finish = (_: Outcome): void => {};
    state.answer = () => new Promise<Outcome>((resolve) => (finish = resolve));
    outbox.open();
    addAll(outbox, 0, 20);
    await vi.advanceTimersByTimeAsync(0);
    addAll(outbox, 20, 23);
    state.answer = () => OK;
    finish(OK);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(sent.length).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent.map(({ events }) => events.length)).toEqual([20, 3]);
    addAll(outbox, 23, 43);
    addAll(outbox, 43, 63);
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.slice(2).flatMap(({ events }) => events).length).toBe(40);
  });

  test('hold at most 200 items and 500,000 characters', async () => {
    const { outbox, sent } = rig({ flushAt: 1e9 });
    addAll(outbox, 0, 450);
    outbox.open();
    await outbox.flush();
    expect(sent.map(({ events }) => events.length)).toEqual([200, 200, 50]);
    for (let i = 0; i < 5; i++) outbox.add(JSON.stringify('x'.repeat(200_000)));
    await outbox.flush();
    expect(sent.slice(3).map(({ events }) => events.length)).toEqual([2, 2, 1]);
  });

  test('wait in memory until opened', async () => {
    const { outbox, sent, store } = rig();
    addAll(outbox, 0, 30);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toEqual([]);
    expect(store.keys()).toEqual([]);
    outbox.open();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sent[0]!.events.length).toBe(30);
  });
});

describe('retries', () => {
  test('keep id, number and items, and tell the time anew', async () => {
    const { outbox, sent, state } = rig();
    let left = 2;
    state.answer = () => (left-- > 0 ? { kind: 'retry', afterMs: 0 } : OK);
    outbox.open();
    addAll(outbox, 0, 20);
    await vi.advanceTimersByTimeAsync(0);
    addAll(outbox, 20, 25);
    await vi.advanceTimersByTimeAsync(20_000);
    const [first, second, third, next] = sent;
    expect(sent.length).toBe(4);
    for (const again of [second!, third!]) {
      expect({ ...again, sentAt: 0 }).toEqual({ ...first!, sentAt: 0 });
      expect(again.sentAt).toBeGreaterThan(first!.sentAt);
    }
    expect([next!.seq, next!.events]).toEqual([1, [20, 21, 22, 23, 24]]);
  });

  test('wait longer each time, at most five minutes', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.999);
    const { outbox, sent, state } = rig();
    state.answer = () => ({ kind: 'retry', afterMs: 0 });
    outbox.open();
    addAll(outbox, 0, 20);
    await vi.advanceTimersByTimeAsync(3_600_000);
    const waits = sent.slice(1).map(({ sentAt }, i) => Math.round((sentAt - sent[i]!.sentAt) / 1000));
    expect(waits.slice(0, 11)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  });

  test('wait as long as the server asks', async () => {
    const { outbox, sent, state } = rig();
    state.answer = () => (sent.length > 1 ? OK : { kind: 'retry', afterMs: 30_000 });
    outbox.open();
    addAll(outbox, 0, 20);
    await vi.advanceTimersByTimeAsync(29_999);
    addAll(outbox, 20, 60);
    await outbox.flush();
    expect(sent.length).toBe(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(sent.length).toBeGreaterThan(1);
  });

  test('come at once when the network is back', async () => {
    const { outbox, sent, state } = rig();
    state.answer = () => (sent.length > 1 ? OK : { kind: 'retry', afterMs: 300_000 });
    outbox.open();
    addAll(outbox, 0, 20);
    await vi.advanceTimersByTimeAsync(10);
    outbox.wakeUp();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.length).toBe(2);
  });
});

describe('refusals', () => {
  test('too large: halves until it fits', async () => {
    const { outbox, sent, state, lost } = rig();
    state.answer = ({ events }) => (events.length > 6 ? { kind: 'too_large' } : OK);
    outbox.open();
    addAll(outbox, 0, 20);
    await outbox.flush();
    const delivered = sent.filter(({ events }) => events.length <= 6);
    expect(delivered.flatMap(({ events }) => events).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, i) => i),
    );
    expect(delivered.filter(({ seq }) => seq === 0).length).toBe(1);
    expect(new Set(delivered.map(({ batchId }) => batchId)).size).toBe(delivered.length);
    expect(lost).toEqual({});
  });

  test('a single item that is too large is told as lost', async () => {
    const { outbox, state, lost } = rig();
    state.answer = () => ({ kind: 'too_large' });
    outbox.open();
    addAll(outbox, 0, 4);
    await outbox.flush();
    expect(lost).toEqual({ too_large: 4 });
  });

  test('a rejected batch is told as lost, and the next goes', async () => {
    const { outbox, sent, state, lost } = rig();
    state.answer = ({ seq }) => (seq === 0 ? { kind: 'rejected', message: '422' } : OK);
    outbox.open();
    addAll(outbox, 0, 20);
    await vi.advanceTimersByTimeAsync(0);
    addAll(outbox, 20, 40);
    await vi.advanceTimersByTimeAsync(0);
    expect(lost).toEqual({ rejected: 20 });
    expect(sent.length).toBe(2);
  });

  test('a report that is rejected each time does not go round in circles', async () => {
    const { outbox, sent, state } = rig();
    state.answer = () => {
      state.report = '{"lost":1}';
      return { kind: 'rejected', message: '400' };
    };
    outbox.open();
    addAll(outbox, 0, 20);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(sent.length).toBe(1);
  });

  test('a wrong key stops, and what waits is kept for the next page', async () => {
    const { outbox, sent, state, store } = rig();
    state.answer = () => ({ kind: 'unauthorized', message: '401' });
    outbox.open();
    addAll(outbox, 0, 45);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(sent.length).toBe(1);
    expect(state.unauthorized).toEqual(['401']);
    expect(store.keys()).toEqual(['q_page']);
  });
});

describe('limits', () => {
  test('a thousand items wait; beyond, the oldest go and are counted', async () => {
    const { outbox, sent, state, lost } = rig();
    state.answer = () => ({ kind: 'retry', afterMs: 10_000 });
    outbox.open();
    addAll(outbox, 0, 20);
    await vi.advanceTimersByTimeAsync(0);
    addAll(outbox, 20, 1_100);
    expect(lost).toEqual({ queue_full: 100 });
    state.answer = () => OK;
    await vi.advanceTimersByTimeAsync(60_000);
    const delivered = new Set(sent.flatMap(({ events }) => events));
    expect(delivered.has(0)).toBe(true);
    expect(delivered.has(20)).toBe(false);
    expect(delivered.has(1_099)).toBe(true);
    expect(delivered.size).toBe(1_000);
  });

  test('two million characters wait', () => {
    const { outbox, lost } = rig();
    for (let i = 0; i < 11; i++) outbox.add(JSON.stringify('x'.repeat(200_000)));
    expect(lost).toEqual({ queue_full: 2 });
  });

  test('an item above 250,000 characters is not taken', () => {
    const { outbox, lost } = rig();
    outbox.add(JSON.stringify('x'.repeat(250_001)));
    expect(lost).toEqual({ too_large: 1 });
  });
});

describe('the end of a page', () => {
  test('all goes at once, within the quota; the rest is kept, and the next page sends all that has no answer', async () => {
    const store = memoryStore();
    const { outbox, sent, state } = rig({}, store, 'old');
    state.answer = () => new Promise(() => {});
    outbox.open();
    for (let i = 0; i < 12; i++) outbox.add(JSON.stringify(String(i).padEnd(10_000)));
    expect(outbox.unload(true, 60_000)).toBeLessThan(60_000);
    expect(sent.length).toBe(1);
    const next = rig({}, store, 'new');
    next.outbox.open();
    await next.outbox.flush();
    expect(next.sent.flatMap(({ events }) => events).length).toBe(12);
    // The page that sends it again is open.
    expect({ ...next.sent[0], sentAt: 0 }).toEqual({ ...sent[0], sentAt: 0, page: undefined });
    expect(store.keys()).toEqual([]);
  });

  test('while the page lives, another does not take its things', async () => {
    const store = memoryStore();
    const { outbox, state } = rig({}, store, 'old');
    state.answer = () => ({ kind: 'retry', afterMs: 100_000 });
    outbox.open();
    addAll(outbox, 0, 20);
    await vi.advanceTimersByTimeAsync(170_000);
    const other = rig({}, store, 'other', 'other window');
    other.outbox.open();
    await vi.advanceTimersByTimeAsync(0);
    expect(other.sent).toEqual([]);
    // The next page of the same window knows better than the clock.
    const next = rig({}, store, 'new');
    next.outbox.open();
    await vi.advanceTimersByTimeAsync(0);
    expect(next.sent.length).toBe(1);
  });

  test('what a crashed page had written down is adopted without a number', async () => {
    const store = memoryStore();
    const old = rig({}, store, 'old');
    old.outbox.open();
    addAll(old.outbox, 0, 5);
    await vi.advanceTimersByTimeAsync(300);
    old.outbox.clear = () => {};
    const left = store.get('q_old');
    old.outbox.wakeUp();
    await vi.advanceTimersByTimeAsync(0);
    store.set('q_old', left);
    vi.setSystemTime(Date.now() + 200_000);
    const next = rig({}, store, 'new');
    next.outbox.open();
    await next.outbox.flush();
    expect(next.sent[0]!.events).toEqual([0, 1, 2, 3, 4]);
    expect(next.sent[0]!.seq).toBeUndefined();
    expect(store.keys()).toEqual([]);
  });

  test('broken things that are found are thrown away', async () => {
    const store = memoryStore();
    for (const [i, content] of ['', '{', 'null', '[]', '{"t":0}', '{"t":0,"e":[],"b":7}'].entries())
      store.set('q_' + i, content);
    const { outbox, sent } = rig({}, store, 'new');
    outbox.open();
    await outbox.flush();
    expect(sent).toEqual([]);
    expect(store.keys()).toEqual([]);
  });

  test('hiding the page sends what waits, and sends it once', async () => {
    const { outbox, sent } = rig();
    outbox.open();
    addAll(outbox, 0, 3);
    outbox.unload(false, 60_000);
    outbox.unload(false, 60_000);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent.length).toBe(1);
  });

  test('a full storage is told as lost', () => {
    const store = memoryStore();
    store.set = () => false;
    const { outbox, lost, state } = rig({}, store);
    state.answer = () => new Promise(() => {});
    outbox.open();
    for (let i = 0; i < 12; i++) outbox.add(JSON.stringify(String(i).padEnd(10_000)));
    outbox.unload(true, 60_000);
    expect(lost).toEqual({ storage_full: 8 });
  });
});
