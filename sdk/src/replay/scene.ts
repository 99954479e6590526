import type { rewriteCss } from './css';
import type * as natives from './natives';
import type { Masking } from './masking';
import type { Mirror } from './mirror';

/** What names a picture or a font: the page, a sheet, or one that the page cannot read. */
export type From = 'page' | 'style' | 'unread';

/** Tells the replayer of a change. */
export type Emit = (source: number, data: object, isByPerson?: boolean) => void;

/** What the parts of a recording share. */
export interface Scene {
  mirror: Mirror;
  masking: Masking;
  report: Emit;
  /** What was observed and not yet told comes before what is told now. */
  catchUp(): void;
  /** Wraps a function so that it never throws into the page, and does nothing when all is over. */
  safely<A extends unknown[]>(run: (...args: A) => void): (...args: A) => void;
  /** To be run when the recording stops. */
  undo: (() => void)[];
  /** The page shows a picture or a font. */
  shows(url: string, from: From): void;
  /** Something happened: what tells nothing by itself is to be checked soon. */
  stir(): void;
}

/** A change of attributes alone. */
export function attributeChange(id: number, attributes: Record<string, unknown>): object {
  return { texts: [], removes: [], adds: [], attributes: [{ id, attributes }] };
}

export type Natives = typeof natives;

/** What code that is loaded late works with. */
export interface Kit extends Pick<
  Natives,
  | 'boxOf'
  | 'cancel'
  | 'cssText'
  | 'later'
  | 'now'
  | 'on'
  | 'request'
  | 'rootOf'
  | 'whenIdle'
  | 'NativeMap'
  | 'NativeSet'
  | 'NativeWeakMap'
> {
  scene: Scene;
  rewriteCss: typeof rewriteCss;
}

/** A part of a recording that few pages have. */
export interface Extra {
  /** The replayer has just built a canvas or a frame. */
  enter(element: Element): void;
  /** Sees the programs of a window. */
  watch(page: Window): void;
  stop(): void;
}
