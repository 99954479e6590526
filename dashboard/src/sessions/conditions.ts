/** Conditions that combine: groups, all of which must hold, and of each group one condition. The server has the same fields. */
import { country, duration } from '../format';

export interface Condition {
  field: string;
  property?: string;
  event?: string;
  operator: Operator;
  values?: string[];
  not?: boolean;
}
export type Group = Condition[];
export type Operator = 'is' | 'isNot' | 'contains' | 'greater' | 'less' | 'isSet' | 'isNotSet';

export type Kind = 'text' | 'number' | 'flag' | 'id' | 'property' | 'cohort';

export interface ConditionField {
  name: string;
  label: string;
  kind: Kind;
  /** The facet with values to suggest. */
  facet?: 'country' | 'device' | 'browser' | 'os' | 'eventType' | 'eventName';
  /** All values that there are. */
  values?: readonly string[];
  /** The server refuses it where personal data is masked. */
  isPersonal?: boolean;
}

const CHANNELS = ['search', 'social', 'ai', 'mail', 'paid', 'referral', 'direct'] as const;

/** By heading, as the list shows them. */
export const FIELDS: readonly (readonly [title: string, fields: readonly ConditionField[]])[] = [
  [
    'Visit',
    [
      { name: 'country', label: 'Country', kind: 'text', facet: 'country' },
      { name: 'device', label: 'Device', kind: 'text', facet: 'device' },
      { name: 'browser', label: 'Browser', kind: 'text', facet: 'browser' },
      { name: 'os', label: 'Operating system', kind: 'text', facet: 'os' },
      { name: 'duration', label: 'Duration in ms', kind: 'number' },
      { name: 'events', label: 'Events', kind: 'number' },
      { name: 'pageviews', label: 'Page views', kind: 'number' },
      { name: 'errors', label: 'Errors', kind: 'number' },
      { name: 'rageClicks', label: 'Rage clicks', kind: 'number' },
      { name: 'replay', label: 'Has a replay', kind: 'flag' },
      { name: 'bot', label: 'Is a bot', kind: 'flag' },
    ],
  ],
  [
    'Source',
    [
      { name: 'channel', label: 'Channel', kind: 'text', values: CHANNELS },
      { name: 'referrerGroup', label: 'Source', kind: 'text' },
      { name: 'referrerDomain', label: 'Referrer domain', kind: 'text' },
      { name: 'referrer', label: 'Referrer address', kind: 'text', isPersonal: true },
      { name: 'utmSource', label: 'UTM source', kind: 'text' },
      { name: 'utmMedium', label: 'UTM medium', kind: 'text' },
      { name: 'utmCampaign', label: 'UTM campaign', kind: 'text' },
    ],
  ],
  [
    'Pages',
    [
      { name: 'page', label: 'Visited page', kind: 'text' },
      { name: 'entryPage', label: 'First page', kind: 'text' },
      { name: 'exitPage', label: 'Last page', kind: 'text' },
    ],
  ],
  [
    'Events',
    [
      { name: 'eventName', label: 'Event', kind: 'text', facet: 'eventName' },
      { name: 'eventType', label: 'Event type', kind: 'text', facet: 'eventType' },
      { name: 'eventProperty', label: 'Property of an event', kind: 'property', isPersonal: true },
    ],
  ],
  [
    'Person',
    [
      { name: 'trait', label: 'Property of the person', kind: 'property', isPersonal: true },
      { name: 'userId', label: 'User', kind: 'text', isPersonal: true },
      { name: 'visitorId', label: 'Visitor', kind: 'id', isPersonal: true },
      { name: 'cohort', label: 'Cohort', kind: 'cohort', isPersonal: true },
    ],
  ],
];

const BY_NAME = new Map(FIELDS.flatMap(([, fields]) => fields).map((field) => [field.name, field]));

export const fieldOf = (name: string): ConditionField | undefined => BY_NAME.get(name);

/** What the editor offers. `contains` and numbers have their opposites, too. */
export interface Choice {
  text: string;
  operator: Operator;
  not: boolean;
}

const choice = (text: string, operator: Operator, not = false): Choice => ({ text, operator, not });
const IS = choice('is', 'is');
const IS_NOT = choice('is not', 'isNot');
const SET = [choice('is set', 'isSet'), choice('is not set', 'isNotSet')];
const PART = [choice('contains', 'contains'), choice('does not contain', 'contains', true)];
const SIZE = [choice('is above', 'greater'), choice('is below', 'less')];
const CHOICES: Record<Kind, readonly Choice[]> = {
  text: [IS, IS_NOT, ...PART, ...SET],
  number: [...SIZE, IS, IS_NOT],
  flag: [IS],
  id: [IS, IS_NOT, ...SET],
  property: [IS, IS_NOT, ...PART, ...SIZE, ...SET],
  cohort: [IS, IS_NOT],
};

/** The operators of a field. `contains` is not for whoever sees masked data. */
export const choicesOf = (field: ConditionField, mayWatch: boolean): readonly Choice[] =>
  CHOICES[field.kind].filter(({ operator }) => mayWatch || operator !== 'contains');

/** What stands for an operator in the text of a condition. */
export function choiceOf({ field, operator, not = false }: Condition): Choice {
  const known = CHOICES[fieldOf(field)?.kind ?? 'property'];
  const same = known.find((each) => each.operator === operator && each.not === not);
  return same ?? choice(not ? `not: ${operator}` : operator, operator, not);
}

export const takesValues = (operator: Operator): boolean => operator !== 'isSet' && operator !== 'isNotSet';
/** Of these, only one value makes sense. */
export const takesOne = (operator: Operator): boolean => operator === 'greater' || operator === 'less';

/** The groups of the URL; none when they cannot be read. */
export function readGroups(text: string | null | undefined): Group[] {
  if (!text) return [];
  try {
    const groups = JSON.parse(text) as unknown;
    if (!Array.isArray(groups)) return [];
    return groups
      .map((group) => (Array.isArray(group) ? group.filter(isCondition) : []))
      .filter(({ length }) => length);
  } catch {
    return [];
  }
}

function isCondition(value: unknown): value is Condition {
  const { field, operator, values = [] } = (value ?? {}) as Partial<Condition>;
  const areTexts = Array.isArray(values) && values.every((text) => typeof text === 'string');
  return typeof field === 'string' && typeof operator === 'string' && areTexts;
}

export const writeGroups = (groups: Group[]): string | null => (groups.length ? JSON.stringify(groups) : null);

/** Why a condition cannot be sent yet; null: it can. */
export function problemOf({ field, property, operator, values = [] }: Condition): string | null {
  const known = fieldOf(field);
  if (known?.kind === 'property' && !property) return 'Name the property.';
  if (!takesValues(operator)) return null;
  if (!values.length) return 'Give a value.';
  const needsNumber = known?.kind === 'number' || takesOne(operator);
  if (needsNumber && !values.every((value) => value.trim() !== '' && Number.isFinite(Number(value))))
    return 'Give a number.';
  return null;
}

const shown = (field: string, value: string): string =>
  field === 'country' ? country(value) : field === 'duration' ? duration(Number(value)) : value;

/** A condition in words. `nameOf` tells what a cohort is called. */
export function textOf(condition: Condition, nameOf: (id: string) => string = (id) => id): string {
  const { field, property, event, values = [] } = condition;
  const label = fieldOf(field)?.label ?? field;
  const of = property ? `${event ? `${event}: ` : ''}${property}` : label.replace(' in ms', '');
  const parts = [of, choiceOf(condition).text];
  const listed = values.map((value) => (field === 'cohort' ? nameOf(value) : shown(field, value)));
  if (listed.length > 3) listed.splice(2, listed.length, `${values.length - 2} more`);
  return [...parts, listed.join(' or ')].filter(Boolean).join(' ');
}

/** The conditions of a URL and one more: the field is this value. */
export const alsoIs = (where: string | undefined, field: string, value: string): string =>
  JSON.stringify([...readGroups(where), [{ field, operator: 'is', values: [value] }]]);

/** Whether conditions of a URL name a cohort. */
export const isOfCohort = (where: string | undefined): boolean =>
  readGroups(where)
    .flat()
    .some(({ field }) => field === 'cohort');
