import { fractionOf, uuid } from './id';
import { tokenBucket } from './limiter';
import { createOutbox, type Head, type Outbox } from './outbox';
import { createPost } from './http';
import { createSessions } from './session';
import { storeSpool } from './spool';
import { readJson } from './storage';
import { urlCleaner } from './privacy';
import type { Core, Host, Undo } from './host';
import type {
  Consent, CrowEvent, DropReason, EventMap, Facts, LaneOptions, Options, Plugin, Product, Properties, Session,
} from '../types';

declare const CROW_VERSION: string;

const UNLOAD_QUOTA = 60_000;
const EVENTS_PER_SECOND = 10;
const EVENTS_BURST = 100;

/** Who the person is said to be; outlives pages. */
interface Identity {
  userId?: string;
  traits?: Properties;
  groups?: Properties;
  /** Super properties. */
  props?: Properties;
}

/** Off: nothing leaves the page, and nothing is kept. Hold: kept in memory until the person decides. */
const OFF = 0;
const HOLD = 1;
const ON = 2;

/** The calls of a tracker. None throws: what goes wrong is told to `on('error')`. */
export interface Tracker<Events extends EventMap = EventMap> {
  /** Tracks a custom event. */
  track<N extends keyof Events & string>(name: N, properties?: Events[N]): void;
  /** Tracks a page view or a screen that is not seen by itself. */
  page(properties?: Properties & { url?: string; title?: string }): void;
  /** The person looks at a product; the view ends with the next one, or the page. */
  product(product: Product): void;
  /** Says who the person is. Another person than before begins another session. */
  identify(userId: string, traits?: Properties): void;
  /** Says which group, such as a company, the person belongs to. */
  group(type: string, id: string, traits?: Properties): void;
  /** Adds properties to every later event. */
  register(properties: Properties): void;
  /** Takes back what `register` added. */
  unregister(...names: string[]): void;
  /** Forgets the person, as after a log-out, and begins another session. */
  reset(): void;
  /** Takes back `optOut`, and consents. */
  optIn(): void;
  /** Stops, and wipes ids and queue; remembered until `optIn`. */
  optOut(): void;
  hasOptedOut(): boolean;
  /** What the person has decided; with an argument, says what the person decides. */
  consent(decision?: Consent): Consent;
  /** Sends what is queued; resolves when it is delivered, or cannot be now. */
  flush(): Promise<void>;
  /** Sends what is queued, keeps what cannot be sent for the next start, and stops. */
  shutdown(): Promise<void>;
  /** Whether to log to the console. */
  debug(isOn?: boolean): void;
  /** The session that later events belong to; undefined while nothing is tracked. */
  getSessionId(): string | undefined;
  /** Records the session, once consent and sampling allow. Needs the option `replay`, or a plugin of that name. */
  startReplay(): void;
  stopReplay(): void;
  /** Adds a plugin. The one named `replay` is started and stopped by `startReplay` and `stopReplay`. */
  use(plugin: Plugin): void;
  /** Listens; gives what stops it. */
  on<K extends keyof Facts>(kind: K, listener: (fact: Facts[K]) => void): Undo;
}

/** Makes the calls of a tracker in its surroundings. */
export function createTracker(options: Options, host: Host): Tracker {
  const { store, windowStore } = host;
  const prefix = (options.storageKey ?? 'crow') + '_';
  const sessions = createSessions(store, prefix + 'session');
  const cleanUrl = urlCleaner(options.stripParams);
  const allow = tokenBucket(EVENTS_PER_SECOND, EVENTS_BURST);
  const listeners: { kind: string; listener: (fact: never) => void }[] = [];
  const outboxes: Outbox[] = [];
  const plugins: Plugin[] = [];
  const pageId = uuid();
  let undo: Undo[] | undefined;
  let lost: Partial<Record<DropReason, number>> = {};
  let decision = options.consent ?? 'granted';
  let identity: Identity = {};
  let session: Session | undefined;
  let window: { id: string; seq: number; session?: string } | undefined;
  let isReady = false;
  let isShut = false;
  let replayUndo: Undo | undefined;
  let replayLoader = options.replay;
  let wantsReplay = !!replayLoader;

  // --- what is allowed ---

  function mode(): number {
    if (isShut || decision === 'denied' || host.isRefused(options) || api.hasOptedOut()) return OFF;
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
      undo = [host.install(core)];
      plugins.forEach(begin);
    }
    const isRecorded = now === ON && wantsReplay && isSampled();
    if (isRecorded) startReplay();
    else {
      replayUndo?.();
      replayUndo = undefined;
    }
  }

  function open(): void {
    identity = { ...readJson<any>(store.get(prefix + 'identity')), ...identity };
    claimWindow();
    saveIdentity();
    if (!isSampled()) outboxes[0]!.clear();
    for (const outbox of outboxes) outbox.open();
  }

  /** Stops; and unless it is only the app that goes, wipes. */
  function close(): void {
    undo?.forEach((run) => run());
    undo = undefined;
    if (isShut) return;
    for (const outbox of outboxes) outbox.clear();
    session = window = undefined;
    sessions.end();
    for (const keep of [store, windowStore]) {
      for (const key of keep.keys()) if (key.startsWith(prefix) && key !== prefix + 'optout') keep.set(key, null);
    }
  }

  function isSampled(): boolean {
    const { sampleRate = 1 } = options;
    return sampleRate >= 1 || fractionOf(touch().id) < sampleRate;
  }

  // --- events ---

  function capture(type: string, data?: Properties, more?: Partial<CrowEvent>): void {
    const now = mode();
    if (now === OFF || (now === ON && (touch(), !isSampled()))) return;
    if (!allow(Date.now())) return lose('rate_limit');
    const { props, groups } = identity;
    const timestamp = more?.timestamp ?? Date.now();
    const event: CrowEvent = { id: uuid(timestamp), type, timestamp, url: host.context().url as string, ...more, data: { ...props, groups, ...data } };
    if (event.url) event.url = cleanUrl(event.url);
    enqueue(event);
  }

  function enqueue(event: CrowEvent): void {
    const checked = options.beforeSend ? options.beforeSend(event) : event;
    if (!checked) return lose('before_send');
    let json = '';
    try {
      json = JSON.stringify(checked);
    } catch (cause) {
      lose('invalid');
      return fail('invalid_call', event.type + ': not JSON', cause);
    }
    outboxes[0]!.add(json);
  }

  function lose(reason: DropReason, count = 1): void {
    lost[reason] = (lost[reason] ?? 0) + count;
  }

  /** An item that reports losses, which are then forgotten. */
  function takeReport(): string | undefined {
    const dropped = lost;
    lost = {};
    for (const _ in dropped) {
      const timestamp = Date.now();
      return JSON.stringify({ id: uuid(timestamp), type: 'client_report', timestamp, data: { dropped } });
    }
    return undefined;
  }

  // --- session, window, person ---

  /** The session now. What was queued for the last one is packed before it is left. */
  function touch(): Session {
    const { id, startedAt } = sessions.touch(Date.now());
    if (id !== session?.id) {
      packAll();
      session = { id, startedAt };
      if (window && window.session !== id) Object.assign(window, { seq: 0, session: id });
      emit('session', session);
    }
    return session!;
  }

  /**
   * A page takes the window's id out of the store and puts it back when it goes: a duplicated
   * tab, whose store is a copy, finds none and is a window of its own.
   */
  function claimWindow(): void {
    if (!window) {
      window = { id: uuid(), seq: 0, ...readJson<any>(windowStore.get(prefix + 'window')) };
      windowStore.set(prefix + 'window', null);
      session = undefined;
    }
    touch();
  }

  function head(): Head {
    const { userId, traits, groups } = identity;
    const context = host.context();
    for (const field in context) if (/^url|referrer$/.test(field)) context[field] = cleanUrl(context[field] as string);
    return {
      sessionId: session!.id,
      windowId: window!.id,
      sdk: { name: 'crow-js', version: CROW_VERSION, platform: options.platform ?? host.platform },
      context: { ...context, userId, traits: { ...traits, groups } },
    };
  }

  function remember(change: Identity): void {
    packAll();
    Object.assign(identity, change);
    if (mode() === ON) saveIdentity();
  }

  function saveIdentity(): void {
    const json = JSON.stringify(identity);
    if (json !== '{}') store.set(prefix + 'identity', json);
  }

  function packAll(): void {
    if (session && window) for (const outbox of outboxes) outbox.pack();
  }

  // --- delivery ---

  const post = createPost(
    String(options.endpoint).replace(/\/+$/, '') + (options.pathPrefix ?? ''),
    options.apiKey,
    host.request,
  );

  function openLane(lane: LaneOptions): Outbox {
    const outbox = createOutbox({
      lane,
      pageId,
      head,
      nextSeq: () => window!.seq++,
      takeReport: () => (lane.field === 'events' ? takeReport() : undefined),
      send: (body, isUnload) => post('/batch', body, isUnload),
      lost(reason, count, why = '') {
        if (lane.field === 'events') lose(reason, count);
        lane.onLost?.();
        fail('dropped', `${count} ${lane.field} not stored: ${reason} ${why}`);
      },
      onReceipt: (receipt) => emit('receipt', receipt),
      onUnauthorized: (message) => fail('unauthorized', 'the server refuses: ' + message),
    });
    outboxes.push(outbox);
    if (mode() === ON) outbox.open();
    return outbox;
  }

  function suspend(isFinal: boolean): void {
    emit('suspend', isFinal);
    if (mode() !== ON || !window) return;
    let quota = UNLOAD_QUOTA;
    for (const outbox of outboxes) quota = outbox.unload(isFinal, quota);
    if (isFinal) {
      windowStore.set(prefix + 'window', JSON.stringify(window));
      window = undefined;
    }
  }

  // --- plugins ---

  function begin(plugin: Plugin): void {
    const end = plugin.setup(core);
    if (end) undo!.push(end);
  }

  function startReplay(): void {
    const plugin = plugins.find(isReplay);
    if (plugin) replayUndo ??= plugin.setup(core) ?? (() => {});
    else if (replayLoader) {
      const { load, options: settings } = replayLoader;
      replayLoader = undefined;
      load().then(
        (module) => api.use(module.replay(settings)),
        (cause) => fail('internal', 'no recorder', cause),
      );
    }
  }

  // --- failures ---

  function on<K extends keyof Facts>(kind: K, listener: (fact: Facts[K]) => void): Undo {
    const entry = { kind, listener };
    listeners.push(entry);
    return () => void listeners.splice(listeners.indexOf(entry), 1);
  }

  function emit<K extends keyof Facts>(kind: K, fact: Facts[K]): void {
    for (const entry of [...listeners]) {
      if (entry.kind !== kind) continue;
      try {
        entry.listener(fact as never);
      } catch (error) {
        log(kind, error);
      }
    }
  }

  function guard<A extends unknown[], R>(run: (...args: A) => R): (...args: A) => R {
    return (...args) => {
      try {
        return run(...args);
      } catch (cause) {
        return fail('internal', String(cause), cause) as R;
      }
    };
  }

  function fail(code: Facts['error']['code'], message: string, cause?: unknown): void {
    if (/^inv|un/.test(code) || options.debug) console.warn('[crow]', message, cause ?? '');
    emit('error', { code, message, cause });
  }

  /** False, and told, when a call is not right. */
  function check(isRight: unknown, message: string): boolean {
    if (!isRight) fail('invalid_call', message);
    return !!isRight;
  }

  function log(...facts: unknown[]): void {
    if (options.debug) console.log('[crow]', ...facts);
  }

  const core: Core = {
    options,
    capture: guard(capture),
    cleanUrl,
    guard,
    on,
    suspend: guard(suspend),
    resume: guard(update),
    wake: () => outboxes.forEach((outbox) => outbox.wake()),
    session: touch,
    windowId: () => window!.id,
    openLane,
    post,
    fail,
  };

  const api: Tracker = {
    track(name: string, properties?: Properties) {
      if (check(name && typeof name === 'string', 'track: name must be a string') && check(isRecord(properties), 'track: properties must be an object')) {
        capture('custom', properties, { name });
      }
    },
    page({ url, ...data } = {}) {
      capture('pageview', { title: host.context().title, ...data }, url ? { url } : {});
    },
    product(product) {
      if (check(product?.id, 'product: id is missing')) core.viewProduct ? core.viewProduct(product) : capture('product_view', product);
    },
    identify(userId, traits) {
      if (!check(userId && typeof userId === 'string', 'identify: userId must be a string')) return;
      if (identity.userId && identity.userId !== userId) api.reset();
      remember({ userId, traits: { ...identity.traits, ...traits } });
      capture('identify', { userId, traits });
    },
    group(type, id, traits) {
      if (!check(type && id, 'group: type and id are needed')) return;
      remember({ groups: { ...identity.groups, [type]: id } });
      capture('group', { type, id, traits });
    },
    register: (properties) => remember({ props: { ...identity.props, ...properties } }),
    unregister(...names) {
      const props = { ...identity.props };
      for (const name of names) delete props[name];
      remember({ props });
    },
    reset() {
      packAll();
      identity = {};
      if (mode() !== ON) return;
      store.set(prefix + 'identity', null);
      sessions.end();
      touch();
    },
    optIn() {
      store.set(prefix + 'optout', null);
      api.consent('granted');
    },
    optOut() {
      api.consent('denied');
      store.set(prefix + 'optout', '1');
    },
    hasOptedOut: () => !!store.get(prefix + 'optout'),
    consent(choice) {
      if (choice && check(/^(granted|pending|denied)$/.test(choice), 'consent: granted, pending or denied')) {
        decision = choice;
        if (choice === 'denied') identity = {};
        update();
      }
      return decision;
    },
    flush: () => Promise.all(outboxes.map((outbox) => outbox.flush())) as never,
    async shutdown() {
      if (isShut) return;
      emit('suspend', true);
      await api.flush();
      suspend(true);
      isShut = true;
      update();
    },
    debug(isOn = true) {
      options.debug = isOn;
    },
    getSessionId: () => (mode() === ON ? touch().id : undefined),
    startReplay() {
      wantsReplay = true;
      update();
    },
    stopReplay() {
      wantsReplay = false;
      update();
    },
    use(plugin) {
      plugins.push(plugin);
      if (isReplay(plugin)) wantsReplay = true;
      else if (undo) begin(plugin);
      update();
    },
    on,
  };
  for (const name in api) api[name as 'reset'] = guard(api[name as 'reset']);

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
  const problem = problemOf(options);
  if (problem) fail('invalid_option', problem);
  else {
    host.whenReady(
      guard(() => {
        isReady = true;
        update();
      }),
    );
  }
  return api;
}

function problemOf({ apiKey, endpoint, sampleRate = 1 }: Options): string | undefined {
  if (!apiKey || typeof apiKey !== 'string') return 'apiKey is missing';
  if (!/^https?:\/\/./.test(endpoint)) return 'endpoint must begin with http:// or https://';
  return sampleRate >= 0 && sampleRate <= 1 ? undefined : 'sampleRate must be from 0 to 1';
}

function isReplay(plugin: Plugin): boolean {
  return plugin.name === 'replay';
}

function isRecord(value: unknown): boolean {
  return value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value));
}
