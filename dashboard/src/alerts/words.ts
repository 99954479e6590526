/** Rules and messages in plain words. */
import { exactCount } from '../format';
import { textOf, type Group } from '../sessions/conditions';
import type { Alert, Comparison, Delivery, Rule, Watched } from './types';

export const NUMBERS: readonly (readonly [Watched, string])[] = [
  ['newIssue', 'New errors'],
  ['regressedIssue', 'Resolved errors that are back'],
  ['sessions', 'Sessions'],
  ['errors', 'Errors, all together'],
  ['issue', 'Occurrences of one error'],
  ['event', 'An event'],
  ['conversion', 'Conversion of a funnel'],
];

export const CONDITIONS: readonly (readonly [Comparison, string])[] = [
  ['above', 'is above'],
  ['below', 'is below'],
  ['spike', 'rises by percent'],
  ['drop', 'falls by percent'],
];

/** Minutes. */
export const WINDOWS: readonly (readonly [number, string])[] = [
  [5, '5 minutes'],
  [15, '15 minutes'],
  [60, '1 hour'],
  [360, '6 hours'],
  [1_440, '1 day'],
  [10_080, '7 days'],
];

/** A target without a known name: its user was disabled, or may not see alerts any more. */
export const UNKNOWN = 'an unavailable user';

export const isAboutIssues = (number: Watched): boolean => number === 'newIssue' || number === 'regressedIssue';
/** Whether conditions select the sessions that count. */
export const selectsSessions = (number: Watched): boolean => !isAboutIssues(number) && number !== 'issue';
export const isCompared = (condition: Comparison): boolean => condition === 'spike' || condition === 'drop';

const windowOf = (minutes: number): string =>
  WINDOWS.find(([known]) => known === minutes)?.[1] ?? `${exactCount(minutes)} minutes`;

const groupOf = (group: Group): string => {
  const text = group.map((condition) => textOf(condition, () => 'a saved one')).join(' or ');
  return group.length > 1 ? `(${text})` : text;
};
const whereOf = (groups: Group[] = []): string => (groups.length ? ` where ${groups.map(groupOf).join(' and ')}` : '');

function numberOf({ number, eventName, eventType, eventWhere }: Rule): string {
  if (number === 'event') return `Events “${eventName ?? eventType ?? ''}”${whereOf(eventWhere)}`;
  if (number === 'errors') return 'Errors';
  return NUMBERS.find(([known]) => known === number)?.[1] ?? number;
}

/** What a rule says, as one sentence. */
export function sentenceOf(rule: Rule | null): string {
  if (!rule) return 'Another version of CROW wrote this rule.';
  const { where, ...all } = rule;
  if (where?.length) return `${sentenceOf(all)}, in sessions${whereOf(where)}`;
  const number = numberOf(rule);
  if (!rule.condition) return rule.number === 'newIssue' ? 'A new error' : `${number}`;
  const threshold = exactCount(rule.threshold ?? 0);
  const unit = rule.number === 'conversion' ? ' %' : '';
  const window = windowOf(rule.windowMinutes ?? 60);
  switch (rule.condition) {
    case 'above':
      return `${number} above ${threshold}${unit} in ${window}`;
    case 'below':
      return `${number} below ${threshold}${unit} in ${window}`;
    case 'spike':
      return `${number} ${threshold} % or more above the usual in ${window}`;
    case 'drop':
      return `${number} ${threshold} % or more below the usual in ${window}`;
  }
}

/** The number that was counted last, beside what it was compared with. */
export function valueOf({ rule, value, threshold }: Alert): string {
  if (value === null) return '–';
  const rounded = (number: number) => exactCount(Math.round(number * 10) / 10);
  const unit = rule?.number === 'conversion' ? ' %' : '';
  return threshold === null
    ? `${rounded(value)}${unit}`
    : `${rounded(value)}${unit}, limit ${rounded(threshold)}${unit}`;
}

const EVENTS: Record<string, string> = {
  'alert.firing': 'Alert',
  'alert.resolved': 'Resolved',
  'issue.new': 'New errors',
  'issue.regressed': 'Errors are back',
  test: 'Test',
};

export const eventOf = ({ event }: Delivery): string => EVENTS[event] ?? event;
