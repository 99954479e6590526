import { describe, expect, it } from 'vitest';
import { Tracks } from '../src/player/tracks';

const snapshot = { type: 2, data: { node: { type: 0, id: 1, childNodes: [] }, initialOffset: {} }, timestamp: 0 };
const meta = (href: string) => ({ type: 4, data: { href, width: 800, height: 600 }, timestamp: 0 });
const click = { type: 3, data: { source: 2, type: 2, id: 1, x: 1, y: 1 }, timestamp: 0 };
const change = { type: 3, data: { source: 0, adds: [], removes: [], texts: [], attributes: [] }, timestamp: 0 };
const line = (w: string, t: number, d: unknown, k = 'r') => `${JSON.stringify({ w, k, t, s: 0, d })}\n`;
const open = (w: string, t: number) => line(w, t, meta(`https://shop.test/${w}`)) + line(w, t, snapshot);

describe('tracks', () => {
  it('shows the window in which the person is', () => {
    const tracks = new Tracks({ allowRemote: false });
    tracks.add(
      open('a', 1000) +
        line('a', 2000, click) +
        open('b', 3000) +
        line('b', 3500, click) +
        line('a', 6000, click) +
        line('b', 6500, change),
    );
    expect([1500, 3200, 5000, 6100, 9000].map((at) => tracks.at(at)?.window)).toEqual(['a', 'b', 'b', 'a', 'a']);
    expect(tracks.urlAt(tracks.at(1500)!, 1500)).toBe('https://shop.test/a');
  });

  it('knows what nobody did anything in, whatever the page did by itself', () => {
    const tracks = new Tracks({ allowRemote: false });
    tracks.add(
      open('a', 1000) +
        line('a', 5000, change) +
        line('a', 9000, change) +
        line('a', 20_000, click) +
        line('a', 21_000, click),
    );
    expect(tracks.idle.map((span) => span.map(Math.round))).toEqual([[1000, 20_000]]);
    expect(tracks.idleAt(8000)?.map(Math.round)).toEqual([1000, 20_000]);
    expect(tracks.idleAt(20_500)).toBeUndefined();
  });

  it('goes by the server’s time, and what comes later in a window is later', () => {
    const tracks = new Tracks({ allowRemote: false });
    tracks.add(open('a', 1000) + line('a', 3000, click));
    tracks.add(line('a', 3000, change) + line('a', 2000, change) + line('b', 500, click));
    const times = tracks.at(1001)?.events.map(({ timestamp }) => timestamp) ?? [];
    expect(times.map(Math.round)).toEqual([1000, 1000, 3000, 3000, 3000]);
    expect(times).toEqual([...new Set(times)].sort((x, y) => x - y));
    expect(tracks.first).toBe(500);
  });

  it('counts lines that are none, and goes on', () => {
    const tracks = new Tracks({ allowRemote: false });
    const added = tracks.add(`nonsense\n{"k":"r","t":1}\n{}\nnull\n${open('a', 5)}`);
    expect(added).toHaveLength(2);
    expect(tracks.bad).toBe(2);
  });

  it('follows the address inside of a page', () => {
    const tracks = new Tracks({ allowRemote: false });
    tracks.add(
      open('a', 1000) +
        line('a', 2000, { type: 'pageview', url: 'https://shop.test/b' }, 'e') +
        line('a', 3000, { type: 'click', url: 'https://shop.test/b' }, 'e'),
    );
    const track = tracks.byWindow.get('a')!;
    expect([1500, 2500, 9000].map((at) => tracks.urlAt(track, at))).toEqual([
      'https://shop.test/a',
      'https://shop.test/b',
      'https://shop.test/b',
    ]);
    expect(tracks.momentOf('/b', 2000)).toBeGreaterThanOrEqual(2000);
  });

  it('has no moment of a page that was left before the first snapshot', () => {
    const tracks = new Tracks({ allowRemote: false });
    tracks.add(line('a', 500, { type: 'pageview', url: 'https://shop.test/' }, 'e') + open('a', 1000));
    expect(tracks.momentOf('/', 500)).toBeUndefined();
    expect(tracks.momentOf('/a', 1000)).toBeCloseTo(2500, 1);
  });

  it('is never between the notice of a page and its snapshot', () => {
    const tracks = new Tracks({ allowRemote: false });
    tracks.add(open('a', 1000) + line('a', 5000, meta('https://shop.test/b')) + line('a', 5200, snapshot));
    expect(tracks.builtAt(tracks.byWindow.get('a')!, 5100)).toBe(5200);
  });
});
