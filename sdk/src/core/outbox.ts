import { now, uuid } from './id';
import { toJson } from './json';
import type { Outcome } from './http';
import type { DropReason, Lane, LaneOptions, Receipt } from '../types';

const MAX_BATCH_CHARS = 500_000;
const MAX_EVENT_CHARS = 250_000;
const UNLOAD_BATCH_CHARS = 50_000;
const MAX_BACKOFF_MS = 300_000;
const HEARTBEAT_MS = 60_000;
/** A page that has not written for so long is gone; background pages wake once a minute. */
const GONE_AFTER_MS = 180_000;

/** What a batch says about itself. */
export interface Head {
  sessionId: string;
  windowId: string;
  sdk: unknown;
  context: unknown;
}

/** A numbered batch: `batchId`, `seq`, head, and its items as JSON. The same at each attempt. */
interface Batch {
  i: string;
  n?: number;
  h: Head;
  e: string[];
}

/** What an outbox needs from the tracker. */
export interface OutboxContext {
  lane: LaneOptions;
  pageId: string;
  headNow(): Head;
  /** The next number of the head's window. */
  nextSeq(): number;
  takeReport(): string | undefined;
  send(body: string, isUnload?: boolean): Promise<Outcome>;
  lose(reason: DropReason, count: number, why?: string): void;
  onReceipt(receipt: Receipt): void;
  onUnauthorized(message: string): void;
}

export interface Outbox extends Lane {
  /** Sends and stores from now on; until then, items wait in memory. */
  open(): void;
  /** Closes the current batch: later items belong to another session or person. */
  pack(): void;
  /** The page may go away. `isFinal`: it does; what is left belongs to the next page, or to this one if it comes back. */
  unload(isFinal: boolean, quota: number): number;
  /** The network is back. */
  wakeUp(): void;
  /** Forgets all, here and in storage, and closes. */
  clear(isAll?: boolean): void;
}

/** Takes items in, numbers them in batches, and delivers each batch once. */
export function createOutbox(ctx: OutboxContext): Outbox {
  const { lane, pageId, headNow, takeReport, send, lose } = ctx;
  const { spool } = lane;
  let pending: string[] = [];
  let batches: Batch[] = [];
  let isOpen = false;
  let isStopped = false;
  /** What is pending is to be sent, once. */
  let isAsked = false;
  let failures = 0;
  let notBefore = 0;
  let sending: Promise<void> | undefined;
  let flushTimer: any;
  let saveTimer: any;
  /** The save timer writes down what is new; else, it is only a sign of life. */
  let hasUnsaved = false;
  /** Batches in requests that outlive the page. */
  let underWay: Batch[] = [];

  function add(json: string): void {
    if (lane.field === 'events' && json.length > MAX_EVENT_CHARS) return lose('too_large', 1);
    pending.push(json);
    // The oldest without a number goes; a number that never comes would look like a gap.
    while (isFull() && pending.shift()) lose('queue_full', 1);
    if (!isOpen) return;
    if (!hasUnsaved) saveIn(lane.saveAfterMs);
    hasUnsaved = true;
    pending.length < lane.flushAt ? flushSoon() : flush();
  }

  function isFull(): boolean {
    let count = 0;
    let chars = 0;
    for (const items of [pending, ...batches.map(({ e }) => e)]) {
      count += items.length;
      for (const item of items) chars += item.length;
    }
    return chars > lane.maxQueueChars || count > lane.maxQueueItems;
  }

  function pack(maxChars = MAX_BATCH_CHARS, isLast = false): void {
    // A report goes alone at the end only: a server that rejects it would be told so forever.
    const report = (pending[0] || isLast) && takeReport();
    if (report) pending.push(report);
    let items: string[] = [];
    let room = 0;
    for (const item of pending) {
      room -= item.length;
      if (room < 0 || items.length >= lane.maxItems) {
        batches.push(numbered((items = [])));
        room = maxChars - item.length;
      }
      items.push(item);
    }
    pending = [];
  }

  function numbered(e: string[]): Batch {
    return { i: uuid(), n: ctx.nextSeq(), h: { ...headNow(), ...lane.more?.() }, e };
  }

  function bodyOf({ i, n, h, e }: Batch, page?: string): string {
    return `${toJson({ batchId: i, ...h, seq: n, sentAt: now(), page }).slice(0, -1)},"${lane.field}":[${e.join()}]}`;
  }

  function flushSoon(): void {
    if (isStopped || !isOpen) return;
    flushTimer ??= setTimeout(
      () => {
        flushTimer = undefined;
        flush();
      },
      Math.max(failures ? 0 : lane.flushAfterMs, notBefore - now()),
    );
  }

  function stopTimers(): void {
    clearTimeout(flushTimer);
    clearTimeout(saveTimer);
    flushTimer = saveTimer = undefined;
  }

  /** Sends until all is delivered, or the server cannot take it. */
  function flush(): Promise<void> {
    const settled = (): void => {
      sending = undefined;
      if (pending[0] || batches[0]) flushSoon();
    };
    isAsked = true;
    return (sending ??= drain().then(settled, settled));
  }

  async function drain(): Promise<void> {
    while (isOpen && !isStopped && now() >= notBefore) {
      // What comes while a batch is sent waits for the next flush.
      if (!batches[0] && isAsked) {
        isAsked = false;
        pack();
      }
      const batch = batches[0];
      if (!batch) return;
      settle(batch, await send(bodyOf(batch)));
    }
  }

  function settle(batch: Batch, { kind, afterMs = 0, answer = {}, message = '' }: Outcome): void {
    // Sent twice, at the end of a page and before: the first answer has settled it.
    if (!batches.includes(batch)) return;
    if (kind === 'retry') return backOff(afterMs);
    if (kind === 'unauthorized') {
      isStopped = true;
      return ctx.onUnauthorized(message);
    }
    failures = notBefore = 0;
    if (kind === 'too_large' && batch.e.length > 1) return split(batch);
    batches = batches.filter((other) => other !== batch);
    save();
    if (kind !== 'ok') return lose(kind, batch.e.length, message);
    const { rejected } = answer;
    if (rejected?.length) lose('rejected', rejected.length, rejected[0]!.message);
    ctx.onReceipt(answer);
  }

  function backOff(afterMs: number): void {
    const jitter = Math.random() * Math.min(MAX_BACKOFF_MS, 1000 * 2 ** failures++);
    notBefore = now() + afterMs + jitter;
    stopTimers();
    flushSoon();
    save();
  }

  function split(batch: Batch): void {
    const e = batch.e.splice(batch.e.length >> 1);
    batches.splice(1, 0, unnumbered(batch.h, e));
    save();
  }

  /** Writes down what is not delivered, and again each minute as a sign of life. */
  function save(isFinal?: boolean): boolean {
    clearTimeout(saveTimer);
    saveTimer = undefined;
    hasUnsaved = false;
    if (!isOpen) return true;
    if (!pending[0] && !batches[0]) return spool.save(pageId, null);
    if (!isFinal) saveIn(HEARTBEAT_MS);
    return spool.save(pageId, toJson({ t: isFinal ? 0 : now(), h: headNow(), e: pending, b: batches }), isFinal);
  }

  function saveIn(ms: number): void {
    clearTimeout(saveTimer);
    saveTimer = setTimeout(() => save(), ms);
  }

  /** Takes over what a page that is gone has left. */
  function adopt(content: string): boolean {
    try {
      const left: { t: number; h: Head; e: string[]; b: Batch[] } = JSON.parse(content);
      // A window has one page at a time, so what another page of this one has left is ours.
      const isOurs = left.h.windowId === headNow().windowId;
      if (!isOpen || (left.t && !isOurs && Math.abs(now() - left.t) <= GONE_AFTER_MS)) return false;
      if (left.e.length) left.b.push(unnumbered(left.h, left.e));
      // This page may have come back, and have them still.
      const isKnown = ({ i }: Batch): boolean => batches.some((batch) => batch.i === i);
      batches.push(...left.b.filter((batch) => !isKnown(batch)));
      save();
      flush();
    } catch {
      // Broken: of no use to anyone.
    }
    return true;
  }

  function unload(isFinal: boolean, quota: number): number {
    if (!isOpen) return quota;
    pack(UNLOAD_BATCH_CHARS, isFinal);
    const unsent = batches.filter((batch) => {
      if (underWay.includes(batch)) return false;
      const body = bodyOf(batch, isFinal ? 'closed' : undefined);
      const rest = quota - new Blob([body]).size - 100;
      if (rest < 0 || isStopped) return true;
      quota = rest;
      underWay.push(batch);
      send(body, true).then((outcome) => {
        underWay = underWay.filter((other) => other !== batch);
        settle(batch, outcome);
      });
      return false;
    });
    if (!save(isFinal) && isFinal && unsent.length) leave(unsent);
    if (isFinal) sleep();
    return quota;
  }

  /** Storage is full: keeps what has not been sent, else says what is lost. */
  function leave(unsent: Batch[]): void {
    batches = unsent;
    if (save(true)) return;
    batches = [];
    lose('storage_full', unsent.flatMap(({ e }) => e).length);
    const report = takeReport();
    if (report) send(bodyOf(numbered([report])), true);
  }

  /** What is left is written down for the next page, and stays here in case this one comes back: the server knows a batch that comes twice. */
  function sleep(): void {
    stopTimers();
    isOpen = false;
  }

  function forget(): void {
    sleep();
    pending = [];
    batches = [];
  }

  return {
    add,
    flush,
    pack,
    unload,
    open() {
      if (isOpen) return;
      isOpen = true;
      spool.takeOver(pageId, adopt);
      save();
      flushSoon();
    },
    wakeUp() {
      notBefore = failures = 0;
      stopTimers();
      flush();
    },
    clear(isAll) {
      forget();
      spool.save(pageId, null);
      if (isAll) spool.wipe?.();
    },
  };
}

/** A batch that has no place in the row of its window's batches; the server goes by its id. */
function unnumbered(head: Head, e: string[]): Batch {
  return { i: uuid(), h: head, e };
}
