import { fractionOf } from './core/id';
import { createAssets, type Assets } from './replay/assets';
import { later, now, takeNatives, toJson, whenIdle } from './replay/natives';
import { readJson } from './core/storage';
import { hiddenTexts } from './replay/hidden-texts';
import { createHold, type Part } from './replay/hold';
import { databaseSpool } from './replay/database';
import { loadDevtools, loadLate, type Late } from './replay/load';
import { split } from './replay/split';
import { record, type Recording, type RecorderOptions } from './replay/recorder';
import type { DevtoolsOptions, Limits, NetworkOptions } from './devtools/options';
import type { ExtraOptions } from './replay/extras';
import type { Send } from './replay/frames';
import type { MaskingOptions } from './replay/masking';
import type { WireEvent } from './replay/wire';
import type { Core, Undo } from './core/host';
import type { Lane, LaneOptions, Plugin } from './types';

export { record };
export type { Recording, RecorderOptions, MaskingOptions, DevtoolsOptions, WireEvent };

/** The server takes bodies of 16 MB, and 64 MB inflated. */
const MAX_EVENT_CHARS = 4_000_000;

/** Replay waits this long to be sent; shorter while somebody watches. */
const FLUSH_AFTER_MS = 2_000;
const WATCHED_FLUSH_AFTER_MS = 500;
/** A page in a frame waits so long for the one around it, before it sends by itself. */
const JOIN_WITHIN_MS = 3_000;

/** Settings of replay. */
export interface ReplayOptions extends MaskingOptions, ExtraOptions, DevtoolsOptions {
  /** Share of tracked sessions that are recorded, 0 to 1; the server's share counts, too. Default: 1; with `waitForError` 0. */
  sampleRate?: number;
  /** Holds the last minute of other sessions in memory; sends it, and records on, after an error, a rage click or `keepReplay()`. */
  waitForError?: boolean;
  /** Records with `record` of `@rrweb/record` instead; masking is then up to `recorderOptions`. */
  recorder?: RrwebRecord;
  /** Passed to `recorder`. */
  recorderOptions?: Record<string, unknown>;
}

/** `record` of `@rrweb/record`. */
export interface RrwebRecord {
  (options: any): (() => void) | undefined;
  takeFullSnapshot?(isCheckout?: boolean): void;
}

/**
 * Records sessions for replay.
 *
 * ```ts
 * new CROWTracker({ …, replay: { load: () => import('@crow/tracking-sdk/replay'), options: { sampleRate: 0.1 } } });
 * ```
 */
export function replay(options: ReplayOptions = {}, scripts?: string): Plugin {
  let lane: Lane | undefined;
  let assets: Assets;
  let recording: Recording | undefined;
  return {
    name: 'replay',
    setup(core) {
      takeNatives();
      core.hidden.all ||= options.maskAllText;
      const { endpoint, pathPrefix = '' } = core.options;
      // As the browser writes the addresses of requests, which are compared with it.
      const gateway = new URL(String(endpoint).replace(/\/+$/, '') + pathPrefix).href.replace(/\/$/, '');
      const folder = scripts ?? gateway + '/sdk/';
      const late = () => loadLate(folder);
      assets ??= createAssets(core, late);
      // A lane outlives the recordings that are stopped and started again.
      lane ??= openLane(core, assets, () => recording?.snapshot());
      recording = startRecording(core, options, lane, assets, late, (tell) =>
        startDevtools(core, options, gateway, folder, tell),
      );
      return recording.stop;
    },
  };
}

function openLane(core: Core, assets: Assets, onLost: () => void): Lane {
  let wait = 500;
  const settings: LaneOptions = {
    field: 'replay',
    maxItems: 5_000,
    maxQueueItems: 50_000,
    maxQueueChars: 32_000_000,
    flushAt: 500,
    flushAfterMs: FLUSH_AFTER_MS,
    saveAfterMs: 2_000,
    more: assets.take,
    spool: databaseSpool(core, (core.options.storageKey ?? 'crow') + '_replay'),
    // What follows needs what was lost; a page that is too big for the queue is asked less and less.
    onLost: () => setTimeout(onLost, (wait *= 2)),
  };
  core.on('receipt', ({ watched, wantAssets }) => {
    assets.upload(wantAssets ?? []);
    settings.flushAfterMs = watched ? WATCHED_FLUSH_AFTER_MS : FLUSH_AFTER_MS;
  });
  return core.openLane(settings);
}

function startRecording(
  core: Core,
  options: ReplayOptions,
  lane: Lane,
  assets: Assets,
  late: () => Promise<Late>,
  beside: (tell: (event: WireEvent) => void) => Undo,
): Recording {
  const { waitForError, sampleRate = waitForError ? 0 : 1 } = options;
  const { store, windowStore } = core;
  const key = (core.options.storageKey ?? 'crow') + '_kept';
  const hold = createHold(() => whenIdle(() => recording?.snapshot()));
  let recording: Recording | undefined;
  let stopBeside: Undo | undefined;
  /** Until the server has said whether it wants recordings. */
  let isAsking = true;
  /** Until something happens that is worth recording. */
  let isWaiting = false;
  let serverRate = 1;
  /** Of the page before this one in the window. */
  let earlier = readJson<{ [session: string]: Part[] }>(windowStore.get(key))[core.session().id];
  windowStore.set(key, null);
  /** Sends to the page around this one, once that has taken it in. */
  let send: Send | undefined;
  let isOver = false;

  const emit = (event: WireEvent): void => {
    for (const part of split(event)) {
      let json = toJson(part);
      if (json.length > MAX_EVENT_CHARS) json = json.replace(/data:[^"')\\]{500,}/g, 'data:,');
      if (send) {
        send(json);
        const shown = assets.take();
        if (shown) send(toJson(shown));
      } else isAsking || isWaiting ? hold.add(part, json, isWaiting) : lane.add(json);
    }
  };
  const stop = (): void => {
    recording?.stop();
    stopBeside?.();
    recording = undefined;
    hold.clear();
  };
  /** Begins, goes on with a fresh snapshot, or ends, as the session is sampled. */
  const follow = core.guard(() => {
    const fraction = replayFraction(core);
    const isSampled = send || fraction < Math.min(waitForError ? 1 : sampleRate, serverRate);
    if (!isSampled) return stop();
    isWaiting = !send && fraction >= sampleRate && store.get(key) !== core.session().id;
    // What is held is of another session, or was for ourselves.
    hold.clear(earlier);
    earlier = undefined;
    if (recording) return recording.snapshot();
    recording = begin(core, options, { emit, onAsset: assets.shown, late });
    // A page in a frame leaves it to the page around it.
    stopBeside = beside((event) => recording && !recording.isIdle?.() && !send && emit(event));
  });
  const release = (): void => {
    if (!isAsking && !isWaiting && !hold.sendHeld(lane.add)) recording?.snapshot();
  };

  /** The session is worth recording, on its next pages, too. */
  const keep = (): void => {
    core.isKept = false;
    if (waitForError) store.set(key, core.session().id);
    isWaiting = false;
    release();
  };
  if (core.isKept) keep();
  follow();
  /** The server has another share than it said. */
  const refuse = async (): Promise<void> => {
    stop();
    serverRate = await ask(core);
  };
  const undo = [
    core.on('session', follow),
    core.on('keep', keep),
    core.on('suspend', async (isFinal) => {
      if (!isFinal || !isWaiting) return;
      const rest = { [core.session().id]: hold.rest() };
      // Later listeners of `suspend` still add what they hold, such as requests.
      await undefined;
      // The next page may send it; this one begins anew if it comes back.
      windowStore.set(key, toJson(rest));
    }),
    core.on('receipt', ({ needSnapshot, notRecorded, sessionId }) => {
      if (!recording) return;
      if (notRecorded && sessionId === core.session().id) return refuse();
      if (needSnapshot) recording.snapshot();
    }),
  ];
  let patience: Promise<unknown> | undefined;
  const { frames } = options;
  if (frames && window.parent !== window) {
    const join = core.guard((next: Send | undefined) => {
      send = next;
      follow();
    });
    late().then(
      core.guard(({ joinParents }) => isOver || undo.push(joinParents(frames, join))),
      () => {},
    );
    patience = new Promise((done) => setTimeout(done, JOIN_WITHIN_MS));
  }
  if (recording) {
    Promise.all([ask(core), patience]).then(([rate]) => {
      serverRate = rate;
      isAsking = false;
      if (replayFraction(core) < rate) release();
      else if (!send) stop();
    });
  }
  return {
    snapshot: () => recording?.snapshot(),
    stop() {
      isOver = true;
      undo.forEach((run) => run());
      stop();
    },
  };
}

/** What a page does beside what it shows: console, requests, long tasks. */
function startDevtools(
  core: Core,
  options: ReplayOptions,
  gateway: string,
  folder: string,
  emit: (event: WireEvent) => void,
): Undo {
  const { maskAllText } = core.options;
  const undo: Undo[] = [];
  let isOver = false;
  const parts = [options.console, options.network, options.performance];
  const { traceHosts } = Object(options.network) as NetworkOptions;
  if (parts.some((part) => part !== false)) {
    const isOwn = (url: string): boolean =>
      url.startsWith(gateway) && /^\/(batch|asset|track|session\/(start|end)|sdk\/.*)$/.test(url.slice(gateway.length));
    loadDevtools(folder).then(
      core.guard(({ watchPage }) => {
        if (isOver) return;
        const { wrap, flush, stop } = watchPage(
          { maskAllText, ...options },
          {
            emit,
            isOwn,
            limits: () => core.limits,
            now,
            later,
            toJson,
            cleanUrl: core.cleanUrl,
            hideText: (text) => core.hidden.text(text),
          },
        );
        undo.push(core.on('suspend', flush), stop);
        // Around what records requests, which sees what it adds.
        if (traceHosts)
          return loadLate(folder).then(
            ({ traceRequests }) => isOver || undo.push(traceRequests(traceHosts, wrap, isOwn)),
          );
      }),
      (cause) => core.fail('internal', 'no console and network', cause),
    );
  }
  return () => {
    isOver = true;
    undo.forEach((run) => run());
  };
}

/** Not of the digits that decide whether a session is tracked. */
function replayFraction(core: Core): number {
  return fractionOf(core.session().id.slice(0, -6));
}

/** The share of sessions that the server wants; all, when it cannot be asked. Its limits lie in `core` then. */
async function ask(core: Core): Promise<number> {
  const { id } = core.session();
  const outcome = await core.post(
    '/session/start',
    JSON.stringify({ sessionId: id, windowId: core.windowId(), sentAt: Date.now() }),
  );
  const { replay: wish } = (outcome.kind === 'ok' ? outcome.answer : {}) as {
    replay?: { enabled: boolean; sampleRate: number; limits?: Limits };
  };
  if (!wish) return 1;
  core.limits = wish.limits;
  return wish.enabled ? wish.sampleRate : 0;
}

function begin(
  core: Core,
  options: ReplayOptions,
  parts: Pick<RecorderOptions, 'emit' | 'onAsset' | 'late'>,
): Recording {
  const { recorder, recorderOptions } = options;
  const onError = (error: unknown): void => core.fail('internal', 'the recorder failed', error);
  if (!recorder) {
    const recording = record({
      maskAllText: core.options.maskAllText,
      cleanUrl: core.cleanUrl,
      ...options,
      ...parts,
      onError,
    });
    Object.assign(core.hidden, recording.hidden);
    return recording;
  }
  core.hidden.text = hiddenTexts(options);
  const stop = recorder({
    maskAllInputs: true,
    blockClass: 'rr-block',
    ...recorderOptions,
    emit: parts.emit,
    errorHandler: onError,
  });
  return { stop: stop ?? (() => {}), snapshot: () => recorder.takeFullSnapshot?.() };
}
