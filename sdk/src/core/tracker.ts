import { createApi, type Tracker } from './api';
import { createTeller, isText } from './facts';
import { fractionOf, uuid } from './id';
import { tokenBucket } from './limiter';
import { createOutbox, type Head, type Outbox } from './outbox';
import { createPost } from './http';
import { createReplaySwitch, isReplay } from './replay-switch';
import { createSessions } from './session';
import { storeSpool } from './spool';
import { readJson } from './storage';
import { urlCleaner } from './privacy';
import type { Core, Host, Undo } from './host';
import type { Identity } from './person';
import type { Consent, CrowEvent, DropReason, LaneOptions, Options, Plugin, Properties, Session } from '../types';

export type { Tracker };

declare const CROW_VERSION: string;

const UNLOAD_QUOTA = 60_000;

/** Off: nothing leaves the page, and nothing is kept. Hold: kept in memory until the person decides. */
const OFF = 0;
const HOLD = 1;
const ON = 2;

/** What the calls of a tracker work on. */
export type Engine = ReturnType<typeof createEngine>;

/** Makes the calls of a tracker in its surroundings. */
export function createTracker(options: Options, host: Host): Tracker {
  return createApi(createEngine(options, host));
}

function createEngine(options: Options, host: Host) {
  const { store, windowStore } = host;
  const prefix = (options.storageKey ?? 'crow') + '_';
  const optOutKey = prefix + 'optout';
  const windowKey = prefix + 'window';
  const identityKey = prefix + 'identity';
  const { on, emit, fail, guard } = createTeller(options);
  const sessions = createSessions(store, prefix + 'session');
  const cleanUrl = urlCleaner(options.stripParams);
  const allow = tokenBucket();
  const outboxes: Outbox[] = [];
  const plugins: Plugin[] = [];
  const pageId = uuid();
  let identity: Identity = {};
  let undo: Undo[] | undefined;
  let lost: { [reason: string]: number } | undefined;
  let decision = options.consent ?? 'granted';
  let session: Session | undefined;
  let window: { id: string; seq: number; session?: string } | undefined;
  let wantsReplay = !!options.replay;
  let isReady = false;
  let isShut = false;

  // --- what is allowed ---

  const hasOptedOut = (): boolean => !!store.get(optOutKey);
  const isOn = (): boolean => mode() === ON;

  function mode(): number {
    if (isShut || decision === 'denied' || hasOptedOut() || host.isRefused(options)) return OFF;
    return isReady && decision !== 'pending' ? ON : HOLD;
  }

  /** Makes everything agree with what the person decided. */
  function update(): void {
    if (!isReady) return;
    const now = mode();
    if (now === ON) open();
    // Undecided from the start: what an earlier page kept, with consent, is not touched.
    else if (now === OFF || window) close();
    if (now !== OFF && !undo) {
      undo = [host.attach(core)];
      plugins.forEach(begin);
    }
    switchReplay(wantsReplay && now === ON && isSampled());
  }

  function open(): void {
    claimWindow();
    // What this page said counts more than what earlier pages kept.
    identity = { ...readJson<Identity>(store.get(identityKey)), ...identity };
    keepIdentity();
    if (!isSampled()) outboxes[0]!.clear();
    outboxes.forEach((outbox) => outbox.open());
  }

  /** Stops; and unless it is only the app that goes, wipes. */
  function close(): void {
    undo?.forEach((run) => run());
    undo = undefined;
    if (isShut) return;
    outboxes.forEach((outbox) => outbox.clear());
    session = window = undefined;
    sessions.end();
    for (const keep of [store, windowStore]) {
      for (const key of keep.keys()) if (key.startsWith(prefix) && key !== optOutKey) keep.set(key, null);
    }
  }

  function decide(choice: Consent): void {
    decision = choice;
    if (choice === 'denied') remember();
    update();
  }

  function isSampled(): boolean {
    // So that an id of somebody else, which has no such digits, is tracked.
    return !(fractionOf(touch().id) >= (options.sampleRate ?? 1));
  }

  // --- events ---

  function capture(type: string, data?: Properties, more?: Partial<CrowEvent>): void {
    const now = mode();
    if (now === OFF || (now === ON && !isSampled())) return;
    if (!allow(Date.now())) return countLoss('rate_limit');
    const { props, groups } = identity;
    const event = { ...newEvent(type, { ...props, groups, ...data }, more?.timestamp), url: context().url as string, ...more };
    const checked = options.beforeSend ? options.beforeSend(event) : event;
    if (!checked) return countLoss('before_send');
    try {
      outboxes[0]!.add(JSON.stringify(checked));
    } catch (cause) {
      countLoss('invalid');
      fail('invalid_call', type + ': not JSON', cause);
    }
  }

  /** What is true of the page, with clean addresses. */
  function context(): Properties {
    const facts = host.context();
    facts.url &&= cleanUrl(facts.url as string);
    facts.referrer &&= cleanUrl(facts.referrer as string);
    return facts;
  }

  function countLoss(reason: DropReason | `replay_${DropReason}`, count = 1): void {
    lost ??= {};
    lost[reason] = (lost[reason] ?? 0) + count;
  }

  /** An item that reports losses, which are then forgotten. */
  function takeReport(): string | undefined {
    const dropped = lost;
    lost = undefined;
    return dropped && JSON.stringify(newEvent('client_report', { dropped }));
  }

  // --- session and window ---

  /** The session now. What was queued for the last one is packed before it is left. */
  function touch(): Session {
    const { id, startedAt } = sessions.touch(Date.now());
    if (id !== session?.id) {
      packAll();
      session = { id, startedAt };
      if (window && window.session !== id) window = { ...window, seq: 0, session: id };
      emit('session', session);
    }
    return session!;
  }

  /** Later events belong to another session. */
  function endSession(): void {
    packAll();
    sessions.end();
    if (isOn()) touch();
  }

  /**
   * A page takes the window's id out of the store and puts it back when it goes: a duplicated
   * tab, whose store is a copy, finds none and is a window of its own.
   */
  function claimWindow(): void {
    if (!window) {
      window = { id: uuid(), seq: 0, ...readJson<any>(windowStore.get(windowKey)) };
      windowStore.set(windowKey, null);
      session = undefined;
    }
    touch();
  }

  const keepIdentity = (): boolean => store.set(identityKey, JSON.stringify(identity));

  /** Changes fields of the identity, or forgets it. What is queued goes out under the one that it was captured with. */
  function remember(change?: Identity): void {
    packAll();
    identity = change ? { ...identity, ...change } : {};
    if (isOn()) keepIdentity();
  }

  function headNow(): Head {
    const { userId, traits, groups } = identity;
    return {
      sessionId: session!.id,
      windowId: window!.id,
      sdk: { name: 'crow-js', version: CROW_VERSION, platform: options.platform ?? host.platform },
      context: { ...context(), userId, traits: { ...traits, groups } },
    };
  }

  function packAll(): void {
    if (session && window) outboxes.forEach((outbox) => outbox.pack());
  }

  // --- delivery ---

  const post = createPost(String(options.endpoint).replace(/\/+$/, '') + (options.pathPrefix ?? ''), options.apiKey, host.request);

  function openLane(lane: LaneOptions): Outbox {
    const isEvents = lane.field === 'events';
    const outbox = createOutbox({
      lane,
      pageId,
      headNow,
      nextSeq: () => window!.seq++,
      takeReport: () => (isEvents ? takeReport() : undefined),
      send: (body, isUnload) => post('/batch', body, isUnload),
      lose(reason, count, why = '') {
        countLoss(isEvents ? reason : `replay_${reason}`, count);
        lane.onLost?.();
        fail('dropped', `${count} ${lane.field}: ${reason} ${why}`);
      },
      onReceipt(receipt) {
        if (receipt.sessionEnded && receipt.sessionId === session?.id) endSession();
        emit('receipt', receipt);
      },
      onUnauthorized: (message) => fail('unauthorized', message),
    });
    outboxes.push(outbox);
    if (isOn()) outbox.open();
    return outbox;
  }

  const flush = (): Promise<void> => Promise.all(outboxes.map((outbox) => outbox.flush())) as never;

  function goAway(isFinal: boolean): void {
    emit('suspend', isFinal);
    if (!isOn() || !window) return;
    let quota = UNLOAD_QUOTA;
    for (const outbox of outboxes) quota = outbox.unload(isFinal, quota);
    if (isFinal) {
      windowStore.set(windowKey, JSON.stringify(window));
      window = undefined;
    }
  }

  // --- plugins ---

  function begin(plugin: Plugin): void {
    undo!.push(plugin.setup(core) ?? (() => {}));
  }

  function use(plugin: Plugin): void {
    plugins.push(plugin);
    if (isReplay(plugin)) return wantReplay(true);
    if (undo) begin(plugin);
    update();
  }

  function wantReplay(wish: boolean): void {
    wantsReplay = wish;
    update();
  }

  const core: Core = {
    options,
    capture: guard(capture),
    context,
    cleanUrl,
    guard,
    on,
    goAway: guard(goAway),
    comeBack: guard(update),
    wakeUp: () => outboxes.forEach((outbox) => outbox.wakeUp()),
    session: touch,
    windowId: () => window!.id,
    openLane,
    post,
    fail,
    viewProduct: (product) => capture('product_view', product),
  };
  const switchReplay = createReplaySwitch(core, plugins, options.replay, use);

  openLane({
    field: 'events',
    maxItems: 200,
    maxQueueItems: 1_000,
    maxQueueChars: 2_000_000,
    saveAfterMs: 300,
    flushAt: options.flushAt ?? 20,
    flushAfterMs: options.flushAfterMs ?? 5000,
    spool: storeSpool(store, prefix + 'queue_'),
  });
  const start = (): void => {
    isReady = true;
    update();
  };
  const wrong = wrongOption(options);
  wrong ? fail('invalid_option', wrong + ': wrong option') : host.whenReady(guard(start));
  return {
    core,
    who: () => identity,
    remember,
    wantReplay,
    decide,
    endSession,
    use,
    isOn,
    consent: () => decision,
    hasOptedOut,
    /** Remembers the decision: '1' for out. */
    optedOut: (isOut: string | null) => store.set(optOutKey, isOut),
    flush,
    async shut(): Promise<void> {
      if (isShut) return;
      emit('suspend', true);
      await flush();
      goAway(true);
      isShut = true;
      update();
    },
  };
}

function newEvent(type: string, data: Properties, timestamp = Date.now()): CrowEvent {
  return { id: uuid(timestamp), type, timestamp, data };
}

/** The name of an option that cannot work. */
function wrongOption({ apiKey, endpoint, sampleRate = 1 }: Options): string | undefined {
  if (!isText(apiKey)) return 'apiKey';
  if (!/^https?:\/\/./.test(endpoint)) return 'endpoint';
  return sampleRate >= 0 && sampleRate <= 1 ? undefined : 'sampleRate';
}
