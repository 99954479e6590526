/** Alerts and webhooks, as the server sends them. Times are milliseconds since the epoch. */
import type { FunnelStep } from '../api/types';
import type { Group } from '../sessions/conditions';

export type Watched = 'newIssue' | 'regressedIssue' | 'sessions' | 'errors' | 'event' | 'issue' | 'conversion';
export type Comparison = 'above' | 'below' | 'spike' | 'drop';

export interface Rule {
  number: Watched;
  /** Of all but issues that are new or back. */
  condition?: Comparison;
  /** Of `spike`, `drop` and `conversion` a percentage. */
  threshold?: number;
  minimum?: number;
  windowMinutes?: number;
  eventType?: string;
  eventName?: string;
  issueId?: string;
  steps?: FunnelStep[];
  /** Only sessions that fit count. Not of issues. */
  where?: Group[];
  /** Of `event`: only events whose properties fit count. */
  eventWhere?: Group[];
}

export interface Target {
  kind: 'webhook' | 'user';
  id: string;
}

export interface Alert {
  id: string;
  name: string;
  /** Null: another version of CROW wrote it. */
  rule: Rule | null;
  targets: Target[];
  tellsResolved: boolean;
  isEnabled: boolean;
  state: 'ok' | 'firing';
  firingSince: number | null;
  firedAt: number | null;
  value: number | null;
  threshold: number | null;
  evaluatedAt: number | null;
  /** Why the last evaluation failed. */
  failure: string | null;
}

export type Draft = Pick<Alert, 'name' | 'targets' | 'tellsResolved' | 'isEnabled'> & { rule: Rule };

export interface Alerts {
  alerts: Alert[];
  /** Whether users can be told by mail. */
  canMail: boolean;
}

export interface Webhook {
  id: string;
  kind: 'standard' | 'slack';
  name: string;
  /** The part of its URL that is no secret. */
  shownUrl: string;
  isEnabled: boolean;
  failingSince: number | null;
  disabledAt: number | null;
}

/** The secret is shown once; Slack has none. */
export type NewWebhook = Webhook & { secret: string | null };

export interface Delivery {
  id: string;
  alertId: string | null;
  event: string;
  state: 'pending' | 'delivered' | 'exhausted' | 'cancelled';
  attempts: number;
  status: number | null;
  failure: string | null;
  createdAt: number;
  nextAt: number | null;
}

export interface DeliveryPage {
  deliveries: Delivery[];
  nextCursor: string | null;
}
