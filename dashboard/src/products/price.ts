/** Prices in minor units, such as cents. Which unit that is depends on the currency: yen have none. */

function formatOf(currency: string): Intl.NumberFormat | null {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency });
  } catch {
    return null;
  }
}

const digitsOf = (currency: string): number => formatOf(currency)?.resolvedOptions().maximumFractionDigits ?? 2;

/** `€1,299.00`. */
export function priceText(minor: number, currency: string): string {
  const format = formatOf(currency);
  const major = minor / 10 ** digitsOf(currency);
  return format ? format.format(major) : `${major} ${currency}`;
}

/** `1299.00`, as a person edits it. */
export const decimalOf = (minor: number, currency: string): string =>
  (minor / 10 ** digitsOf(currency)).toFixed(digitsOf(currency));

/** Reads `1299`, `1299.9` or `1299,90`; null: it is no price of this currency. */
export function minorOf(text: string, currency: string): number | null {
  const digits = digitsOf(currency);
  const [, whole, part = ''] = /^(\d{1,12})(?:[.,](\d*))?$/.exec(text.trim()) ?? [];
  if (whole === undefined || part.length > digits) return null;
  return Number(whole + part.padEnd(digits, '0'));
}
