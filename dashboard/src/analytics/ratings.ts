/** Measurements of a page, how they are shown, and whether they are good. */
import { duration } from '../format';

/** By name: the description, and the limits of web.dev for good and poor. */
export const NAMES: Record<string, [title: string, about: string, good?: number, poor?: number]> = {
  LCP: ['Largest paint', 'Time until the main content is visible', 2500, 4000],
  INP: ['Interaction', 'Time from a click to the next frame', 200, 500],
  CLS: ['Layout shift', 'How much the layout moves', 0.1, 0.25],
  FCP: ['First paint', 'Time until anything is visible', 1800, 3000],
  TTFB: ['First byte', 'Time until the server responds', 800, 1800],
  load: ['Loaded', 'Time until everything has loaded'],
  domContentLoaded: ['Document ready', 'Time until the document is parsed'],
  timeToInteractive: ['Interactive', 'Time until the page has been quiet'],
};

export const show = (name: string, value: number | null | undefined): string =>
  typeof value !== 'number' ? '–' : name === 'CLS' ? value.toFixed(2) : duration(value);

/** The colour of a value; none without limits. */
export function look(name: string, value: number | null | undefined): 'green' | 'amber' | 'red' | '' {
  const [, , good, poor] = NAMES[name] ?? [];
  if (typeof value !== 'number' || good === undefined || poor === undefined) return '';
  return value <= good ? 'green' : value <= poor ? 'amber' : 'red';
}

/** What the event of a page says, in the order of the names. Anybody may have written it. */
export const measuredOf = (data: unknown): [name: string, value: number][] =>
  Object.keys(NAMES).flatMap((name): [string, number][] => {
    const values = (data ?? {}) as Record<string, unknown>;
    const value = values[name] ?? values[name.toLowerCase()];
    return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? [[name, value]] : [];
  });
