import { createApi, type Tracker } from './api';
import { createTeller, isText, textOf } from './facts';
import { createPost, type Outcome } from './http';
import { fractionOf, now, uuid } from './id';
import { toJson } from './json';
import { tokenBucket } from './limiter';
import { createOutbox, type Head, type Outbox } from './outbox';
import { createReplaySwitch, isReplay } from './replay-switch';
import { createSessions } from './session';
import { contextOf, identityOf, isId } from './shape';
import { storeSpool } from './spool';
import { readJson } from './storage';
import { urlCleaner } from './privacy';
import type { Core, Host, Undo } from './host';
import type { Identity } from './person';
import type {
  Consent,
  CrowEvent,
  DropReason,
  LaneOptions,
  Options,
  Plugin,
  Properties,
  Receipt,
  Session,
} from '../types';

export type { Tracker };

declare const CROW_VERSION: string;

const UNLOAD_QUOTA = 60_000;
/** A page that is seen and sends nothing says so after this long that it is open. */
const BEAT_MS = 30_000;

/** Off: nothing leaves the page, and nothing is kept. Hold: kept in memory until the person decides. */
const OFF = 0;
const HOLD = 1;
const ON = 2;

/** What the calls of a tracker work on. */
export type Engine = ReturnType<typeof createEngine>;

/** Makes the calls of a tracker in its surroundings. */
export function createTracker(options: Options, host: Host): Tracker {
  return createApi(createEngine(Object(options), host));
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
  // Known before there is a recorder, which comes late, or not at all.
  const hidden: Core['hidden'] = {
    text: (text) => text,
    all: options.maskAllText || options.replay?.options?.maskAllText,
  };
  const pageId = uuid();
  let identity: Identity = {};
  let undo: Undo[] | undefined;
  let lost: { [reason: string]: number } | undefined;
  /** Undefined: nobody asked, which is taken for consent and not reported as such. */
  let decision = options.consent;
  let session: Session | undefined;
  let window: { id: string; seq: number; session?: string } | undefined;
  let wantsReplay = !!options.replay;
  let isReady = false;
  let isShut = false;
  /** The page was in the back/forward cache, while others went on. */
  let isBack = false;
  /** The server does not take our key. */
  let isBarred = false;
  let sentAt = 0;
  let beatTimer: any;

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
    const next = mode();
    if (next === ON) open();
    // Undecided from the start: what an earlier page kept, with consent, is not touched.
    else if (next === OFF || window) close();
    if (next !== OFF && !undo) {
      undo = [guard(() => host.attach(core))() ?? (() => {})];
      plugins.forEach(begin);
    }
    switchReplay(wantsReplay && next === ON && isSampled());
  }

  function open(): void {
    claimWindow();
    // What this page said counts more than what earlier pages kept.
    identity = identityOf({ ...readJson<Identity>(store.get(identityKey)), ...identity });
    keepIdentity();
    if (!isSampled()) outboxes[0]!.clear();
    outboxes.forEach((outbox) => outbox.open());
    sentAt ||= now();
    beatSoon();
  }

  /** Stops; and unless it is only the app that goes, wipes. */
  function close(): void {
    undo?.forEach((run) => guard(run)());
    undo = undefined;
    clearTimeout(beatTimer);
    if (isShut) return;
    outboxes.forEach((outbox) => outbox.clear(true));
    session = window = undefined;
    sessions.end();
    for (const keep of [store, windowStore]) {
      for (const key of keep.keys()) if (key.startsWith(prefix) && key !== optOutKey) keep.set(key, null);
    }
    // No recorder has opened it here, but one of an earlier page may have.
    if (!outboxes[1]) host.wipe?.(prefix + 'replay');
  }

  /** An opt-out is told to nobody; what the person says about consent is. */
  function decide(choice: Consent, isTold?: boolean): void {
    const isWithdrawn = isTold && choice === 'denied' && isOn() && isSampled();
    decision = choice;
    if (isWithdrawn) withdraw();
    if (choice === 'denied') remember();
    update();
  }

  /**
   * Tells the server, which erases what it has of the session. The event has no content, and the server does not store it. There is
   * no second try, because nothing may be kept for one.
   */
  function withdraw(): void {
    const { id, type, timestamp } = newEvent('custom', {});
    const batch = {
      batchId: uuid(),
      sessionId: touch().id,
      windowId: window!.id,
      sentAt: timestamp,
      context: { consent: consentNow() },
      events: [{ id, type, name: 'consent', timestamp }],
    };
    void post('/batch', toJson(batch), true);
  }

  function isSampled(id = touch().id): boolean {
    // So that an id of somebody else, which has no such digits, is tracked.
    return !(fractionOf(id) >= (options.sampleRate ?? 1));
  }

  // --- events ---

  function capture(type: string, data?: Properties, more?: Partial<CrowEvent>): void {
    const allowed = mode();
    if (allowed === OFF || (allowed === ON && !isSampled())) return;
    if (!allow(now())) return countLoss('rate_limit');
    const { props, groups } = identity;
    const event = {
      ...newEvent(type, { release: options.release, ...props, groups, ...data }, more?.timestamp),
      url: context().url as string,
      ...more,
    };
    const checked = options.beforeSend ? options.beforeSend(event) : event;
    if (!checked) return countLoss('before_send');
    outboxes[0]!.add(toJson(checked));
    if (type === 'error' || (type === 'click' && data!.rage)) keepReplay();
  }

  /** What is true of the page, with clean addresses. */
  const context = (): Properties => {
    const facts = contextOf(guard(host.context)() ?? {}, cleanUrl);
    if (isText(facts.title)) facts.title = hidden.all ? undefined : guard(hidden.text)(facts.title as string);
    return facts;
  };

  function countLoss(reason: DropReason | `replay_${DropReason}`, count = 1): void {
    lost ??= {};
    lost[reason] = (lost[reason] ?? 0) + count;
  }

  /** An item that reports losses, which are then forgotten. */
  function takeReport(): string | undefined {
    const dropped = lost;
    lost = undefined;
    return dropped && toJson(newEvent('client_report', { dropped }));
  }

  // --- session and window ---

  /** The session now. What was queued for the last one is packed before it is left. */
  function touch(): Session {
    const { id, startedAt } = sessions.touch(now());
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
   * tab, whose store is a copy, finds none and is a window of its own. So is a page that comes back
   * from the back/forward cache: the store may show it what it wrote itself, before others went on counting.
   */
  function claimWindow(): void {
    if (!window) {
      const stored = isBack ? {} : readJson<any>(windowStore.get(windowKey));
      beginWindow(isId(stored.id) && stored.seq >= 0 ? (stored as any) : undefined);
      windowStore.set(windowKey, null);
    }
    touch();
  }

  function beginWindow(stored: typeof window = { id: uuid(), seq: 0 }): void {
    window = stored;
    session = undefined;
  }

  /** The server has known other batches by our numbers. */
  function changeWindow(): void {
    packAll();
    beginWindow();
    touch();
  }

  const keepIdentity = (): boolean => {
    identity.visitorId ??= uuid();
    return store.set(identityKey, toJson(identity));
  };

  /** Changes fields of the identity, or forgets it. What is queued goes out under the one that it was captured with. */
  function remember(change?: Identity): void {
    packAll();
    identity = change ? identityOf({ ...identity, ...change }) : {};
    if (isOn()) keepIdentity();
  }

  const consentNow = () => decision && { state: decision, version: options.consentVersion };

  function headNow(): Head {
    const { userId, visitorId, traits, groups } = identity;
    return {
      sessionId: session!.id,
      windowId: window!.id,
      sdk: { name: 'crow-js', version: CROW_VERSION, platform: options.platform ?? host.platform },
      context: {
        ...context(),
        visitorId,
        userId,
        traits: { ...traits, groups },
        consent: consentNow(),
      },
    };
  }

  function packAll(): void {
    if (session && window) outboxes.forEach((outbox) => outbox.pack());
  }

  // --- delivery ---

  const post = createPost(
    textOf(options.endpoint).replace(/\/+$/, '') + (options.pathPrefix ?? ''),
    options.apiKey,
    host.request,
    host.beacon,
  );

  function send(body: string, isUnload?: boolean) {
    // Another tab may have been told to stop.
    if (!isOn()) update();
    if (!isOn()) return Promise.resolve<Outcome>({ kind: 'retry' });
    sentAt = now();
    return post('/batch', body, isUnload);
  }

  function onReceipt(receipt: Receipt): void {
    if (receipt.sessionEnded && receipt.sessionId === session?.id) endSession();
    else if (receipt.newWindow && isOn()) changeWindow();
    emit('receipt', receipt);
  }

  /** Says that the page is open, or is going. Not an event: no number, no second attempt. */
  function tell(page: 'open' | 'closed', isUnload?: boolean): void {
    const body = toJson({ batchId: uuid(), ...headNow(), sentAt: now(), page });
    send(body, isUnload).then(({ kind, answer }) => {
      if (kind === 'ok' && window) onReceipt(answer!);
    });
  }

  /** A page that nobody looks at, or whose person has left, is silent. */
  function beatSoon(wait = sentAt + BEAT_MS - now()): void {
    clearTimeout(beatTimer);
    if (host.isSeen && !isBarred && isOn()) beatTimer = setTimeout(beat, wait);
  }

  const beat = guard((): void => {
    if (sentAt + BEAT_MS > now()) return beatSoon();
    if (
      window &&
      session &&
      !isBarred &&
      host.isSeen?.() &&
      sessions.peek(now()) === session.id &&
      isSampled(session.id)
    )
      tell('open');
    beatSoon(BEAT_MS);
  });

  function openLane(lane: LaneOptions): Outbox {
    const isEvents = lane.field === 'events';
    const outbox = createOutbox({
      lane,
      pageId,
      headNow,
      nextSeq: () => window!.seq++,
      takeReport: () => (isEvents ? takeReport() : undefined),
      send,
      lose(reason, count, why = '') {
        countLoss(isEvents ? reason : `replay_${reason}`, count);
        lane.onLost?.();
        fail('dropped', `${count} ${lane.field}: ${reason} ${why}`);
      },
      onReceipt,
      onUnauthorized(message) {
        isBarred = true;
        fail('unauthorized', message);
      },
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
    if (!isFinal) return;
    if (quota === UNLOAD_QUOTA && host.isSeen && !isBarred && isSampled(session!.id)) tell('closed', true);
    clearTimeout(beatTimer);
    windowStore.set(windowKey, toJson(window));
    window = undefined;
  }

  /** Other pages have gone on: what is stored is newer than what is in memory. */
  function comeBack(): void {
    isBack = true;
    identity = {};
    update();
  }

  // --- plugins ---

  function begin(plugin: Plugin): void {
    undo!.push(guard(() => plugin.setup(core))() ?? (() => {}));
  }

  function use(plugin: Plugin): void {
    plugins.push(plugin);
    if (isReplay(plugin)) return wantReplay(true);
    if (undo) begin(plugin);
    update();
  }

  function keepReplay(): void {
    core.isKept = true;
    emit('keep', true);
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
    comeBack: guard(comeBack),
    wakeUp: guard(() => outboxes.forEach((outbox) => outbox.wakeUp())),
    beat,
    session: touch,
    windowId: () => window!.id,
    openLane,
    store,
    windowStore,
    spool: storeSpool,
    post,
    fail,
    hidden,
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
  if (wrong) {
    host.onShut?.();
    fail('invalid_option', wrong + ': wrong option');
  } else guard(host.whenReady)(guard(start));
  return {
    core,
    who: () => identity,
    remember,
    wantReplay,
    keepReplay,
    decide,
    endSession,
    use,
    isOn,
    consent: () => decision ?? 'granted',
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
      host.onShut?.();
    },
  };
}

function newEvent(type: string, data: Properties, timestamp = now()): CrowEvent {
  return { id: uuid(timestamp), type, timestamp, data };
}

/** The name of an option that cannot work. */
function wrongOption({ apiKey, endpoint, sampleRate = 1 }: Options): string | undefined {
  if (!isText(apiKey)) return 'apiKey';
  if (!/^https?:\/\/./.test(textOf(endpoint))) return 'endpoint';
  return sampleRate >= 0 && sampleRate <= 1 ? undefined : 'sampleRate';
}
