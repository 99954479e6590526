import { describe, expect, it } from 'vitest';
import { layOut } from '../src/analytics/journey-layout';
import { barrierOf, firstPage } from '../src/admin/pages';
import { bytes, clock, duration, percent } from '../src/format';
import { link, parsePlace } from '../src/router';
import { escapeData } from '../src/session/standalone-file';
import { indexAt, momentOf, type Moment } from '../src/session/events';
import { LineSplitter } from '../src/session/sources';
import { filterOf, linkParams, timesOf } from '../src/sessions/filters';

describe('the place', () => {
  it('survives any text in a filter', () => {
    const odd = 'a&b=c #?%/ü\n"';
    const place = parsePlace(
      link(`/sessions/${encodeURIComponent(odd)}`, { userId: odd, empty: '', none: undefined }).slice(1),
    );
    expect(place.parts).toEqual(['sessions', odd]);
    expect([...place.search]).toEqual([['userId', odd]]);
  });

  it('a broken escape is text', () => {
    expect(parsePlace('/sessions/%zz').parts).toEqual(['sessions', '%zz']);
  });
});

describe('pages', () => {
  const marketing = { isAdmin: false, mayWatch: false };

  it('are closed to whoever may not see what they show', () => {
    expect(barrierOf('overview', marketing)).toBeNull();
    expect(barrierOf('funnels', marketing)).toBe('needs-recordings');
    expect(barrierOf('keys', marketing)).toBe('needs-admin');
    expect(barrierOf('keys', { isAdmin: true, mayWatch: true })).toBeNull();
    expect(barrierOf('account', { ...marketing, pages: [] })).toBeNull();
  });

  it('that the organization closes are closed, and the first open one comes first', () => {
    const some = { ...marketing, pages: ['vitals', 'events'] as const };
    expect(barrierOf('events', some)).toBeNull();
    expect(barrierOf('sessions', some)).toBe('closed');
    expect(firstPage(some)).toBe('events');
    expect(firstPage(marketing)).toBe('sessions');
    expect(barrierOf(firstPage({ ...marketing, pages: [] }), { ...marketing, pages: [] })).toBe('closed');
  });
});

describe('filters', () => {
  it('take only what the server knows', () => {
    expect(filterOf(new URLSearchParams('country=DE&steps=[]&range=7d&text=x&errors='))).toEqual({
      country: 'DE',
      text: 'x',
    });
  });

  it('relative times end with the minute, absolute ones hold', () => {
    const now = Date.UTC(2026, 0, 1, 12, 0, 30);
    expect(timesOf(new URLSearchParams('range=1h'), now)).toEqual({
      from: Date.UTC(2026, 0, 1, 11, 1),
      to: Date.UTC(2026, 0, 1, 12, 1),
      range: '1h',
    });
    expect(timesOf(new URLSearchParams('from=5&to=9'), now)).toEqual({ from: 5, to: 9, range: null });
    expect(timesOf(new URLSearchParams('from=9&to=5&range=nonsense'), now).range).toBe('7d');
  });

  it('a link to the sessions behind a number keeps the filters and adds its own', () => {
    expect(linkParams(new URLSearchParams('range=30d&country=DE&page=/x'), { url: '/cart' })).toEqual({
      country: 'DE',
      range: '30d',
      url: '/cart',
    });
  });
});

describe('the stream of a recording', () => {
  function read(...parts: string[]) {
    const found = { lines: '', gaps: undefined as unknown, error: undefined as unknown };
    const splitter = new LineSplitter({
      lines: (text) => void (found.lines += text),
      end: (gaps) => (found.gaps = gaps),
      failed: (error) => (found.error = error),
    });
    for (const part of parts) splitter.push(part);
    splitter.finish();
    return found;
  }
  const whole = '{"w":"a","k":"r","t":1}\n{"w":"a","k":"e","t":2}\n{"k":"end","gaps":[{"windowId":"a"}]}\n';

  it('is the same however it is cut', () => {
    for (let cut = 0; cut <= whole.length; cut++) {
      const { lines, gaps, error } = read(whole.slice(0, cut), whole.slice(cut));
      expect({ lines, gaps, error }).toEqual({
        lines: whole.slice(0, whole.indexOf('{"k":"end"')),
        gaps: [{ windowId: 'a' }],
        error: undefined,
      });
    }
  });

  it('without its last line was cut off, and says so', () => {
    expect(read('{"w":"a","k":"r","t":1}\n{"w":').error).toBeInstanceOf(Error);
    expect(read('').error).toBeInstanceOf(Error);
    expect(read('{"k":"end","gaps":[]}').gaps).toEqual([]);
  });
});

describe('a downloaded file', () => {
  it('cannot be left by what is in the recording', () => {
    const data = JSON.stringify({ a: '</script><script>pwned()</script><!--' });
    expect(escapeData(data)).not.toContain('<');
    expect(JSON.parse(escapeData(data))).toEqual(JSON.parse(data));
  });
});

describe('events as people read them', () => {
  const moment = (type: string, data: unknown = null, name: string | null = null): Moment =>
    momentOf({ id: '1', type, name, url: 'https://shop.test/cart?a=1', windowId: '', timestamp: 5, data } as never);
  it('say what happened', () => {
    expect(moment('pageview')).toMatchObject({ kind: 'page', title: '/cart?a=1' });
    expect(moment('click', { rage: true, text: 'Buy' })).toMatchObject({ kind: 'rage', detail: 'Buy' });
    expect(moment('custom', { amount: 9 }, 'paid')).toMatchObject({
      kind: 'custom',
      title: 'paid',
      detail: 'amount: 9',
    });
    expect(moment('scroll', { depth: 0 })).toMatchObject({ detail: 'to 0%' });
    expect(moment('made_up', 'text')).toMatchObject({ kind: 'other', title: 'made up' });
  });

  it('the current one is the last at or before the moment', () => {
    const moments = [10, 20, 20, 30].map((at) => ({ at }) as Moment);
    expect([5, 10, 19, 20, 99].map((at) => indexAt(moments, at))).toEqual([-1, 0, 0, 2, 3]);
  });
});

describe('numbers', () => {
  it('read well', () => {
    expect([850, 2_600, 12_000, 60_000, 200_000, 3_840_000, 90_000_000].map(duration)).toEqual([
      '850 ms',
      '2.6 s',
      '12 s',
      '1 min',
      '3 min 20 s',
      '1 h 4 min',
      '1 d 1 h',
    ]);
    expect([7_000, 765_000, 3_765_000].map(clock)).toEqual(['0:07', '12:45', '1:02:45']);
    expect([0, 0.382, 1].map((share) => percent(share))).toEqual(['0%', '38.2%', '100%']);
    expect([999, 4_112, 4_200_000_000].map(bytes)).toEqual(['999 B', '4.1 KB', '4.2 GB']);
  });
});

describe('journeys', () => {
  it('boxes do not overlap, ribbons stay inside of their boxes', () => {
    const nodes = [
      { step: 0, page: '/', sessions: 90 },
      { step: 1, page: '(exit)', sessions: 30 },
      { step: 1, page: '/a', sessions: 50 },
      { step: 1, page: '/b', sessions: 10 },
    ];
    const links = [
      { step: 0, from: '/', to: '/a', sessions: 50 },
      { step: 0, from: '/', to: '/b', sessions: 10 },
      { step: 0, from: '/', to: '(exit)', sessions: 30 },
      { step: 0, from: '/gone', to: '/a', sessions: 1 },
    ];
    const { boxes, ribbons } = layOut({ nodes, links: links.map((link) => ({ ...link, sampleSessions: [] })) });
    expect(boxes.map(({ page }) => page)).toEqual(['/', '/a', '/b', '(exit)']);
    const second = boxes.filter(({ step }) => step === 1);
    second
      .slice(1)
      .forEach((box, index) => expect(box.y).toBeGreaterThanOrEqual(second[index]!.y + second[index]!.height));
    expect(ribbons).toHaveLength(3);
    expect(ribbons.reduce((sum, { width }) => sum + width, 0)).toBeLessThanOrEqual(boxes[0]!.height + 0.01);
  });
});
