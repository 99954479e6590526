/**
 * Shows a recording: one replayer per window, one clock for all. The replayers run in rrweb's live mode, which
 * only means that they do not stop at their newest event, so that more can come at any time.
 */
import { Replayer } from '@rrweb/replay';
import type { PlayerState, Span } from './protocol';
import type { Policy } from './sanitize';
import { Tracks, type Track } from './tracks';

/** A watcher of a live session is this far behind its newest event: enough to play smoothly. */
const LIVE_LAG_MS = 250;
/** The replay begins this long before the person does something again. */
const IDLE_LEAD_MS = 500;

type Replayed = ConstructorParameters<typeof Replayer>[0];

interface Shown {
  track: Track;
  replayer: Replayer;
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
  private readonly timer: ReturnType<typeof setInterval>;
  speed: number;
  skipIdle: boolean;
  follow: boolean;

  constructor(
    private readonly root: HTMLElement,
    policy: Policy,
    options: StageOptions,
    private readonly tell: (state: PlayerState) => void,
  ) {
    this.tracks = new Tracks(policy);
    this.at = options.at;
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
    for (const { track, event } of this.tracks.add(text)) {
      const shown = this.shown.get(track.window);
      if (!shown) continue;
      shown.replayer.addEvent(event as unknown as Replayed[number] & object);
    }
    if (!this.current) this.begin();
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
    const starts = [...this.tracks.byWindow.values()].filter(({ shownFrom, events }) => shownFrom !== null && events.length > 1).map(({ shownFrom }) => shownFrom ?? 0);
    if (!starts.length) return;
    // The part before the moment asked for only serves to build the page.
    if (this.at !== null && (this.tracks.last ?? 0) < this.at && !this.isComplete && !this.isLive) return;
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
    this.halt();
    if (this.isPlaying && !this.isAtEdge) this.run();
    else if (this.current) this.current.replayer.pause(this.offset(this.current));
    this.report();
  }

  private switchTo(track: Track): void {
    this.current?.replayer.pause();
    let shown = this.shown.get(track.window);
    if (!shown) {
      shown = { track, replayer: this.replayerOf(track) };
      this.shown.set(track.window, shown);
    }
    this.current = shown;
    for (const other of this.shown.values()) other.replayer.wrapper.hidden = other !== shown;
  }

  private replayerOf(track: Track): Replayer {
    return new Replayer([...track.events] as unknown as Replayed, {
      root: this.root,
      liveMode: true,
      speed: this.speed,
      showWarning: false,
      triggerFocus: false,
      mouseTail: { duration: 400, lineCap: 'round', lineWidth: 2, strokeStyle: '#0b8f86' },
      UNSAFE_replayCanvas: false,
      insertStyleRules: ['[rr_width]:not(iframe):not(canvas):not(img) { background: repeating-linear-gradient(45deg, #8883 0 6px, #8881 6px 12px) !important; }'],
    });
  }

  /** Never before the first full snapshot: a replayer that stands still there would show what it showed before. */
  private offset({ replayer, track }: Shown): number {
    return Math.max((track.shownFrom ?? 0) + 1, this.at ?? 0) - replayer.getMetaData().startTime;
  }

  private get isAtEdge(): boolean {
    return this.at !== null && this.tracks.last !== null && this.at >= this.tracks.last;
  }

  private run(): void {
    if (!this.current) this.begin();
    if (!this.current || this.at === null) return;
    const track = this.tracks.at(this.at);
    if (track && track !== this.current.track) this.switchTo(track);
    this.current.replayer.play(this.offset(this.current));
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
      this.halt();
      if (this.isComplete) this.isPlaying = false;
    } else if (!this.skip() && this.tracks.at(this.at) !== this.current.track) this.show();
    this.report();
  }

  /** Jumps over a stretch in which nobody did anything. */
  private skip(): boolean {
    const idle = this.skipIdle && !this.follow && this.at !== null ? this.tracks.idleAt(this.at) : undefined;
    if (!idle || this.at === null || idle[1] - IDLE_LEAD_MS - this.at < 1_000) return false;
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
