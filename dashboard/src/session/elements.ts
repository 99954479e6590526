/** What an event was done to, in words that a person would use. */

type Data = Record<string, unknown>;

const textOf = (value: unknown): string => (typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : typeof value === 'number' ? String(value) : '');

/** The accessible name; else the best that is known of the element. */
export function labelOf(data: Data): string {
  return [data.label, data.text, data.ariaLabel, data.placeholder, data.name, data.id, data.element, data.tag].map(textOf).find(Boolean) ?? '';
}

/** Where it is: the names of what it is inside of, outermost first; empty when the SDK sent none. */
export function placeOf(data: Data): string {
  const path = data.path ?? data.ancestors;
  if (typeof path === 'string') return textOf(path);
  if (!Array.isArray(path)) return '';
  return path.map((step: unknown) => (step !== null && typeof step === 'object' ? labelOf({ ...(step as Data), tag: (step as Data).tag ?? (step as Data).role }) : textOf(step))).filter(Boolean).join(' › ');
}
