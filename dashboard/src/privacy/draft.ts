/** The settings as a form holds them, and back. */
import { ALL_MARKETING_PAGES } from '../admin/pages';
import type { DashboardPage, IssueRule, Settings } from '../api/types';

/** What the form shows. Numbers and lists are texts until they are saved. */
export interface Draft {
  isRecording: boolean;
  samplePercent: string;
  isConsole: boolean;
  /** Empty: no limit. */
  consoleLines: string;
  isNetwork: boolean;
  networkRequests: string;
  networkHeaders: boolean;
  networkBodies: boolean;
  /** Days until each part is removed. Empty: as long as what it belongs to. */
  recordingsDays: string;
  eventsDays: string;
  sessionsDays: string;
  hold: boolean;
  ipAddress: Settings['ipAddress'];
  consentSignals: Settings['consentSignals'];
  email: boolean;
  card: boolean;
  iban: boolean;
  phone: boolean;
  secrets: boolean;
  queryParameters: string;
  assetHosts: string;
  traceLink: string;
  publicLinks: Settings['publicLinks'];
  /** Names of pages, with blanks between them. */
  marketingPages: string;
  /** JSON of the rules, as `textOfRules` writes it. */
  issueRules: string;
}

export type Field = keyof Draft;

export const LABELS: Record<Field, string> = {
  isRecording: 'Record sessions',
  samplePercent: 'Sample rate',
  isConsole: 'Record the console',
  consoleLines: 'Limit for console lines',
  isNetwork: 'Record requests',
  networkRequests: 'Limit for requests',
  networkHeaders: 'Record headers',
  networkBodies: 'Record bodies',
  recordingsDays: 'Remove recordings after',
  eventsDays: 'Remove events after',
  sessionsDays: 'Erase sessions after',
  hold: 'Legal hold',
  ipAddress: 'IP address',
  consentSignals: 'Privacy signals',
  email: 'E-mail addresses',
  card: 'Payment card numbers',
  iban: 'Bank account numbers (IBAN)',
  phone: 'Phone numbers',
  secrets: 'Secrets',
  queryParameters: 'Query parameters',
  assetHosts: 'Allowed hosts',
  traceLink: 'Trace link',
  publicLinks: 'Public links',
  marketingPages: 'Pages for the role marketing',
  issueRules: 'Error grouping',
};

/** A problem with a value; without a field it is about all of them. */
export interface Problem {
  field: Field | null;
  text: string;
}

export function draftOf(settings: Settings): Draft {
  const { recording, retention, ipAddress, consentSignals, scrubbing, assetHosts } = settings;
  const { traceLink, marketingPages, publicLinks } = settings;
  const { queryParameters, ...kinds } = scrubbing;
  const { console: lines, network } = recording;
  return {
    ...kinds,
    isRecording: recording.enabled,
    isConsole: lines.enabled,
    consoleLines: String(lines.maxPerMinute ?? ''),
    isNetwork: network.enabled,
    networkRequests: String(network.maxPerMinute ?? ''),
    networkHeaders: network.headers,
    networkBodies: network.bodies,
    // Without the digits that a binary fraction adds: 0.07 is 7 %.
    samplePercent: String(Number((recording.sampleRate * 100).toPrecision(12))),
    recordingsDays: String(retention.recordingsDays ?? ''),
    eventsDays: String(retention.eventsDays ?? ''),
    sessionsDays: String(retention.sessionsDays ?? ''),
    hold: retention.hold,
    ipAddress,
    consentSignals,
    publicLinks,
    queryParameters: queryParameters.join('\n'),
    assetHosts: assetHosts.join('\n'),
    traceLink: traceLink ?? '',
    marketingPages: (marketingPages ?? ALL_MARKETING_PAGES).join(' '),
    issueRules: textOfRules(settings.issueRules ?? []),
  };
}

/** The settings that a draft means. What this version does not know stays as it is in `stored`. */
export function settingsOf(draft: Draft, stored: Settings): Settings {
  const { email, card, iban, phone, secrets, ipAddress, consentSignals, publicLinks } = draft;
  const sampleRate = Number((Number(draft.samplePercent) / 100).toPrecision(12));
  return {
    ...stored,
    recording: {
      ...stored.recording,
      enabled: draft.isRecording,
      sampleRate,
      console: {
        ...stored.recording.console,
        enabled: draft.isConsole,
        maxPerMinute: numberOf(draft.consoleLines),
      },
      network: {
        ...stored.recording.network,
        enabled: draft.isNetwork,
        maxPerMinute: numberOf(draft.networkRequests),
        headers: draft.networkHeaders,
        bodies: draft.networkBodies,
      },
    },
    retention: {
      ...stored.retention,
      recordingsDays: numberOf(draft.recordingsDays),
      eventsDays: numberOf(draft.eventsDays),
      sessionsDays: numberOf(draft.sessionsDays),
      hold: draft.hold,
    },
    ipAddress,
    consentSignals,
    publicLinks,
    scrubbing: { email, card, iban, phone, secrets, queryParameters: words(draft.queryParameters) },
    assetHosts: words(draft.assetHosts),
    traceLink: draft.traceLink.trim() || null,
    marketingPages: limitOf(words(draft.marketingPages) as DashboardPage[]),
    issueRules: rulesOf(draft.issueRules),
  };
}

/** A rule without conditions. */
export const NO_RULE: IssueRule = {
  type: null,
  message: null,
  file: null,
  function: null,
  page: null,
  release: null,
  isHandled: null,
  fingerprint: '',
};

export const rulesOf = (text: string): IssueRule[] =>
  (JSON.parse(text) as Partial<IssueRule>[]).map((rule) => ({ ...NO_RULE, ...rule }));

/** Without what a rule leaves open, so that a field that was filled in and emptied again is no change. */
export const textOfRules = (rules: IssueRule[]): string =>
  JSON.stringify(
    rules.map((rule) =>
      Object.fromEntries(
        Object.entries(rule)
          .filter(([, value]) => value !== null)
          .sort(([one], [other]) => (one < other ? -1 : 1)),
      ),
    ),
  );

const words = (text: string): string[] => [...new Set(text.split(/[\s,]+/).filter(Boolean))];

/** Without a limit, pages of later releases are open too. */
const limitOf = (open: DashboardPage[]): DashboardPage[] | null =>
  ALL_MARKETING_PAGES.every((page) => open.includes(page)) ? null : open;

/** The text of a draft with a page opened or closed. */
export function withPage(text: string, page: DashboardPage, isOpen: boolean): string {
  const others = words(text).filter((other) => other !== page);
  const open = isOpen ? [...others, page] : others;
  const place = (name: string) => ALL_MARKETING_PAGES.findIndex((known) => known === name);
  // In one order, so that a page closed and opened again is no change.
  return open.sort((one, other) => place(one) - place(other)).join(' ');
}

export const hasPage = (text: string, page: DashboardPage): boolean => words(text).includes(page);

const numberOf = (text: string): number | null => (text.trim() ? Number(text) : null);

const MAX_DAYS = 3_650;
const MAX_PER_MINUTE = 10_000;

/** What retention removes, the part that may go first at the beginning. */
const AGES = ['recordingsDays', 'eventsDays', 'sessionsDays'] as const;

const isWhole = (value: number, most: number): boolean => Number.isInteger(value) && value >= 1 && value <= most;

/** What can be said without the server: what is no number cannot be sent. */
export function problemBefore(draft: Draft): Problem | null {
  const percent = draft.samplePercent.trim() ? Number(draft.samplePercent) : Number.NaN;
  if (!(percent >= 0 && percent <= 100)) return { field: 'samplePercent', text: 'Enter a number from 0 to 100.' };
  for (const field of ['consoleLines', 'networkRequests'] as const)
    if (!isWhole(numberOf(draft[field]) ?? 1, MAX_PER_MINUTE))
      return { field, text: `Enter a whole number from 1 to ${MAX_PER_MINUTE}, or leave the field empty.` };
  let shortest = 1;
  for (const field of AGES) {
    const days = numberOf(draft[field]);
    if (days === null) continue;
    if (!isWhole(days, MAX_DAYS))
      return { field, text: `Enter a whole number of days from 1 to ${MAX_DAYS}, or leave the field empty.` };
    if (days < shortest) return { field, text: `Enter at least ${shortest} days: the data above is kept that long.` };
    shortest = days;
  }
  return null;
}

/** The ages in days at which recordings, events and sessions are removed. */
const agesOut = (draft: Draft): number[] =>
  AGES.map((field) => (draft.hold ? Infinity : (numberOf(draft[field]) ?? Infinity)));

/** Whether saving removes what was kept before. */
export function erasesMore(draft: Draft, saved: Draft): boolean {
  const before = agesOut(saved);
  return agesOut(draft).some((days, kind) => days < Math.min(...before.slice(kind)));
}

/** What retention will remove, a sentence for each kind. */
export function removals(draft: Draft): string[] {
  const of = (field: (typeof AGES)[number], what: string) =>
    draft[field].trim() && `${what} after ${draft[field]} ${draft[field].trim() === '1' ? 'day' : 'days'}.`;
  return [
    of('recordingsDays', 'Recordings are removed'),
    of('eventsDays', 'Events and recordings are removed'),
    of('sessionsDays', 'Sessions are erased'),
  ].filter((text) => text !== '');
}

const FIELDS: Record<string, Field> = {
  'recording.enabled': 'isRecording',
  'recording.sampleRate': 'samplePercent',
  'recording.console.maxPerMinute': 'consoleLines',
  'recording.network.maxPerMinute': 'networkRequests',
  'retention.recordingsDays': 'recordingsDays',
  'retention.eventsDays': 'eventsDays',
  'retention.sessionsDays': 'sessionsDays',
  'retention.hold': 'hold',
  ipAddress: 'ipAddress',
  consentSignals: 'consentSignals',
  publicLinks: 'publicLinks',
  'scrubbing.queryParameters': 'queryParameters',
  assetHosts: 'assetHosts',
  traceLink: 'traceLink',
  marketingPages: 'marketingPages',
  issueRules: 'issueRules',
};

/** The server's `settings.assetHosts: must be …` belongs to the field. */
export function problemOf(message: string): Problem {
  const [, path = '', text = ''] = /^settings\.([\w.]+): (.+)$/s.exec(message) ?? [];
  const field = FIELDS[path];
  return field ? { field, text: `${text}.` } : { field: null, text: message };
}

const fieldsOf = (draft: Draft): Field[] => Object.keys(draft) as Field[];

export const changedFields = (draft: Draft, other: Draft): Field[] =>
  fieldsOf(draft).filter((field) => draft[field] !== other[field]);

/** Somebody else saved `theirs`. What was changed here is kept, and everything else is theirs. */
export function merged(draft: Draft, before: Draft, theirs: Draft): { draft: Draft; contested: Field[] } {
  const own = changedFields(draft, before);
  const kept = Object.fromEntries(own.map((field) => [field, draft[field]])) as Partial<Draft>;
  const contested = own.filter((field) => theirs[field] !== before[field] && theirs[field] !== draft[field]);
  return { draft: { ...theirs, ...kept }, contested };
}
