/** Collects what a page did beside what it showed from all readings of its recording, which overlap. */
import { nothingBeside, readLine, type Beside } from './read';

/** Cheap, and true of every line that counts. */
const MARK = /"type"\s*:\s*6\b/;

export interface Reading {
  lines(text: string): void;
  /** The recording was read to its end. */
  end(): void;
  /** No more will come. */
  abort(): void;
}

export class Collector {
  private known = new Set<string>();
  private found = nothingBeside();
  private readings: { isWhole: boolean; isOver: boolean }[] = [];
  private readonly listeners = new Set<() => void>();
  private shown: Beside = this.found;

  /** `from` null: from the beginning. */
  begin(from: number | null): Reading {
    const state = { isWhole: from === null, isOver: false };
    this.readings.push(state);
    /** Lines that are the same are told apart by their number in a reading. */
    const seen = new Map<string, number>();
    return {
      lines: (text) => this.take(text, seen),
      end: () => {
        state.isOver = true;
        this.tell();
      },
      abort: () => {
        if (!state.isOver) state.isWhole = false;
        state.isOver = true;
        this.tell();
      },
    };
  }

  /** Whether some reading has everything, or will. */
  get isCovered(): boolean {
    return this.readings.some(({ isWhole }) => isWhole);
  }

  /** Whether everything that was recorded so far is there. */
  get isComplete(): boolean {
    return this.readings.some(({ isWhole, isOver }) => isWhole && isOver);
  }

  readonly subscribe = (changed: () => void): (() => void) => {
    this.listeners.add(changed);
    return () => this.listeners.delete(changed);
  };

  /** The same object until something has changed. */
  readonly get = (): Beside => this.shown;

  private take(text: string, seen: Map<string, number>): void {
    if (!MARK.test(text)) return;
    const before = this.known.size;
    for (const line of text.split('\n')) {
      if (!MARK.test(line)) continue;
      const count = seen.get(line) ?? 0;
      seen.set(line, count + 1);
      const key = `${line} ${count}`;
      if (this.known.has(key)) continue;
      this.known.add(key);
      readLine(line, String(this.known.size), this.found);
    }
    if (this.known.size > before) this.tell();
  }

  private tell(): void {
    const { lines, requests, longTasks, memory } = this.found;
    const byTime = (a: { at: number }, b: { at: number }) => a.at - b.at;
    this.shown = {
      lines: lines.toSorted(byTime),
      requests: requests.toSorted(byTime),
      longTasks: longTasks.toSorted(byTime),
      memory: memory.toSorted(byTime),
    };
    this.listeners.forEach((listener) => listener());
  }
}
