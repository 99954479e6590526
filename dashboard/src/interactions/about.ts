/** Which interactions a finding is about. */
import type { Filter } from './use-interactions';

/** Parameters of the feed that shows them. */
export type Shown = Partial<Record<Filter | 'from' | 'to' | 'range', string | number>>;

const DAY_MS = 86_400_000;
const FILTERS: Record<string, Filter> = { intent: 'intent', tag: 'tag', product: 'product' };

/** Reads `intent:cart`, `tag:error`, `product:x1` or `day:2026-11-29`; null: no filter shows just these. */
export function shownBy(about: string): Shown | null {
  const colon = about.indexOf(':');
  const [kind, value] = [about.slice(0, colon), about.slice(colon + 1)];
  if (colon < 0 || !value) return null;
  if (kind === 'day') {
    const from = Date.parse(`${value}T00:00:00Z`);
    return Number.isNaN(from) ? null : { from, to: from + DAY_MS, range: undefined };
  }
  const filter = Object.hasOwn(FILTERS, kind) ? FILTERS[kind] : undefined;
  return filter ? { [filter]: value } : null;
}
