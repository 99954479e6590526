/** A UUIDv7: sorts by time, 74 random bits. `Math.random` will do: an id is no secret, and apps may lack `crypto`. */
export function uuid(now = Date.now()): string {
  const time = now.toString(16).padStart(12, '0');
  let at = 0;
  return 'tttttttt-tttt-7xxx-yxxx-xxxxxxxxxxxx'.replace(/[txy]/g, (digit) =>
    digit === 't' ? time[at++]! : ((digit === 'y' ? 8 : 0) + Math.floor(Math.random() * (digit === 'y' ? 4 : 16))).toString(16),
  );
}

/** Where a text falls between 0 and 1, the same in every tab (FNV-1a, with its bits mixed once more). */
export function fractionOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  return (Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0) / 2 ** 32;
}
