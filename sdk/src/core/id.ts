/** A UUIDv7: sorts by time, 72 random bits. `Math.random` will do: an id is no secret, and apps may lack `crypto`. */
export function uuid(now = Date.now()): string {
  const time = now.toString(16).padStart(12, '0');
  return time.replace(/.{8}/, '$&-') + '-7xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, () => ((Math.random() * 16) | 0).toString(16));
}

/** Where an id of `uuid` falls between 0 and 1, the same in every tab; its last six digits decide. */
export function fractionOf(id: string): number {
  return parseInt(id.slice(-6), 16) / 2 ** 24;
}
