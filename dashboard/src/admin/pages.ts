/** Which pages are open to whom. The server decides; these lists keep links away that it would refuse. */
import type { DashboardPage } from '../api/types';

/** Pages that need the scope admin. */
export const ADMIN_PAGES: ReadonlySet<string> = new Set([
  'members',
  'audit',
  'privacy',
  'erasures',
  'keys',
  'health',
  'letters',
  'source-maps',
]);

/** Pages for whoever may see recordings and events, not only statistics. */
export const WATCHERS_PAGES: ReadonlySet<string> = new Set([
  'people',
  'collections',
  'interactions',
  'products',
  'errors',
  'alerts',
  'funnels',
  'setup',
]);

/** Pages that an organization may close to the role marketing, with their titles, in the order of the menu. */
export const MARKETING_PAGES: Readonly<Record<DashboardPage, string>> = {
  sessions: 'Sessions',
  overview: 'Overview',
  events: 'Events',
  journeys: 'Journeys',
  heatmaps: 'Heatmaps',
  retention: 'Retention',
  vitals: 'Web vitals',
};

export const ALL_MARKETING_PAGES = Object.keys(MARKETING_PAGES) as DashboardPage[];

/** What somebody may do, as far as pages depend on it. */
export interface Rights {
  isAdmin: boolean;
  /** Recordings and events, not only statistics. */
  mayWatch: boolean;
  /** The only ones of {@link MARKETING_PAGES} that are open; null: all. */
  pages?: readonly DashboardPage[] | null;
}

/** Why a page is closed. */
export type Barrier = 'needs-admin' | 'needs-recordings' | 'closed';

export function barrierOf(page: string, { isAdmin, mayWatch, pages }: Rights): Barrier | null {
  if (ADMIN_PAGES.has(page)) return isAdmin ? null : 'needs-admin';
  if (WATCHERS_PAGES.has(page)) return mayWatch ? null : 'needs-recordings';
  const isLimited = Object.hasOwn(MARKETING_PAGES, page);
  return isLimited && pages && !pages.some((open) => open === page) ? 'closed' : null;
}

/** The page to begin with. Without any that is open, the first one says so. */
export const firstPage = (rights: Rights): string =>
  ALL_MARKETING_PAGES.find((page) => !barrierOf(page, rights)) ?? 'sessions';
