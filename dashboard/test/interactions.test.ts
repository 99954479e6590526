import { describe, expect, it } from 'vitest';
import { shownBy } from '../src/interactions/about';
import { authorOf, isOfClaims, productsOf, storyOf } from '../src/interactions/read';

/** As the server sends it; the type of the document knows only that it is an object. */
const story = (evidence: unknown) => storyOf({ evidence: evidence as never });

describe('what happened in a session', () => {
  it('gives each claim the moments that show it, the earliest first', () => {
    const found = story({
      reason: 'checkout',
      claims: [
        { text: 'Opened the checkout.', evidence: [12, 3] },
        { text: 'Came from "a.b".', fields: ['referrer'] },
      ],
      products: [{ id: 'x1', name: 'Laptop', views: 2, viewedMs: 1_000, added: true, bought: false, evidence: [3] }],
      lines: [
        { line: 3, atMs: 500 },
        { line: 12, atMs: 81_000 },
      ],
    });
    expect(found.claims).toEqual([
      { text: 'Opened the checkout.', at: [500, 81_000], fields: [] },
      { text: 'Came from "a.b".', at: [], fields: ['referrer'] },
    ]);
    expect(found.products).toEqual([
      { id: 'x1', name: 'Laptop', views: 2, viewedMs: 1_000, added: true, bought: false, at: [500] },
    ]);
    expect(found.matches).toEqual([]);
    expect(isOfClaims('Opened the checkout. Came from "a.b".', found)).toBe(true);
    expect(isOfClaims('Opened the checkout. And more.', found)).toBe(false);
  });

  it('says how products of the catalogue were recognised', () => {
    const match = [{ productId: 'x1', confidence: 0.95, by: 'path', evidence: [3] }, { name: 'no id' }, null];
    expect(story({ match, lines: [{ line: 3, atMs: 500 }] }).matches).toEqual([
      { id: 'x1', name: 'x1', by: 'path', confidence: 0.95, at: [500] },
    ]);
  });

  it('names the products of what services report by what was recognised', () => {
    const match = [{ productId: 'x1', name: 'Lamp' }];
    expect(productsOf(story({ products: [], match }))).toEqual(['Lamp']);
    const products = [{ id: 'x1', name: 'Brass lamp' }, { id: 'y' }];
    expect(productsOf(story({ products, match }))).toEqual(['Brass lamp', 'y']);
  });

  it.each([
    ['nothing', null],
    ['a text', 'x'],
    ['lists that are none', { claims: {}, products: 'x', lines: 5 }],
    ['items that are none', { claims: [null, 1, { text: 5 }], products: [null], lines: [null, { line: null }] }],
    ['lines that do not exist', { claims: [{ text: 'a', evidence: [7, null, 'x'] }] }],
    ['moments that are none', { claims: [{ text: 'a', evidence: [1] }], lines: [{ line: 1, atMs: 'x' }] }],
  ])('takes %s', (_, evidence) => {
    const { claims } = story(evidence);
    for (const { at } of claims) expect(at.every((one) => one >= 0)).toBe(true);
  });

  it('says who wrote it, and calls rules no model', () => {
    expect(authorOf('rules/1')).toBe('Written by rules');
    expect(authorOf('llama-3/summary-2')).toBe('Written by llama-3/summary-2, unverified');
    expect(authorOf('anthropic/claude-haiku-4-5')).toBe('Written by anthropic/claude-haiku-4-5, unverified');
    expect(authorOf('caller')).toBe('Written by the reporting service');
    expect(authorOf(null)).toBe('Unknown author');
  });
});

describe('what a finding is about', () => {
  it.each([
    ['intent:cart', { intent: 'cart' }],
    ['tag:rage_click', { tag: 'rage_click' }],
    ['product:a:b', { product: 'a:b' }],
    ['day:2026-11-29', { from: Date.UTC(2026, 10, 29), to: Date.UTC(2026, 10, 30), range: undefined }],
    ['day:soon', null],
    ['total', null],
    ['constructor:x', null],
    ['', null],
  ])('reads %s', (about, shown) => expect(shownBy(about)).toEqual(shown));
});
