import { expect, test } from 'vitest';

test('what is no number is compared in a minified file as in the source', async () => {
  // It is no module of TypeScript.
  const { shorten } = await import('../scripts/minify.mjs' as string);
  const source = 'globalThis.isBelow = (count, most) => { if (!(count >= most)) return note(count); return 0 };';
  const code = await shorten(source, { props: { props: {} } });
  const { isBelow } = new Function('globalThis', 'note', `${code}; return globalThis`)({}, () => 1);
  expect([isBelow(1, 2), isBelow(2, 2), isBelow(2, undefined), isBelow(NaN, 2)]).toEqual([1, 0, 1, 1]);
});
