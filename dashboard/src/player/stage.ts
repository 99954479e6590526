/**
 * Shows a recording: one replayer per window, one clock for all. The replayers run in rrweb's live mode, which
 * only means that they do not stop at their newest event, so that more can come at any time.
 */
import type { Replayer } from '@rrweb/replay';
import type { AssetBook } from './assets';
import type { PlayerState, Span } from './protocol';
import { forget, makeReplayer } from './replayer';
import { Scene } from './scene';
import { Tracks, type Track } from './tracks';

/** A watcher of a live session is this far behind its newest event: enough to play smoothly. */
const LIVE_LAG_MS = 250;
/** The replay begins this long before the person does something again. */
const IDLE_LEAD_MS = 500;
/** Someone who asked for a moment sees at least so much of it, whether something happens or not. */
const ASKED_MS = 10_000;
/** The first picture waits so long for what belongs to it. */
const ASSETS_MS = 1_500;
/** What comes late is shown together with what comes shortly after it. */
const LATE_MS = 300;
/** Events of one moment are this close; all of them are in the picture of that moment. */
const MOMENT_MS = 0.5;

interface Shown {
  track: Track;
  replayer: Replayer;
  scene: Scene;
  /** Things have come since that the page is to be built with. */
  isStale: boolean;
}

export interface StageOptions {
  at: number | null;
  playing: boolean;
  speed: number;
  skipIdle: boolean;
  follow: boolean;
}

export class Stage {
  readonly tracks: Tracks;
  private readonly shown = new Map<string, Shown>();
  private current: Shown | undefined;
  private at: number | null;
  private isPlaying: boolean;
  /** The replayer of the current window runs. */
  private isRunning = false;
  private isComplete = false;
  private isLive = false;
  private lastTick = 0;
  /** The moment that was asked for last. */
  private asked: number;
  private waitsUntil = 0;
  private staleSince: number | undefined;
  private readonly timer: ReturnType<typeof setInterval>;
  speed: number;
  skipIdle: boolean;
  follow: boolean;

  constructor(
    private readonly root: HTMLElement,
    private readonly assets: AssetBook,
    options: StageOptions,
    private readonly tell: (state: PlayerState) => void,
  ) {
    this.tracks = new Tracks({ allowRemote: false, assets });
    this.at = options.at;
    this.asked = options.at ?? -Infinity;
    this.isPlaying = options.playing;
    this.speed = options.speed;
    this.skipIdle = options.skipIdle;
    this.follow = options.follow;
    this.timer = setInterval(() => this.tick(), 50);
  }

  destroy(): void {
    clearInterval(this.timer);
    for (const { replayer } of this.shown.values()) replayer.destroy();
    this.root.replaceChildren();
  }

  add(text: string): void {
    this.waitsUntil ||= performance.now() + ASSETS_MS;
    for (const { track, event } of this.tracks.add(text)) {
      const shown = this.shown.get(track.window);
      if (!shown) continue;
      shown.replayer.addEvent(event as unknown as Parameters<Replayer['addEvent']>[0] & object);
    }
    if (!this.current) this.begin();
  }

  /** Pictures and fonts have come; `pictures` by the number that the book gave them. */
  takeAssets(pictures: Map<number, string>, isInSheet: boolean): void {
    if (!this.current) return this.begin();
    for (const shown of this.shown.values()) {
      shown.scene.fill(pictures);
      if (isInSheet) shown.isStale = true;
    }
    if (isInSheet) this.staleSince ??= performance.now();
  }

  complete(): void {
    this.isComplete = true;
    this.begin();
  }

  caughtUp(): void {
    this.isLive = true;
    if (this.follow) this.toEdge();
  }

  play(): void {
    if (this.isOver) this.at = this.tracks.first;
    this.isPlaying = true;
    this.run();
  }

  pause(): void {
    this.isPlaying = false;
    this.follow = false;
    this.halt();
    this.report();
  }

  seek(at: number): void {
    this.at = at;
    this.asked = at;
    this.follow = false;
    this.show();
  }

  set({ speed, skipIdle, follow }: { speed?: number; skipIdle?: boolean; follow?: boolean }): void {
    if (speed !== undefined) {
      this.speed = speed;
      this.applySpeed();
    }
    if (skipIdle !== undefined) this.skipIdle = skipIdle;
    if (follow !== undefined) {
      this.follow = follow;
      if (follow) {
        this.isPlaying = true;
        this.toEdge();
      } else this.applySpeed();
    }
  }

  /** Resolves when something is shown, or nothing will be. */
  async isShown(): Promise<void> {
    const deadline = performance.now() + ASSETS_MS + LATE_MS;
    while (!this.current && performance.now() < deadline) await new Promise((done) => setTimeout(done, 30));
    // The page is laid out, and its pictures are decoded.
    await new Promise((done) => setTimeout(done, 60));
  }

  get frame(): HTMLIFrameElement | undefined {
    return this.current?.replayer.iframe;
  }

  get size(): { width: number; height: number } {
    const frame = this.frame;
    return { width: Number(frame?.getAttribute('width')) || 0, height: Number(frame?.getAttribute('height')) || 0 };
  }

  get buffered(): Span | null {
    const { first, last } = this.tracks;
    return first === null || last === null ? null : [first, last];
  }

  private get isOver(): boolean {
    return this.isComplete && this.at !== null && this.tracks.last !== null && this.at >= this.tracks.last;
  }

  /** Shows the first moment as soon as there is one to show. */
  private begin(): void {
    if (this.current || this.tracks.first === null) return;
    const starts = [...this.tracks.byWindow.values()]
      .filter(({ shownFrom, events }) => shownFrom !== null && events.length > 1)
      .map(({ shownFrom }) => shownFrom ?? 0);
    if (!starts.length) return;
    // The part before the moment asked for only serves to build the page.
    if (this.at !== null && (this.tracks.last ?? 0) < this.at && !this.isComplete && !this.isLive) return;
    if (this.assets.waiting && performance.now() < this.waitsUntil) return;
    this.at = Math.max(this.at ?? 0, Math.min(...starts));
    this.show();
  }

  private toEdge(): void {
    if (this.tracks.last === null) return;
    this.at = Math.max(this.tracks.first ?? 0, this.tracks.last - LIVE_LAG_MS);
    this.show();
  }

  /** Brings the right window to the moment, and runs it or leaves it still. */
  private show(): void {
    if (this.at === null) return;
    const track = this.tracks.at(this.at);
    if (track && track !== this.current?.track) this.switchTo(track);
    if (this.isPlaying && !this.isAtEdge) {
      this.halt();
      this.run();
    } else this.stand();
    this.report();
  }

  /** Shows the moment, and all that happened until then. */
  private stand(): void {
    this.halt();
    if (!this.current) return;
    const { replayer, scene, track } = this.fresh(this.current);
    const moment = this.moment(track);
    replayer.pause(moment - replayer.getMetaData().startTime);
    scene.settle(track.events, moment);
  }

  private fresh(shown: Shown): Shown {
    if (shown.isStale) forget(shown.replayer);
    shown.isStale = false;
    return shown;
  }

  private switchTo(track: Track): void {
    this.current?.replayer.pause();
    let shown = this.shown.get(track.window);
    if (!shown) {
      const scene = new Scene();
      shown = {
        track,
        scene,
        replayer: makeReplayer(track.events, { root: this.root, speed: this.speed, assets: this.assets, scene }),
        isStale: false,
      };
      this.shown.set(track.window, shown);
    }
    this.current = shown;
    for (const other of this.shown.values()) other.replayer.wrapper.hidden = other !== shown;
  }

  /** Never before a full snapshot: a replayer that stands still there would show what it showed before. */
  private moment(track: Track): number {
    return this.tracks.builtAt(track, this.at ?? 0) + MOMENT_MS;
  }

  private get isAtEdge(): boolean {
    return this.at !== null && this.tracks.last !== null && this.at >= this.tracks.last;
  }

  private run(): void {
    if (!this.current) this.begin();
    if (!this.current || this.at === null) return;
    const track = this.tracks.at(this.at);
    if (track && track !== this.current.track) this.switchTo(track);
    const { replayer, scene, track: shown } = this.fresh(this.current);
    const moment = this.moment(shown);
    replayer.play(moment - replayer.getMetaData().startTime);
    scene.settle(shown.events, moment);
    this.isRunning = true;
    this.lastTick = performance.now();
    this.applySpeed();
  }

  private halt(): void {
    if (this.isRunning) this.current?.replayer.pause();
    this.isRunning = false;
  }

  private applySpeed(): void {
    this.current?.replayer.setConfig({ speed: this.pace });
  }

  /** A watcher of a live session catches up smoothly with what came at once. */
  private get pace(): number {
    if (!this.follow || !this.isLive || this.at === null || this.tracks.last === null) return this.speed;
    const behind = this.tracks.last - this.at;
    return Math.max(1, Math.min(16, behind / LIVE_LAG_MS));
  }

  private tick(): void {
    if (!this.current) {
      this.begin();
      return;
    }
    if (this.staleSince !== undefined && (!this.assets.waiting || performance.now() - this.staleSince > LATE_MS)) {
      this.staleSince = undefined;
      this.show();
    }
    if (!this.isPlaying || this.at === null || this.tracks.last === null) return;
    if (!this.isRunning) {
      if (this.at < this.tracks.last) this.run();
      return;
    }
    const now = performance.now();
    this.at = Math.min(this.tracks.last, this.at + (now - this.lastTick) * this.pace);
    this.lastTick = now;
    if (this.follow) this.applySpeed();
    if (this.at >= this.tracks.last) {
      // The replayer's own clock may be behind.
      this.stand();
      if (this.isComplete) this.isPlaying = false;
    } else if (!this.skip() && this.tracks.at(this.at) !== this.current.track) this.show();
    this.report();
  }

  /** Jumps over a stretch in which nobody did anything. */
  private skip(): boolean {
    const idle = this.skipIdle && !this.follow && this.at !== null ? this.tracks.idleAt(this.at) : undefined;
    if (!idle || this.at === null || idle[1] - IDLE_LEAD_MS - this.at < 1_000) return false;
    if (this.asked >= idle[0] && this.at < this.asked + ASKED_MS) return false;
    this.at = idle[1] - IDLE_LEAD_MS;
    this.show();
    return true;
  }

  report(): void {
    if (this.at === null) return;
    const { current, at } = this;
    this.tell({
      at,
      isPlaying: this.isPlaying,
      isWaiting: this.isPlaying && !this.isRunning && !this.isOver,
      isOver: this.isOver,
      isShown: current !== undefined,
      buffered: this.buffered,
      window: current?.track.window ?? '',
      windows: this.tracks.byWindow.size,
      url: current ? this.tracks.urlAt(current.track, at) : '',
      ...this.size,
    });
  }
}
