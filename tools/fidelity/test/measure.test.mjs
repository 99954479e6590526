import assert from 'node:assert/strict';
import test from 'node:test';
import { background, compare, noiseMask, ssim } from '../lib/measure.mjs';

/** A white picture of 16 by 16, with black pixels at these places. */
function picture(...black) {
  const data = new Uint8ClampedArray(16 * 16 * 4).fill(255);
  for (const place of black) data.set([0, 0, 0], place * 4);
  return { width: 16, height: 16, data };
}
const none = new Uint8Array(256);

test('the same picture is equal in all measures', () => {
  assert.deepEqual(compare(picture(5), picture(5), none), { equal: 1, ink: 1, ssim: 1, masked: 0 });
});

test('ink counts a pixel that is background in only one of the pictures', () => {
  const { equal, ink } = compare(picture(1, 2, 3), picture(1, 2, 99), none);
  assert.equal(equal, 254 / 256);
  assert.equal(ink, 2 / 4);
});

test('the background is the most frequent colour', () => {
  assert.equal(background(picture(1, 2)), 0xffffff);
});

test('a square with noise is left out as a whole', () => {
  const mask = noiseMask(picture(), [picture(17)]);
  assert.equal(mask.reduce((sum, each) => sum + each, 0), 64);
  assert.equal(mask[0], 1);
  assert.equal(compare(picture(), picture(0, 1, 2), mask).equal, 1);
  assert.equal(compare(picture(), picture(8), mask).equal, 191 / 192);
});

test('differences that nobody sees are none', () => {
  const other = picture();
  other.data[0] = 252;
  assert.equal(compare(picture(), other, none).equal, 1);
});

test('similarity falls with the structure', () => {
  const stripes = picture(...Array.from({ length: 128 }, (_, i) => i * 2));
  assert.ok(ssim(stripes, picture(), none) < 0.1);
});
