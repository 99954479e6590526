/** What an event was done to, in words that a person would use. */

type Data = Record<string, unknown>;

const textOf = (value: unknown): string => (typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : typeof value === 'number' ? String(value) : '');

/** The accessible name; else the best that is known of the element. */
export function labelOf(data: Data): string {
  return [data.label, data.text, data.ariaLabel, data.placeholder, data.name, data.id, data.element, data.tag].map(textOf).find(Boolean) ?? '';
}

/** More would push the name out of sight. */
const NEAREST = 3;

/** What it is inside of, outermost first: `nav.top › ul › li`; empty when the SDK sent none. The SDK names the nearest first. */
export function placeOf({ ancestors }: Data): string {
  if (!Array.isArray(ancestors)) return '';
  return ancestors.slice(0, NEAREST).map(textOf).filter(Boolean).reverse().join(' › ');
}
