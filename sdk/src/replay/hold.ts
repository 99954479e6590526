import { META, type WireEvent } from './wire';

/** So much of the past is kept at least, if it fits. */
const KEEP_MS = 60_000;
const MAX_CHARS = 6_000_000;
/** What the next page of the window gets: a part of what the browser keeps for a window. */
const MAX_REST_CHARS = 2_000_000;
/** A page that changes a lot begins another part sooner, but not all the time. */
const MIN_PART_MS = 5_000;

/** A stretch of a recording that plays by itself, because it begins with a full snapshot. */
export interface Part {
  /** When its first event was, in milliseconds since the epoch. 0: it has none. */
  at: number;
  /** Characters. */
  size: number;
  /** Replay events as JSON. */
  items: string[];
}

/** Recording that may not be sent yet. */
export interface Hold {
  /** `isBounded`: keeps only the end of what was recorded. */
  add(event: WireEvent, json: string, isBounded: boolean): void;
  /** Gives what is held to `send`, and forgets it. False when what comes next would not play, because there was too much to keep. */
  sendHeld(send: (json: string) => void): boolean;
  /** Forgets it; `earlier` is what an earlier page has held. */
  clear(earlier?: Part[]): void;
  /** What fits into the next page, and what is added from now on. */
  rest(): Part[];
}

/** `renew` takes a full snapshot soon: only with a new one can older parts go. */
export function createHold(renew: () => void): Hold {
  let parts: Part[];
  /** The last part; not among `parts` when it is too large to be kept. */
  let current: Part;
  /** Each part asks for the next one once. What comes before the first snapshot does not. */
  let hasAsked: boolean;

  const begin = (): void => void parts.push((current = { at: 0, size: 0, items: [] }));

  function clear(earlier: Part[] = []): void {
    parts = earlier.filter(({ items }) => items[0]);
    hasAsked = true;
    // What comes first need not be a snapshot.
    begin();
  }

  function shrink(max: number): void {
    let size = parts.reduce((sum, part) => sum + part.size, 0);
    while (size > max) size -= parts.shift()!.size;
  }

  clear();
  return {
    clear,
    add({ type, timestamp }, json, isBounded) {
      if (type === META) {
        if (current.size) begin();
        hasAsked = false;
      }
      // Not of a clock of our own: the page may have changed it.
      current.at ||= timestamp;
      current.size += json.length;
      if (parts[0]) current.items.push(json);
      if (!isBounded) return;
      while (parts[1] && parts[1].at <= timestamp - KEEP_MS) parts.shift();
      shrink(MAX_CHARS);
      const { at, size } = current;
      const age = timestamp - at;
      const isLarge = size > MAX_CHARS / 2 && size < MAX_CHARS && age > MIN_PART_MS;
      if (hasAsked || (age < KEEP_MS && !isLarge)) return;
      hasAsked = true;
      renew();
    },
    sendHeld(send) {
      const isWhole = !!parts[0];
      for (const { items } of parts) items.forEach(send);
      clear();
      return isWhole;
    },
    rest() {
      shrink(MAX_REST_CHARS);
      return parts;
    },
  };
}
