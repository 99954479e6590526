import { describe, expect, it } from 'vitest';
import { Memory } from '../src/player/memory';
import {
  FULL_SNAPSHOT,
  INCREMENTAL,
  META,
  newReport,
  sanitizeEvent,
  sanitizeNode,
  type ReplayEvent,
} from '../src/player/sanitize';
import { safeAddress, sanitizeCss } from '../src/player/sanitize-parts';

const strict = { allowRemote: false };
const remote = { allowRemote: true };

let nextId = 1;
const element = (tagName: string, attributes: Record<string, unknown> = {}, ...childNodes: unknown[]) => ({
  type: 2,
  id: nextId++,
  tagName,
  attributes,
  childNodes,
});
const text = (textContent: string) => ({ type: 3, id: nextId++, textContent });
const page = (...childNodes: unknown[]) => ({
  type: FULL_SNAPSHOT,
  timestamp: 1,
  data: {
    node: { type: 0, id: nextId++, childNodes: [element('html', {}, element('body', {}, ...childNodes))] },
    initialOffset: { left: 0, top: 0 },
  },
});
const mutation = (data: Record<string, unknown>) => ({
  type: INCREMENTAL,
  timestamp: 1,
  data: { source: 0, texts: [], attributes: [], removes: [], adds: [], ...data },
});
const clean = (event: unknown, policy = strict, report = newReport()) => sanitizeEvent(event, policy, report);
const written = (event: ReplayEvent | undefined) => JSON.stringify(event);

describe('what would run', () => {
  it.each(['script', 'SCRIPT', 'svg:script', 'object', 'embed', 'applet', 'base', 'frame', 'portal'])(
    '<%s> becomes an empty element',
    (tag) => {
      const event = clean(
        page(
          element(
            tag,
            { src: 'https://evil.test/x.js', data: 'x', href: 'https://evil.test/' },
            text('window.pwned = 1'),
          ),
        ),
      );
      expect(written(event)).not.toMatch(/pwned|evil/);
      expect(written(event)).toMatch(/noscript|"div"/);
    },
  );

  it.each([
    ['onload', 'img'],
    ['onerror', 'img'],
    ['ONCLICK', 'div'],
    ['onanimationstart', 'div'],
    ['onbegin', 'animate'],
    ['srcdoc', 'iframe'],
  ])('the attribute %s is left out', (name, tag) => {
    const report = newReport();
    expect(written(clean(page(element(tag, { [name]: 'pwned()' })), strict, report))).not.toContain('pwned');
    expect(report.handlers).toBe(1);
  });

  it.each([
    'javascript:pwned()',
    ' javascript:pwned()',
    'java\nscript:pwned()',
    'JaVaScRiPt:pwned()',
    '\u0001javascript:pwned()',
    'vbscript:pwned()',
    'data:text/html,<script>pwned()</script>',
    'blob:https://x.test/pwned',
    'filesystem:pwned',
    'view-source:pwned',
  ])('the address %j is left out', (href) => {
    const event = clean(
      page(
        element('a', { href }),
        element('img', { src: href }),
        element('iframe', { src: href }),
        element('use', { 'xlink:href': href }),
        element('form', { action: href }),
        element('button', { formaction: href }),
      ),
    );
    expect(written(event)).not.toContain('pwned');
  });

  it('an animation cannot write an address', () => {
    const event = clean(
      page(
        element('set', { attributeName: 'href', to: 'javascript:pwned()' }),
        element('animate', { attributeName: 'xlink:href', values: 'javascript:pwned()' }),
      ),
    );
    expect(written(event)).not.toContain('pwned');
  });

  it('the same holds for what is added and changed later', () => {
    const event = clean(
      mutation({
        adds: [
          { parentId: 1, nextId: null, node: element('script', {}, text('pwned()')) },
          { parentId: 1, nextId: null, node: element('iframe', { srcdoc: '<script>pwned()</script>' }) },
        ],
        attributes: [
          {
            id: 4,
            attributes: {
              onclick: 'pwned()',
              href: 'javascript:pwned()',
              srcdoc: 'pwned',
              style: { background: 'url(https://evil.test/pwned)' },
              title: 'kept',
              hidden: null,
            },
          },
        ],
        texts: [{ id: 5, value: '@import "https://evil.test/pwned.css";' }],
      }),
    );
    expect(written(event)).not.toMatch(/pwned|evil/);
    expect(event?.data.attributes).toEqual([
      { id: 4, attributes: { style: { background: 'none' }, title: 'kept', hidden: null } },
    ]);
  });
});

describe('what would navigate or ask another host', () => {
  it('a refresh, a base and links lead nowhere', () => {
    const event = clean(
      page(
        element('meta', { 'http-equiv': 'refresh', content: '0;url=https://evil.test/' }),
        element('a', { href: 'https://evil.test/', target: '_top', ping: 'https://evil.test/p' }, text('Shop')),
      ),
    );
    expect(written(event)).not.toContain('evil');
    expect(written(event)).toContain('Shop');
  });

  it('pictures, media, style sheets and frames of other hosts are not asked for', () => {
    const report = newReport();
    const event = clean(
      page(
        element('img', { src: 'https://evil.test/a.png', srcset: 'https://evil.test/b.png 2x' }),
        element('link', { rel: 'stylesheet', href: 'https://evil.test/a.css' }),
        element('video', { src: '//evil.test/a.mp4', poster: 'https://evil.test/p.png', autoplay: '' }),
        element('iframe', { src: 'https://evil.test/' }),
        element('div', { style: 'background: url(https://evil.test/bg.png); color: red' }),
        element('style', {
          _cssText:
            '@import url(https://evil.test/i.css); a { background: URL( "https://evil.test/x" ) } b { background: image-set("https://evil.test/y" 1x) }',
        }),
        element('input', { type: 'image', src: 'https://evil.test/i.png' }),
        element('img', { src: '/admin/acme/keys' }),
      ),
      strict,
      report,
    );
    expect(written(event)).not.toMatch(/evil\.test\/(a|b|p|bg|i|x)\b|admin\/acme/);
    expect(written(event)).toContain('color: red');
    expect(report.remote).toBeGreaterThan(3);
  });

  it('they are when the viewer allows it, yet never our own host, which would get the cookie', () => {
    const event = written(
      clean(
        page(
          element('img', { src: 'https://cdn.test/a.png' }),
          element('img', { src: `${location.origin}/admin/acme/keys` }),
        ),
        remote,
      ),
    );
    expect(event).toContain('https://cdn.test/a.png');
    expect(event).not.toContain('admin/acme');
  });

  it('what is inside of the recording stays', () => {
    const png = 'data:image/png;base64,iVBORw0KGgo=';
    expect(safeAddress(png, strict)).toBe(png);
    expect(safeAddress('#icon', strict)).toBe('#icon');
    expect(sanitizeCss(`a { background: url("${png}") }`, strict, newReport())).toContain(png);
    expect(sanitizeCss('a { mask: url(#m) }', strict, newReport())).toContain('#m');
  });

  it('style rules that come later are style sheets, too', () => {
    const event = clean({
      type: INCREMENTAL,
      timestamp: 1,
      data: { source: 8, id: 3, adds: [{ rule: 'a { background: url(https://evil.test/) }', index: 0 }] },
    });
    expect(written(event)).not.toContain('evil');
    const adopted = clean({
      type: INCREMENTAL,
      timestamp: 1,
      data: {
        source: 15,
        id: 3,
        styleIds: [1],
        styles: [{ styleId: 1, rules: [{ rule: '@import "https://evil.test/";', index: 0 }] }],
      },
    });
    expect(written(adopted)).not.toContain('evil');
  });
});

describe('what is no event', () => {
  it.each([
    null,
    1,
    'x',
    [],
    {},
    { type: 2 },
    { type: 2, timestamp: 1, data: null },
    { type: 3, timestamp: Number.NaN, data: {} },
    { type: 3, timestamp: 1e300, data: { source: 0 } },
    { type: 9, timestamp: 1, data: {} },
    { type: 5, timestamp: 1, data: { tag: 'x', payload: {} } },
    { type: 6, timestamp: 1, data: { plugin: 'rrweb/console@1', payload: {} } },
    { type: 2, timestamp: 1, data: { node: { type: 2, id: 1, tagName: 'html' } } },
    { type: 3, timestamp: 1, data: { source: 9, id: 1, commands: [{ property: 'fillRect' }] } },
    { type: 3, timestamp: 1, data: { source: 10, family: 'x', fontSource: 'url(https://evil.test/)' } },
    { type: 3, timestamp: 1, data: { source: 2, id: '1' } },
  ])('%j is left out', (event) => {
    expect(clean(event)).toBeUndefined();
  });

  it('a prototype is not polluted and own names are not trusted', () => {
    const event = clean(
      JSON.parse('{"type":4,"timestamp":1,"data":{"href":"x","width":1e9,"height":-1,"__proto__":{"pwned":1}}}'),
    );
    expect(event).toEqual({ type: META, timestamp: 1, data: { href: 'x', width: 16_384, height: 1 } });
    expect(({} as Record<string, unknown>).pwned).toBeUndefined();
    expect(sanitizeNode(element('constructor'), strict, newReport())?.tagName).toBe('constructor');
  });

  it('a very deep page is cut instead of breaking the stack', () => {
    let deep: unknown = text('bottom');
    for (let level = 0; level < 3_000; level++)
      deep = { type: 2, id: nextId++, tagName: 'div', attributes: {}, childNodes: [deep] };
    expect(written(clean(page(deep)))).not.toContain('bottom');
  });

  it('a very wide page is cut', () => {
    const many = Array.from({ length: 400_100 }, (_, id) => ({ type: 5, id, textContent: 'x' }));
    const event = clean({ type: FULL_SNAPSHOT, timestamp: 1, data: { node: { type: 0, id: 1, childNodes: many } } });
    expect(JSON.stringify(event).match(/"type":5/g)?.length).toBeLessThan(400_001);
  });

  it('odd lists and numbers do no harm', () => {
    expect(
      clean(mutation({ adds: 'x', attributes: [1, null, { id: 'a' }], removes: [{ id: 1 }], texts: {} }))?.data,
    ).toEqual({ source: 0, texts: [], attributes: [], removes: [], adds: [] });
    expect(
      clean({
        type: 3,
        timestamp: 1,
        data: { source: 1, positions: [{ x: Infinity, y: 'a', id: 1, timeOffset: -1e12 }, { id: 'x' }] },
      })?.data.positions,
    ).toEqual([{ x: 0, y: 0, id: 1, timeOffset: -60_000 }]);
  });
});

describe('what was hidden', () => {
  it('is counted, and the most of one snapshot is told', () => {
    const report = newReport();
    clean(
      page(
        element('input', { value: '****' }),
        text('***** ***'),
        element('div', { class: 'rr-block', rr_width: '10px', rr_height: '5px' }),
      ),
      strict,
      report,
    );
    clean(page(element('input', { value: '***' })), strict, report);
    expect(report.masked).toEqual({ fields: 1, texts: 1, blocks: 1 });
  });
});

describe('a picture that the visitor did not get', () => {
  const policy = () => ({ ...strict, memory: new Memory() });
  const image = (attributes: Record<string, unknown>) => ({
    type: 2,
    id: 1_000_001,
    tagName: 'img',
    attributes: { src: 'data:image/gif;base64,AAAA', alt: 'A crow', ...attributes },
    childNodes: [],
  });
  const sourceOf = (event: ReplayEvent | undefined) =>
    (event?.data.attributes as { attributes: { src: string } }[] | undefined)?.[0]?.attributes.src;

  it('is missing in the replay, too', () => {
    const known = policy();
    expect(written(clean(page(image({ rr_broken: true })), known))).toContain('"src":"data:image/png,"');
    expect(sourceOf(clean(mutation({ attributes: [{ id: 1_000_001, attributes: { rr_broken: null } }] }), known))).toBe(
      'data:image/gif;base64,AAAA',
    );
    expect(sourceOf(clean(mutation({ attributes: [{ id: 1_000_001, attributes: { rr_broken: true } }] }), known))).toBe(
      'data:image/png,',
    );
  });

  it('is there when it has another address', () => {
    const known = policy();
    clean(page(image({ rr_broken: true })), known);
    expect(
      sourceOf(
        clean(mutation({ attributes: [{ id: 1_000_001, attributes: { src: 'data:image/gif;base64,BBBB' } }] }), known),
      ),
    ).toBe('data:image/gif;base64,BBBB');
  });
});
