const { stringify } = JSON;

/** The server takes events that are nested 64 deep. */
const MAX_DEPTH = 50;
const MAX_OBJECTS = 10_000;

let left = 0;

/**
 * JSON of anything, so that what can be sent is sent: a cycle, a BigInt, an element or a getter that
 * throws costs itself only, and a `toJSON` that the page gave to all arrays or objects is not asked.
 */
export function toJson(value: unknown): string {
  return stringify(plain(value)) ?? 'null';
}

/** A copy that is only data. */
export function plain(value: unknown): any {
  left = MAX_OBJECTS;
  return copyOf([value], 0, []);
}

function copyOf(holder: any, key: string | number, above: unknown[]): unknown {
  try {
    const value = holder[key];
    if (typeof value === 'bigint') return String(value);
    if (!value || typeof value !== 'object') return value;
    if (above.includes(value) || above.length > MAX_DEPTH || left-- < 0) return '[circular]';
    if ('nodeType' in value) return `[${value.nodeName}]`;
    const within = [...above, value];
    const isList = Array.isArray(value);
    const copy: any = isList ? [] : {};
    const write = value.toISOString ?? value.toJSON;
    if (!isList && typeof write === 'function' && write !== copy.toJSON) return copyOf([write.call(value)], 0, within);
    for (const name of Object.keys(value)) copy[name] = copyOf(value, name, within);
    // Of the page's `Array.prototype`, or of a page whose `Object.keys` tells of what is inherited, too.
    if (copy.toJSON) copy.toJSON = undefined;
    return copy;
  } catch {
    return;
  }
}
