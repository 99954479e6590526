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
    tracks.add(open('a', 1000) + line('a', 2000, click) + open('b', 3000) + line('b', 3500, click) + line('a', 6000, click) + line('b', 6500, change));
    expect([1500, 3200, 5000, 6100, 9000].map((at) => tracks.at(at)?.window)).toEqual(['a', 'b', 'b', 'a', 'a']);
    expect(tracks.urlAt(tracks.at(1500)!, 1500)).toBe('https://shop.test/a');
  });

  it('knows what nobody did anything in, whatever the page did by itself', () => {
    const tracks = new Tracks({ allowRemote: false });
    tracks.add(open('a', 1000) + line('a', 5000, change) + line('a', 9000, change) + line('a', 20_000, click) + line('a', 21_000, click));
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
});
