/** The lines of a recording, sorted into one track per window, and what is known from them about time. */
import { Memory } from './memory';
import type { Span } from './protocol';
import {
  CUSTOM,
  FULL_SNAPSHOT,
  INCREMENTAL,
  META,
  newReport,
  sanitizeEvent,
  type Policy,
  type ReplayEvent,
} from './sanitize';
import { indexAfter } from './states';

/** Incremental sources that a person causes. */
const BY_PERSON = new Set([1, 2, 3, 5, 6, 12]);
/** Nobody did anything for so long: this can be skipped. */
export const IDLE_MS = 6_000;
/** A page view and the recording of its page are noted by different parts of the SDK. */
const NEAR_MS = 2_000;
/** The least distance of two events. */
const TICK_MS = 0.001;
/** A page has its content so long after it began. */
const SETTLED_MS = 1_500;
const MAX_ADDRESS = 2_048;

/** The page of a window from a moment on. */
interface Address {
  at: number;
  url: string;
}

export interface Track {
  window: string;
  events: ReplayEvent[];
  /** Time of its first full snapshot; without one nothing can be shown. */
  shownFrom: number | null;
  /** Times of its full snapshots. */
  snapshots: number[];
  /** Its addresses, in the order of time. */
  addresses: Address[];
  memory: Memory;
}

export class Tracks {
  readonly byWindow = new Map<string, Track>();
  readonly report = newReport();
  /** Lines and events that were none. */
  bad = 0;
  first: number | null = null;
  last: number | null = null;
  /** Which window the person is in, from when on; in the order of time. */
  private readonly focus: { at: number; window: string }[] = [];
  private readonly idleSpans: Span[] = [];
  private lastActivity: number | null = null;

  constructor(private readonly policy: Policy) {}

  /** Takes lines of NDJSON. Returns the events that are new, with their tracks. */
  add(text: string): { track: Track; event: ReplayEvent }[] {
    const added: { track: Track; event: ReplayEvent }[] = [];
    for (const line of text.split('\n')) {
      if (!line) continue;
      const parsed = this.parse(line);
      if (parsed) added.push(parsed);
    }
    return added;
  }

  private parse(line: string): { track: Track; event: ReplayEvent } | undefined {
    let value: { w?: unknown; k?: unknown; t?: unknown; d?: unknown };
    try {
      value = JSON.parse(line) as typeof value;
    } catch {
      this.bad++;
      return undefined;
    }
    if (typeof value?.t !== 'number') return undefined;
    const window = typeof value.w === 'string' ? value.w : '';
    if (value.k === 'e') {
      this.extend(value.t);
      this.noteAddress(this.trackOf(window), value.t, (value.d as { url?: unknown } | null)?.url);
      return undefined;
    }
    if (value.k !== 'r') return undefined;
    const { memory } = this.trackOf(window);
    const event = sanitizeEvent(withTime(value.d, value.t), { ...this.policy, memory }, this.report);
    if (!event) {
      const type = (value.d as { type?: unknown } | null)?.type;
      if (type !== 0 && type !== 1 && type !== 5 && type !== 6) this.bad++;
      return undefined;
    }
    return { event, track: this.put(window, event) };
  }

  private trackOf(window: string): Track {
    let track = this.byWindow.get(window);
    if (!track)
      this.byWindow.set(
        window,
        (track = { window, events: [], shownFrom: null, snapshots: [], addresses: [], memory: new Memory() }),
      );
    return track;
  }

  /** Interactions say where they happened, so a page that changes its address by itself is followed, too. */
  private noteAddress({ addresses }: Track, at: number, url: unknown): void {
    if (typeof url !== 'string' || !url) return;
    let index = addresses.length;
    while (index > 0 && (addresses[index - 1]?.at ?? 0) > at) index--;
    if (addresses[index - 1]?.url !== url) addresses.splice(index, 0, { at, url: url.slice(0, MAX_ADDRESS) });
  }

  private put(window: string, event: ReplayEvent): Track {
    const track = this.trackOf(window);
    // A replayer takes what is not later than what it has played for played: what came later is later.
    event.timestamp = Math.max(event.timestamp, (track.events.at(-1)?.timestamp ?? -1) + TICK_MS);
    track.events.push(event);
    if (event.type === META) this.noteAddress(track, event.timestamp, event.data.href);
    if (event.type === CUSTOM) this.noteAddress(track, event.timestamp, (event.data.payload as { href: string }).href);
    if (event.type === FULL_SNAPSHOT) {
      track.shownFrom = Math.min(track.shownFrom ?? Infinity, event.timestamp);
      track.snapshots.push(event.timestamp);
    }
    this.extend(event.timestamp);
    const isActivity =
      event.type === META ||
      event.type === FULL_SNAPSHOT ||
      (event.type === INCREMENTAL && BY_PERSON.has(event.data.source as number));
    if (isActivity) this.noteActivity(window, event.timestamp);
    return track;
  }

  private extend(at: number): void {
    this.first = Math.min(this.first ?? at, at);
    this.last = Math.max(this.last ?? at, at);
  }

  private noteActivity(window: string, at: number): void {
    if (this.lastActivity !== null && at - this.lastActivity > IDLE_MS) this.idleSpans.push([this.lastActivity, at]);
    this.lastActivity = Math.max(this.lastActivity ?? at, at);
    const current = this.focus.at(-1);
    if (current?.window !== window && (!current || at >= current.at)) this.focus.push({ at, window });
  }

  get idle(): Span[] {
    return this.idleSpans;
  }

  /** The track to show at a moment. */
  at(time: number): Track | undefined {
    const canShow = (track: Track | undefined) =>
      track && track.shownFrom !== null && track.shownFrom <= time + 50 && track.events.length > 1;
    for (let index = this.focus.length - 1; index >= 0; index--) {
      const entry = this.focus[index];
      if (!entry || entry.at > time) continue;
      const track = this.byWindow.get(entry.window);
      if (canShow(track)) return track;
    }
    const able = [...this.byWindow.values()].filter((track) => track.shownFrom !== null && track.events.length > 1);
    return able.find(canShow) ?? able.sort((a, b) => (a.shownFrom ?? 0) - (b.shownFrom ?? 0))[0];
  }

  /** The idle stretch that a moment lies in. */
  idleAt(time: number): Span | undefined {
    return this.idleSpans.find(([from, to]) => time > from && time < to);
  }

  /** When a page is there with its content, at or after about this moment; undefined when it was not recorded. */
  momentOf(page: string, at: number): number | undefined {
    for (const { addresses, snapshots } of this.byWindow.values()) {
      for (const [index, { at: since, url }] of addresses.entries()) {
        if (pathOf(url) !== page) continue;
        const until = addresses.slice(index + 1).find((next) => pathOf(next.url) !== page)?.at ?? Infinity;
        const built = snapshots.findLast((time) => time <= since + TICK_MS) ?? snapshots.find((time) => time < until);
        const shown = Math.max(since, built ?? Infinity);
        if (until <= at - NEAR_MS || shown >= until) continue;
        return Math.min(Math.max(shown, at - NEAR_MS) + SETTLED_MS, until - 1);
      }
    }
    return undefined;
  }

  /** The address of the page at a moment. */
  urlAt({ addresses }: Track, time: number): string {
    return addresses.findLast(({ at }) => at <= time)?.url ?? addresses[0]?.url ?? '';
  }

  /** The first moment, at or after this one, at which the page of this one is built. */
  builtAt({ events, snapshots, shownFrom }: Track, time: number): number {
    const before = events[indexAfter(events, time) - 1];
    // Between the notice of a page and its snapshot there is only the page before it, which is gone.
    const next = before?.type === META ? snapshots.find((each) => each > time) : undefined;
    return Math.max(shownFrom ?? 0, next ?? time);
  }
}

/** The line's time is the server's, corrected; the event's own is the client's. */
function withTime(event: unknown, at: number): unknown {
  return typeof event === 'object' && event !== null ? { ...event, timestamp: at } : event;
}

function pathOf(url: string): string {
  try {
    return new URL(url).pathname;
  } catch {
    return url;
  }
}
