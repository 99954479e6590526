/** A UUIDv7: sorts by time, 74 random bits. `Math.random` will do: an id is no secret, and apps may lack `crypto`. */
export function uuid(now = Date.now()): string {
  const time = now.toString(16).padStart(12, '0');
  let at = 0;
  return 'tttttttt-tttt-7xxx-yxxx-xxxxxxxxxxxx'.replace(/[txy]/g, (digit) =>
    digit === 't' ? time[at++]! : digit === 'y' ? '89ab'[Math.random() * 4 | 0]! : (Math.random() * 16 | 0).toString(16),
  );
}

/** Where an id of `uuid` falls between 0 and 1, the same in every tab. `from`: which of its random digits decide. */
export function fractionOf(id: string, from = -6): number {
  return parseInt(id.slice(from).slice(0, 6), 16) / 2 ** 24;
}
