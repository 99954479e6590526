import { describe, expect, it } from 'vitest';
import { decimalOf, minorOf, priceText } from '../src/products/price';

describe('prices', () => {
  it.each([
    ['1299', 'EUR', 129_900],
    ['1299.9', 'EUR', 129_990],
    ['1299,90', 'EUR', 129_990],
    ['0.1', 'USD', 10],
    ['500', 'JPY', 500],
    ['1.234', 'KWD', 1_234],
    ['1.234', 'EUR', null],
    ['500.5', 'JPY', null],
    ['1,299.00', 'EUR', null],
    ['-1', 'EUR', null],
    ['free', 'EUR', null],
    ['', 'EUR', null],
  ])('reads %s %s', (text, currency, minor) => expect(minorOf(text, currency)).toBe(minor));

  it('writes what a person can edit, and what a person reads', () => {
    expect(decimalOf(129_990, 'EUR')).toBe('1299.90');
    expect(decimalOf(500, 'JPY')).toBe('500');
    expect(priceText(129_990, 'EUR')).toBe('€1,299.90');
    expect(priceText(500, 'JPY')).toBe('¥500');
  });

  it('survives what is no currency', () => {
    expect(priceText(1_250, '<b>')).toBe('12.5 <b>');
    expect(decimalOf(1_250, '')).toBe('12.50');
  });
});
