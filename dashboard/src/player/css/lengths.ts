/**
 * Browsers lay out in parts of 1/64 pixel, and write six digits of a number: 22.390625px, set by a script, is recorded as
 * 22.3906px, and would be laid out as 22.375px.
 */
import { Kind, tokenize } from './tokens';

const PARTS = 64;
const DIGITS = 6;
const UNIT = 'px';

/** Lengths in the `style` of an element, as they were before they were written down. */
export function exactLengths(css: string): string {
  if (!css.includes(UNIT) || !css.includes('.')) return css;
  const { text, kinds, starts } = tokenize(css);
  let result = '';
  kinds.forEach((kind, index) => {
    const token = text.slice(starts[index], starts[index + 1]);
    result += kind === Kind.Number && token.endsWith(UNIT) ? exact(token.slice(0, -UNIT.length)) + UNIT : token;
  });
  return result;
}

function exact(written: string): string {
  const [whole = '', decimals = ''] = written.split('.');
  const digits = whole.replace('-', '') === '0' ? 0 : whole.replace('-', '').length;
  // Written in full, since it has fewer digits than fit.
  if (!decimals || digits + decimals.length !== DIGITS) return written;
  const value = Math.round(Number(written) * PARTS) / PARTS;
  const isRounded = Math.abs(value - Number(written)) <= 0.5001 * 10 ** -decimals.length;
  return isRounded ? String(value) : written;
}
