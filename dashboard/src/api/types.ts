/** What the server answers. Times are milliseconds since the epoch. */
import type { components } from './schema';

type Schemas = components['schemas'];

export type Session = Schemas['SessionView'];
export type SessionPage = Schemas['SessionList'];
export type SessionEvent = Schemas['EventView'];
export type EventPage = Schemas['EventList'];
export type Gap = Schemas['Gap'];

/** A line of a replay: `r` an rrweb event, `e` an interaction. */
export interface ReplayLine {
  w: string;
  k: 'r' | 'e';
  t: number;
  s?: number | null;
  d: unknown;
}

export interface SignedIn {
  organizationId: string;
  scopes: string[];
  keyPrefix: string;
  expiresAt: number;
  csrfToken: string;
}

export interface Counted {
  value: string;
  count: number;
}

export type FacetName = 'country' | 'device' | 'browser' | 'os' | 'eventType' | 'eventName';

export interface Facets {
  total: number;
  isExact: boolean;
  sampleRate: number;
  facets: Record<FacetName, Counted[]>;
}

/** Each analysis says which share of the sessions it looked at, and how long that took. */
export interface Measured {
  sampleRate: number;
  tookMs: number;
}

export interface Totals {
  sessions: number;
  visitors: number;
  pageviews: number;
  events: number;
  bounceRate: number;
  avgDurationMs: number;
  errors: number;
  rageClicks: number;
}

export interface Bucket {
  t: number;
  sessions: number;
  visitors: number;
  pageviews: number;
}

export interface Overview extends Measured {
  totals: Totals;
  previous: Totals;
  series: Bucket[];
  previousSeries: Bucket[];
}

export type Dimension = 'page' | 'entryPage' | 'exitPage' | 'referrer' | 'country' | 'device' | 'browser' | 'os' | 'eventType' | 'eventName';

export interface Top extends Measured {
  rows: { value: string; sessions: number; count: number }[];
}

export interface EventCounts extends Measured {
  rows: { type: string; name: string | null; count: number; sessions: number }[];
  series: { t: number; count: number }[];
}

export interface FunnelStep {
  type: string;
  name?: string;
  url?: string;
  label?: string;
}

export interface Funnel extends Measured {
  steps: { label: string; sessions: number; conversion: number; dropOff: number; medianMsFromPrevious: number | null }[];
  breakdown: { value: string; steps: number[] }[];
  sampleSessions: { step: number; reached: string[]; dropped: string[] }[];
}

export interface Journeys extends Measured {
  nodes: { step: number; page: string; sessions: number }[];
  links: { step: number; from: string; to: string; sessions: number }[];
}

export type HeatKind = 'click' | 'rage' | 'dead' | 'scroll';
export type ViewportClass = 'desktop' | 'tablet' | 'mobile';

export interface Heatmap extends Measured {
  page: string;
  kind: HeatKind;
  viewport: ViewportClass;
  sessions: number;
  count: number;
  width: number;
  height: number;
  /** `x` in thousandths of the viewport's width, `y` in pixels of the document. */
  points: { x: number; y: number; count: number }[];
  /** How many sessions saw at least this much of the page, in percent. */
  scroll: { depth: number; sessions: number }[];
  snapshotSession: { id: string; at: number } | null;
}

export interface Pages extends Measured {
  rows: { page: string; pageviews: number }[];
}

export interface Retention extends Measured {
  cohorts: { start: number; size: number; returned: number[] }[];
}

export type VitalName = 'LCP' | 'CLS' | 'INP' | 'TTFB' | 'FCP' | 'load';

export interface Vitals extends Measured {
  metrics: { name: VitalName; unit: string; count: number; p50: number; p75: number; p95: number; rating: { good: number; needsImprovement: number; poor: number } }[];
  pages: { page: string; LCP: number | null; CLS: number | null; INP: number | null }[];
}

export interface Key {
  id: string;
  name: string;
  prefix: string;
  scopes: string[];
  /** Null: any. */
  allowedOrigins: string[] | null;
  createdAt: number;
  revokedAt: number | null;
}

export interface NewKey extends Key {
  /** Told this once. */
  key: string;
}

export interface Health {
  partitions: { id: number; owner: string | null; epoch: number; lag: number | null; checkpoint: number; leaseUntil: number | null }[];
  keepers: { id: string; aliveUntil: number }[];
  /** Null when the bus does not say. */
  deadLetters: { events: number; completions: number } | null;
  storage: { archiveBytes: number; packBytes: number; sessions: number; events: number; chunks: number };
  ingest: { eventsPerMinute: { t: number; count: number }[]; firstEventAt: number | null };
}

export interface Letter {
  id: string;
  kind: 'events' | 'completions';
  at: number;
  reason: string;
  subject: string;
  attempts: number;
  sizeBytes: number;
}
