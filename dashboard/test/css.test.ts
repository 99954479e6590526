import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Kind, tokenize, unescapeName, valueOf } from '../src/player/css/tokens';
import { rewriteMedia, rewriteSheet, rewriteValue, type Addresses } from '../src/player/css/rewrite';
import { newReport } from '../src/player/sanitize';
import { sanitizeCss, sanitizeValue } from '../src/player/sanitize-parts';
import { exactLengths } from '../src/player/css/lengths';

const strict = { allowRemote: false };
const clean = (css: string) => sanitizeCss(css, strict, newReport());
const cleanValue = (css: string) => sanitizeValue(css, strict, newReport());

/** Every address that a browser could ask for. */
function addressesIn(css: string): string[] {
  const tokens = tokenize(css);
  const found: string[] = [];
  tokens.kinds.forEach((kind, index) => {
    if (kind === Kind.Url || kind === Kind.BadUrl) found.push(valueOf(tokens, index));
    if (
      kind === Kind.At &&
      unescapeName(css.slice((tokens.starts[index] ?? 0) + 1, tokens.starts[index + 1])).toLowerCase() === 'import'
    )
      found.push('@import');
    if (kind !== Kind.Function) return;
    const name = unescapeName(css.slice(tokens.starts[index], (tokens.starts[index + 1] ?? 0) - 1)).toLowerCase();
    const isSet = name === 'image' || name === 'image-set' || name === '-webkit-image-set';
    if (!isSet && name !== 'url' && name !== 'src') return;
    for (let at = index + 1; at < tokens.kinds.length && tokens.kinds[at] !== Kind.Close; at++) {
      const inner = tokens.kinds[at];
      // What a picture is of is no address.
      if (inner === Kind.Function && css.startsWith('type(', tokens.starts[at])) break;
      if (inner === Kind.String || inner === Kind.BadString) found.push(valueOf(tokens, at));
      // Only a set has more than one; what else follows an address says how it is fetched.
      if (!isSet && inner !== Kind.Space && inner !== Kind.Comment) break;
    }
  });
  return found;
}
const loads = (css: string) => addressesIn(css).filter((address) => address && !/^(data:|#|image\/)/.test(address));

describe('tokens', () => {
  const cut = (css: string) => {
    const { kinds, starts } = tokenize(css);
    return kinds.map((kind, index) => [Kind[kind], css.slice(starts[index], starts[index + 1])]);
  };

  it.each([
    ['u\\72l(x)', [['Url', 'u\\72l(x)']]],
    [
      'URL( "x" )',
      [
        ['Function', 'URL('],
        ['Space', ' '],
        ['String', '"x"'],
        ['Space', ' '],
        ['Close', ')'],
      ],
    ],
    [
      'url(a b)c',
      [
        ['BadUrl', 'url(a b)'],
        ['Ident', 'c'],
      ],
    ],
    ['url(a\\)b)', [['Url', 'url(a\\)b)']]],
    ['url(', [['Url', 'url(']]],
    ['"a\\\nb"', [['String', '"a\\\nb"']]],
    [
      '"a\nb',
      [
        ['BadString', '"a'],
        ['Space', '\n'],
        ['Ident', 'b'],
      ],
    ],
    ['"a', [['String', '"a']]],
    [
      '/* } */--x-->',
      [
        ['Comment', '/* } */'],
        ['Ident', '--x--'],
        ['Delim', '>'],
      ],
    ],
    [
      '<!---->',
      [
        ['Space', '<!--'],
        ['Space', '-->'],
      ],
    ],
    ['\\@import', [['Ident', '\\@import']]],
    ['@\\69mport', [['At', '@\\69mport']]],
    [
      '1e3.5.5px-1%',
      [
        ['Number', '1e3'],
        ['Number', '.5'],
        ['Number', '.5px-1'],
        ['Delim', '%'],
      ],
    ],
    [
      'U+26-7F',
      [
        ['Ident', 'U'],
        ['Number', '+26'],
        ['Number', '-7F'],
      ],
    ],
    [
      '#fff #-',
      [
        ['Hash', '#fff'],
        ['Space', ' '],
        ['Hash', '#-'],
      ],
    ],
    ['a\0b', [['Ident', 'a\0b']]],
  ])('%j', (css, expected) => {
    expect(cut(css)).toEqual(expected);
  });

  it.each([
    ['u\\72l', 'url'],
    ['\\000075rl', 'url'],
    ['a\\\n', 'a'],
    ['\\', '\ufffd'],
    ['\\0 x', '\ufffdx'],
    ['\\d800 ', '\ufffd'],
    ['\\1F600 !', '😀!'],
    ['\\zz', 'zz'],
  ])('%j says %j', (raw, said) => {
    expect(unescapeName(raw)).toBe(said);
  });

  it('follow each other without a hole, whatever the text', () => {
    for (let seed = 1; seed < 500; seed++) {
      const css = soup(seed);
      const { starts } = tokenize(css);
      expect(starts.at(-1)).toBe(css.length);
      for (let index = 1; index < starts.length; index++) expect(starts[index]).toBeGreaterThan(starts[index - 1] ?? 0);
    }
  });
});

const PIECES = [
  'url(',
  'u\\72l(',
  'image-set(',
  'src(',
  '"',
  "'",
  ')',
  '(',
  '{',
  '}',
  '[',
  ']',
  ';',
  ':',
  ',',
  '\\',
  '\n',
  ' ',
  '/*',
  '*/',
  '<!--',
  '-->',
  '@import',
  '@font-face',
  '@media',
  'src:',
  'http://evil.test/x',
  'a',
  '--b',
  'hover',
  ':',
  '::before',
  '\0',
  '1e',
  '%',
  '@\\69mport',
  'var(',
  'type(',
  '#f',
  '@namespace',
  '\\',
  '!',
];
function soup(seed: number): string {
  let state = seed * 2_654_435_761;
  const next = () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
  return Array.from({ length: 3 + Math.floor(next() * 25) }, () => PIECES[Math.floor(next() * PIECES.length)]).join('');
}

describe('nothing is asked of anyone', () => {
  it.each([
    '.c0{background:u\\72l(/admin/acme/keys)}',
    '.c{background:\\55\\52\\4c(/x)}',
    '.c{background:url(/x',
    '.c{background:url("/x',
    '.c{background:url(  /x  )}',
    '.c{background:url("/x" print)}',
    '.c{background:URL(/x)}',
    '.c{background:u\\000072l(/x)}',
    '.c{background:image-set("/x" 1x, url(/y) 2x)}',
    '.c{background:-webkit-image-set(url(/x) 1x)}',
    ".c{background:image-set('/x' type('image/png'))}",
    '.c{--a:"/x";background:image-set(var(--a) 1x)}',
    '.c{background:image-set(attr(data-x) 1x)}',
    '.c{background:image("/x")}',
    '.c{background:image(rtl "/x", red)}',
    '.c{background:src("/x")}',
    '.c{--a:"/x";background:src(var(--a))}',
    '.c{background:url(var(--a))}',
    '.c{background:cross-fade(url(/x), url(/y), 50%)}',
    '.c{background:-webkit-cross-fade(url(/x), url(/y), 0.5)}',
    '.c{background:-moz-image-rect(url(/x), 0, 1, 1, 0)}',
    '.c{-moz-binding:url(/x#y)}',
    '.c{behavior:url(/x.htc)}',
    '.c{cursor:url(/x) 2 2, auto}',
    '@font-face{font-family:x;src:url(/x)}',
    '@font-face{font-family:x;src:local(a),url("/x") format("woff2") url(/y),url(data:font/woff2,x)}',
    '@font-face{src:src("/x")}',
    '@media print{@font-face{src:url(/x)}}',
    '@supports (a:b){@layer x{@font-face{src:u\\72l(/x)}}}',
    '@import "/x";',
    '@import url(/x);',
    '@import\t"/x" layer(a) supports(b:c) screen;',
    '@IMPORT/**/"/x"',
    '@\\69mport "/x";',
    '@import url("/x"',
    '<!-- @import "/x"; -->',
    'a{}@import "/x";',
    'a{@import "/x";}',
    '@charset "x";@import "/x"{}',
    '@media x{@import "/x"}',
    '\ufeff@import "/x";',
    '.c{--x:url(/x)}',
    '@property --x{syntax:"<url>";initial-value:url(/x);inherits:false}',
    '@counter-style x{symbols:url(/x)}',
    '@keyframes x{from{background:url(/x)}}',
    '.c{a:b;&:hover{background:url(/x)}}',
    '@container x{a{mask:url(/x)}}',
    '@namespace url(/x);a{background:url(/y)}',
    '.c{background:url(\0/x)}',
    '.c{background:u\0rl(/x);mask:url(/y)}',
    '.c{/*}*/background:url(/x)/*',
    '@document url(/x){}',
    '@page{background:url(/x)}',
    '.c{filter:url(/x#f)}',
    'a{content:"\\";background:url(/x);"}',
    'a{content:"}\n;background:url(/x)}',
    'url(//x){}',
    '{background:url(/x)}',
    '}a{background:url(/x)}',
    'a{b:url(ftp://x)}',
    'a{b:url(javascript:x)}',
    'a{b:url(blob:http://x/y)}',
    'a{b:url(data:text/css,x)}',
    'a{b:url(" data:text/html,x")}',
    'a{b:url(filesystem:x)}',
  ])('%s', (css) => {
    const safe = clean(css);
    expect(loads(safe).filter((address) => address !== '/x' || !css.startsWith('@namespace'))).toEqual([]);
    expect(loads(cleanValue(css))).toEqual([]);
  });

  it('of any soup of tokens, and what came out comes out again', () => {
    for (let seed = 1; seed < 2_000; seed++) {
      const css = soup(seed);
      const safe = clean(css);
      if (!/namespace/.test(css)) expect(loads(safe), css).toEqual([]);
      expect(loads(cleanValue(css)), css).toEqual([]);
    }
  });

  it('nesting without end does not break it', () => {
    for (const piece of ['{', 'a{', '(', ':is(', '::a(', '@media{', 'url(', '@font-face{src:', 'image-set(', '['])
      expect(() => clean(piece.repeat(20_000))).not.toThrow();
  });

  it('takes time in proportion to the text', () => {
    const startedAt = performance.now();
    for (const piece of ['a:hover{b:c}', '@import "x";', 'a{', '}', '"', '@font-face{src:url(x)', ':', '--a:{}'])
      clean(piece.repeat(5_000));
    expect(performance.now() - startedAt).toBeLessThan(15_000);
  });
});

describe('everything else stays', () => {
  it.each([
    'html{scroll-behavior: smooth} .t{color: red}',
    'a{overscroll-behavior:contain;scroll-behavior:auto}',
    '@namespace svg url(http://www.w3.org/2000/svg);svg|a{color:red}',
    'a{background:url(#a) , url( "data:image/png;base64,AA==" )}',
    'a::before{content:"@import url(x)"}',
    '/* url(x) @import "y"; */a{b:c}',
    'a{--x:{a:b};--y: ;color:red}',
    '@layer a,b;@layer a{b{c:d}}',
    'a{width:calc(1px + (2px*3))}',
    'a[href="url(x)"]{b:c}',
    '@media (min-width:1px) and (max-width:2px){a{b:c}}',
    'a{unicode-range:U+0-7F,U+4??}',
    '.sm\\:a\\/b{c:d}',
    'a{b:c}}d{e:f}',
    '<!-- a{b:c} -->',
    '@font-face{font-family:x;src:url(data:font/woff2;base64,AA)format("woff2"),local("y")}',
    'a{b:c;d:e',
    '@supports (display:grid) and (not (display:inline-grid)){a{b:c}}',
    'a{background:image-set("data:image/png;base64,AA" 1x)}',
    '.a{.b &{c:d}> e{f:g}}',
  ])('%s', (css) => {
    expect(clean(css)).toBe(css);
  });

  it('an import goes alone', () => {
    expect(
      clean('@import url("https://fonts.example/css2?family=A:wght@400;500;700&display=swap"); .t{color:red}'),
    ).toBe(' .t{color:red}');
    expect(clean('@charset "utf-8";@import "x" screen;@import url(y) layer(z);a{b:c}')).toBe('@charset "utf-8";a{b:c}');
  });

  it('a declaration stays valid', () => {
    expect(clean('a{background:red url(/x) no-repeat;color:blue}')).toMatch(
      /^a\{background:red url\("data:image\/gif;base64,[^"]+"\) no-repeat;color:blue\}$/,
    );
    expect(clean('a{background:url(a b);color:blue}')).toBe('a{background:not-url();color:blue}');
    expect(clean('@font-face{font-family:x;src:url(a.eot);src:url(a.woff2) format("woff2")}b{c:d}')).toBe(
      '@font-face{font-family:x;src:;src:local("")}b{c:d}',
    );
  });
});

describe('states become attributes', () => {
  it.each([
    ['a:hover{}', 'a[data-crow-state-hover]{}'],
    [
      'a:HOVER:not(:focus)>b:active{}',
      'a[data-crow-state-hover]:not([data-crow-state-focus])>b[data-crow-state-active]{}',
    ],
    [':host(:hover) a{}', ':host([data-crow-state-hover]) a{}'],
    ['a:focus-visible,a:focus-within{}', 'a[data-crow-state-visible],a[data-crow-state-within]{}'],
    ['x-y:not(:defined){}', 'x-y:not(:not([data-crow-state-undefined])){}'],
    ['a::part(b):hover, c:hover{}', 'a::part(b):hover, c[data-crow-state-hover]{}'],
    ['::-webkit-scrollbar-thumb:hover{}', '::-webkit-scrollbar-thumb:hover{}'],
    ['a:before:hover b:hover{}', 'a:before:hover b[data-crow-state-hover]{}'],
    ['a{b:hover;c:hover{d:e}&:hover{f:g}}', 'a{b:hover;c[data-crow-state-hover]{d:e}&[data-crow-state-hover]{f:g}}'],
    ['@media (hover:hover){a:hover{b:hover}}', '@media (hover:hover){a[data-crow-state-hover]{b:hover}}'],
    ['@scope (a:hover) to (b){c{}}', '@scope (a[data-crow-state-hover]) to (b){c{}}'],
    ['.hover\\:x:hover{}', '.hover\\:x[data-crow-state-hover]{}'],
    ['a[b=":hover"]{}', 'a[b=":hover"]{}'],
    ['a::slotted(b:hover){}', 'a::slotted(b[data-crow-state-hover]){}'],
    ['--a:hover{b:c}', '--a:hover{b:c}'],
    ['@keyframes a{from{b:hover}}', '@keyframes a{from{b:hover}}'],
    ['@media (max-device-width:9px){}', '@media (max-width:9px){}'],
    [':is(a,b:hover) c{}', ':is(a,b[data-crow-state-hover]) c{}'],
  ])('%s', (css, expected) => {
    expect(clean(css)).toBe(expected);
  });

  it('in media attributes, too', () => {
    expect(rewriteMedia('screen and (min-device-width: 5px)')).toBe('screen and (min-width: 5px)');
  });
});

describe('whole frameworks', () => {
  const SHEETS = {
    bootstrap: 'bootstrap/dist/css/bootstrap.css',
    'bootstrap, minified': 'bootstrap/dist/css/bootstrap.min.css',
    bulma: 'bulma/css/bulma.css',
    tailwind: 'tailwindcss/index.css',
    'a whole sheet of tailwind': 'daisyui/daisyui.css',
    materialize: 'materialize-css/dist/css/materialize.css',
    fomantic: 'fomantic-ui-css/semantic.css',
    ionic: '@ionic/core/css/ionic.bundle.css',
    animate: 'animate.css/animate.css',
    normalize: 'normalize.css/normalize.css',
  };

  it.each(Object.entries(SHEETS))('%s: only addresses change', (_, file) => {
    const css = readFileSync(`node_modules/${file}`, 'utf8');
    const marks: string[] = [];
    const notes: Addresses = {
      picture: (address) =>
        address.startsWith('data:') || address.startsWith('#') ? address : `mark-${marks.push(address) - 1}`,
      font: () => undefined,
      imported: () => marks.push('@import'),
    };
    const safe = rewriteSheet(css, notes, false);
    const tokens = tokenize(safe);
    const changed = tokens.kinds.flatMap((kind, index) =>
      kind === Kind.String && valueOf(tokens, index).startsWith('mark-') ? [index] : [],
    );
    expect(changed.length).toBe(marks.filter((mark) => mark !== '@import').length);
    const without = (text: string) => {
      const all = tokenize(text);
      return all.kinds
        .map((kind, index) =>
          kind === Kind.Url ||
          (kind === Kind.Function && text.slice(all.starts[index], all.starts[index + 1]).toLowerCase() === 'url(')
            ? 'url('
            : kind === Kind.String
              ? ''
              : text.slice(all.starts[index], all.starts[index + 1]),
        )
        .filter((part) => part !== ')')
        .join('');
    };
    const imports = (text: string) => text.replace(/@import[^;]*;(?=\n|[a-z@.:/])/g, '');
    expect(without(safe)).toBe(without(imports(css)));
    expect(rewriteValue('red', notes)).toBe('red');
  });
});

describe('lengths in the style of an element', () => {
  it('get back the parts of a pixel that six digits have no room for', () => {
    expect(exactLengths('height: 22.3906px; top:-1234.58px')).toBe('height: 22.390625px; top:-1234.578125px');
  });

  it('stay as they are when they were written in full, or are none', () => {
    const css = 'height: 22.4px; width: 22.3901px; margin: 33.3333%; content: "22.3906px"; background: url(22.3906px)';
    expect(exactLengths(css)).toBe(css);
  });
});
