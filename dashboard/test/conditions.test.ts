import { describe, expect, it } from 'vitest';
import { sentenceOf } from '../src/alerts/words';
import { csvOf, timeCell } from '../src/analytics/csv';
import { readTable } from '../src/analytics/lists';
import { eventTables, topTable } from '../src/analytics/tables';
import { emptyAtEnd, mayGoOn } from '../src/sessions/further';
import {
  alsoIs,
  choicesOf,
  fieldOf,
  problemOf,
  readGroups,
  textOf,
  writeGroups,
  type Condition,
} from '../src/sessions/conditions';

const trait: Condition = { field: 'trait', property: 'plan', operator: 'is', values: ['pro', 'team'] };

describe('conditions', () => {
  it('come back from the URL, and nonsense is left out', () => {
    const groups = [[trait, { field: 'errors', operator: 'greater', values: ['2'] } as Condition]];
    expect(readGroups(writeGroups(groups))).toEqual(groups);
    expect(writeGroups([])).toBeNull();
    for (const text of ['', '{', '{}', '[1]', '[[1,{"field":1}]]', '[[{"field":"os","operator":"is","values":"x"}]]'])
      expect(readGroups(text)).toEqual([]);
  });

  it('say what they mean', () => {
    expect(textOf(trait)).toBe('plan is pro or team');
    expect(textOf({ field: 'browser', operator: 'contains', not: true, values: ['a', 'b', 'c', 'd'] })).toBe(
      'Browser does not contain a or b or 2 more',
    );
    expect(textOf({ field: 'duration', operator: 'greater', values: ['60000'] })).toBe('Duration is above 1 min');
    expect(textOf({ field: 'userId', operator: 'isNotSet' })).toBe('User is not set');
    const ofCohort = { field: 'cohort', operator: 'is' as const, values: ['coh_1'] };
    expect(textOf(ofCohort, () => 'Buyers')).toBe('Cohort is Buyers');
    expect(textOf({ field: 'new', operator: 'is', not: true, values: ['x'] })).toBe('new not: is x');
  });

  it('are part of what an alert says', () => {
    const anyOf: Condition[] = [
      { field: 'errors', operator: 'greater', values: ['2'] },
      { field: 'userId', operator: 'isNotSet' },
    ];
    expect(sentenceOf({ number: 'sessions', condition: 'above', threshold: 10, where: [[trait], anyOf] })).toBe(
      'Sessions above 10 in 1 hour, in sessions where plan is pro or team and (Errors is above 2 or User is not set)',
    );
    const eventWhere = [[{ ...trait, field: 'eventProperty' }]];
    expect(sentenceOf({ number: 'event', eventName: 'paid', condition: 'below', threshold: 5, eventWhere })).toBe(
      'Events “paid” where plan is pro or team below 5 in 1 hour',
    );
  });

  it('are complete before they are sent', () => {
    expect(problemOf(trait)).toBeNull();
    expect(problemOf({ ...trait, property: '' })).toBe('Name the property.');
    expect(problemOf({ field: 'os', operator: 'is', values: [] })).toBe('Give a value.');
    expect(problemOf({ field: 'errors', operator: 'is', values: ['many'] })).toBe('Give a number.');
    expect(problemOf({ ...trait, operator: 'less', values: [' '] })).toBe('Give a number.');
    expect(problemOf({ field: 'os', operator: 'isSet' })).toBeNull();
  });

  it('search no parts of texts where data is masked', () => {
    const country = fieldOf('country');
    const texts = (mayWatch: boolean) => (country ? choicesOf(country, mayWatch).map(({ text }) => text) : []);
    expect(texts(true)).toContain('contains');
    expect(texts(false)).toEqual(['is', 'is not', 'is set', 'is not set']);
  });

  it('get one more', () => {
    const one = alsoIs(undefined, 'channel', 'ai');
    expect(readGroups(one)).toEqual([[{ field: 'channel', operator: 'is', values: ['ai'] }]]);
    expect(readGroups(alsoIs(one, 'utmSource', 'x'))).toHaveLength(2);
  });
});

describe('a list with further pages', () => {
  const pages = { hasNextPage: true, isFetchingNextPage: false, isError: false };

  it('does not ask again for a page that failed', () => {
    expect(mayGoOn(pages, 0)).toBe(true);
    expect(mayGoOn({ ...pages, isError: true }, 0)).toBe(false);
    expect(mayGoOn({ ...pages, isFetchingNextPage: true }, 0)).toBe(false);
    expect(mayGoOn({ ...pages, hasNextPage: false }, 0)).toBe(false);
  });

  it('pauses after a few empty pages', () => {
    expect(emptyAtEnd()).toBe(0);
    expect(emptyAtEnd([0, 3, 0, 0])).toBe(2);
    expect(emptyAtEnd([0, 0])).toBe(2);
    const goesOn = Array.from({ length: 61 }, (_, empty) => mayGoOn(pages, empty));
    expect(goesOn.flatMap((goes, empty) => (goes ? [] : [empty]))).toEqual([30, 60]);
  });
});

describe('CSV', () => {
  it('writes local times with their offset', () => {
    const midnight = Date.UTC(2026, 0, 31, 23);
    expect(timeCell(midnight, 'Europe/Berlin')).toBe('2026-02-01T00:00:00+01:00');
    expect(timeCell(midnight, 'America/St_Johns')).toBe('2026-01-31T19:30:00-03:30');
    expect(timeCell(midnight, 'UTC')).toBe('2026-01-31T23:00:00+00:00');
  });

  it('says in its name that there may be more rows', () => {
    const rows = (length: number) => Array.from({ length }, () => ({ value: 'a', sessions: 1, count: 1 }));
    const nameOf = (length: number) => topTable('page', { rows: rows(length) } as Parameters<typeof topTable>[1]).name;
    expect(nameOf(99)).toBe('top-page');
    expect(nameOf(100)).toBe('top-page-first-100');
    const events = (length: number) => eventTables({ rows: rows(length), series: [] } as never, 'UTC')[0]!.name;
    expect([events(199), events(200)]).toEqual(['events', 'events-first-200']);
  });

  it('of a list has all pages, or says how many rows it has', async () => {
    const people = (first: number, many: number) =>
      Array.from({ length: many }, (_, index) => ({ lastSeenAt: 0, userId: `=${first + index}`, traits: { a: 1 } }));
    async function* pages(...all: [number, boolean][]) {
      let first = 0;
      for (const [many, hasMore] of all) {
        yield { people: people(first, many), nextCursor: hasMore ? 'c' : null };
        first += many;
      }
    }
    const told: number[] = [];
    const read = (...all: [number, boolean][]) =>
      readTable({ list: 'people', most: 30 }, pages(...all), 'UTC', (rows) => told.push(rows));
    // A page may be empty and not the last.
    const whole = await read([12, true], [0, true], [18, false]);
    expect([whole.name, whole.rows.length, told]).toEqual(['people', 30, [12, 12, 30]]);
    expect(csvOf(whole).split('\r\n')[1]).toBe(`1970-01-01T00:00:00+00:00,,'=0,,"{""a"":1}",,,,,`);
    const exact = await read([12, true], [18, true], [1, false]);
    const more = await read([12, true], [19, false]);
    for (const { name, rows, isCut } of [exact, more])
      expect([name, rows.length, isCut]).toEqual(['people-first-30', 30, true]);
    const none = await readTable({ list: 'issues', most: 30 }, pages([0, false]), 'UTC', () => {});
    expect([none.name, none.rows]).toEqual(['errors', []]);
  });

  it('quotes what needs it, and runs no formula', () => {
    const rows = [
      ['=HYPERLINK("http://x")', 1],
      ['+1', -2.5],
      ['-x', null],
      [' @y', undefined],
      ['\tz', 0],
      ['a,b', 7],
      ['plain', 8],
      ['x;=1+1;y', 9],
      ['a=b; c -d', 10],
      ['x\t@y', 11],
      ['\n\n=1', 12],
    ] as const;
    expect(csvOf({ name: 'x', columns: ['value', 'count'], rows }).split('\r\n')).toEqual([
      '\uFEFFvalue,count',
      `"'=HYPERLINK(""http://x"")",1`,
      `'+1,-2.5`,
      `'-x,`,
      `' @y,`,
      `'\tz,0`,
      '"a,b",7',
      'plain,8',
      `"x;'=1+1;y",9`,
      '"a=b; c -d",10',
      `x\t'@y,11`,
      `"\n'\n'=1",12`,
      '',
    ]);
  });
});
