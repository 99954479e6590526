/** Sources of a recording's lines: the stored recording, in parts, or the live stream. */
import { address, request } from '../api/client';
import type { Gap } from '../api/types';

export interface LineSink {
  lines(text: string): void;
  /** Everything was read. */
  end(gaps: Gap[]): void;
  caughtUp(): void;
  /** The live session is over. */
  ended(reason: string): void;
  failed(error: unknown): void;
}

/** Times of the player have fractions; the server uses whole milliseconds. */
const whole = (at: number | null | undefined): number | undefined =>
  typeof at === 'number' ? Math.max(0, Math.floor(at)) : undefined;

/** Stops the reading. */
export type Stop = () => void;

const BLOCK = 128 << 10;

/** Streams the stored recording from `from` on. The player starts before all of it has arrived. */
export function readStored(
  path: string,
  from: number | null,
  sink: LineSink,
  to?: number,
  headers?: Record<string, string>,
): Stop {
  const abort = new AbortController();
  void (async () => {
    try {
      const params = { from: whole(from), to: whole(to) };
      const answer = await request(path, { params, headers, signal: abort.signal });
      if (!answer.body) throw new Error('the recording has no body');
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      const splitter = new LineSplitter(sink);
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        splitter.push(value);
      }
      splitter.finish();
    } catch (error) {
      if (!abort.signal.aborted) sink.failed(error);
    }
  })();
  return () => abort.abort();
}

const END = '{"k":"end"';

/** Splits a stream of text into blocks of whole lines, and finds the last line. */
export class LineSplitter {
  private rest = '';
  private gaps: Gap[] | undefined;

  constructor(private readonly sink: Pick<LineSink, 'lines' | 'end' | 'failed'>) {}

  push(text: string): void {
    this.rest += text;
    const cut = this.rest.lastIndexOf('\n') + 1;
    if (!cut) return;
    const whole = this.rest.slice(0, cut);
    this.rest = this.rest.slice(cut);
    this.give(whole);
  }

  finish(): void {
    if (this.rest) this.give(this.rest);
    this.rest = '';
    if (this.gaps) this.sink.end(this.gaps);
    else this.sink.failed(new Error('The recording was interrupted. Reload the page to load it again.'));
  }

  private give(text: string): void {
    const at = text.startsWith(END) ? 0 : text.indexOf(`\n${END}`) + 1;
    if (at > 0 || text.startsWith(END)) {
      this.gaps = (JSON.parse(text.slice(at)) as { gaps?: Gap[] }).gaps ?? [];
      text = text.slice(0, at);
    }
    // The player handles a message of this size without a visible pause.
    while (text.length > BLOCK) {
      const cut = text.indexOf('\n', BLOCK) + 1 || text.length;
      this.sink.lines(text.slice(0, cut));
      text = text.slice(cut);
    }
    if (text) this.sink.lines(text);
  }
}

/** The stored lines from `from` on, then new ones. */
export function readLive(path: string, from: number | null, sink: LineSink): Stop {
  const source = new EventSource(address(path, { from: whole(from) }));
  const text = (event: Event) => (event as MessageEvent<string>).data;
  source.addEventListener('line', (event) => sink.lines(`${text(event)}\n`));
  source.addEventListener('lines', (event) => {
    const lines = JSON.parse(text(event)) as unknown[];
    sink.lines(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  });
  source.addEventListener('caughtUp', () => sink.caughtUp());
  source.addEventListener('end', (event) => {
    source.close();
    sink.ended((JSON.parse(text(event)) as { endReason?: string }).endReason ?? 'ended');
  });
  source.onerror = () => {
    // The browser would repeat the same request, and lines would come twice. So the caller reconnects and decides from when on.
    source.close();
    sink.failed(new Error('The connection to the live session was lost.'));
  };
  return () => source.close();
}
