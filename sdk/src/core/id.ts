/** Milliseconds since the epoch, whatever a page has made of `Date.now`. */
export function now(): number {
  return Math.round(Date.now()) || Math.round(performance.timeOrigin + performance.now());
}

let count = 0;

/**
 * A UUIDv7: sorts by time, 72 random bits. `Math.random` will do: an id is no secret, and apps may lack
 * `crypto`. The count keeps ids of a page apart that has made `Math.random` foreseeable.
 */
export function uuid(at = now()): string {
  const time = at.toString(16).padStart(12, '0');
  let rest = count++;
  const digit = (): string => {
    const value = (Math.random() * 16 + rest) & 15;
    rest >>= 4;
    return value.toString(16);
  };
  return time.replace(/.{8}/, '$&-') + '-7xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, digit);
}

/** Where an id of `uuid` falls between 0 and 1, the same in every tab; its last six digits decide. */
export function fractionOf(id: string): number {
  return parseInt(id.slice(-6), 16) / 2 ** 24;
}
