import { count, percent } from '../format';

export interface Change {
  direction: 'up' | 'down' | null;
  text: string;
}

/** Above this, a factor is easier to read than a percentage. */
const FACTOR = 10;

/** How a number changed: `▲ 12%`, `▼ 40%`, `▲ ×120`; `new` when there was nothing before. */
export function changeOf(now: number, before: number): Change {
  if (!before) return { direction: null, text: now ? 'new' : 'no change' };
  const ratio = now / before;
  if (Math.abs(ratio - 1) < 0.0005) return { direction: null, text: 'no change' };
  if (ratio >= FACTOR) return { direction: 'up', text: `▲ ×${count(ratio)}` };
  return ratio > 1
    ? { direction: 'up', text: `▲ ${percent(ratio - 1)}` }
    : { direction: 'down', text: `▼ ${percent(1 - ratio)}` };
}
