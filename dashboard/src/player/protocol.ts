/** What the app and the player's document say to each other, by `postMessage` within one origin. */
import type { FoundAsset } from './assets';
import type { Report } from './sanitize-parts';

/** Times are milliseconds since the epoch. */
export type ToPlayer =
  /** Forget everything; lines of another part follow. Shows `at`, or the first moment that can be shown. */
  | { type: 'reset'; at: number | null; playing: boolean; speed: number; skipIdle: boolean; follow: boolean }
  /** Whole lines of NDJSON. */
  | { type: 'lines'; text: string }
  /** No more lines will come. */
  | { type: 'complete' }
  /** Everything that happened so far was sent; what comes now happens now. */
  | { type: 'caughtUp' }
  | { type: 'play' }
  | { type: 'pause' }
  | { type: 'seek'; at: number }
  | { type: 'set'; speed?: number; skipIdle?: boolean; follow?: boolean; fit?: boolean }
  /** What was found of the pictures and fonts that were asked for, and what was not. */
  | { type: 'assets'; found: FoundAsset[]; missing: string[] }
  /** Show a page, as it was soon after this moment, at its full height, for a heatmap. */
  | { type: 'still'; at: number; page: string; width: number };

/** Stretches of time. */
export type Span = [from: number, to: number];

export interface PlayerState {
  at: number;
  isPlaying: boolean;
  /** Plays as soon as more lines come. */
  isWaiting: boolean;
  isOver: boolean;
  /** Something is shown. */
  isShown: boolean;
  /** What can be shown without asking the server. */
  buffered: Span | null;
  /** The window that is shown, and how many there are. */
  window: string;
  windows: number;
  url: string;
  width: number;
  height: number;
}

export type FromPlayer =
  | { type: 'ready' }
  | { type: 'state'; state: PlayerState }
  | { type: 'idle'; spans: Span[] }
  | { type: 'report'; report: Report; bad: number }
  /** Pictures and fonts that the recording names; `at` is when it did. */
  | { type: 'wantAssets'; urls: string[]; at: number }
  | { type: 'stillShown'; width: number; height: number }
  /** The page that was asked for is not in the recording. */
  | { type: 'stillMissing' }
  | { type: 'failed'; message: string };
