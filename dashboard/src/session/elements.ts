/** The target of an event, in plain words. */

type Data = Record<string, unknown>;

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : typeof value === 'number' ? String(value) : '';

/** The accessible name, else the best known description of the element. */
export function labelOf(data: Data): string {
  return (
    [data.label, data.text, data.ariaLabel, data.placeholder, data.name, data.id, data.element, data.tag]
      .map(textOf)
      .find(Boolean) ?? ''
  );
}

/** More would hide the name. */
const NEAREST = 3;

/** The elements around it, outermost first: `nav.top › ul › li`. Empty if the SDK sent none. The SDK sends the nearest first. */
export function placeOf({ ancestors }: Data): string {
  if (!Array.isArray(ancestors)) return '';
  return ancestors.slice(0, NEAREST).map(textOf).filter(Boolean).reverse().join(' › ');
}
