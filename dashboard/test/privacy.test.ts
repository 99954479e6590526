import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Settings } from '../src/api/types';
import { subjectOf } from '../src/erasures/subject';
import {
  changedFields,
  draftOf,
  erasesMore,
  merged,
  NO_RULE,
  problemBefore,
  problemOf,
  removals,
  settingsOf,
  withPage,
  type Draft,
} from '../src/privacy/draft';
import { hold, link, navigate } from '../src/router';

const DEFAULTS: Settings = {
  recording: {
    enabled: true,
    sampleRate: 1,
    console: { enabled: true, maxPerMinute: null },
    network: { enabled: true, maxPerMinute: null, headers: true, bodies: true },
  },
  retention: { recordingsDays: null, eventsDays: null, sessionsDays: null, hold: false },
  ipAddress: 'keep',
  consentSignals: 'anonymous',
  scrubbing: { email: false, card: false, iban: false, phone: false, secrets: false, queryParameters: [] },
  assetHosts: [],
  traceLink: null,
  publicLinks: 'masked',
  issueRules: [],
  marketingPages: null,
};

describe('privacy settings in a form', () => {
  it('come back as they were', () => {
    for (const sampleRate of [0, 0.001, 0.07, 0.125, 0.29, 0.57, 1]) {
      const settings: Settings = {
        ...DEFAULTS,
        recording: {
          enabled: false,
          sampleRate,
          console: { enabled: false, maxPerMinute: 60 },
          network: { enabled: true, maxPerMinute: 1, headers: false, bodies: true },
        },
        retention: { recordingsDays: 7, eventsDays: null, sessionsDays: 30, hold: true },
        scrubbing: { ...DEFAULTS.scrubbing, card: true, queryParameters: ['token', 'filter[name]'] },
        assetHosts: ['cdn.example', '[::1]'],
        traceLink: 'https://traces.example/{traceId}',
        marketingPages: ['sessions', 'vitals'],
        issueRules: [{ ...NO_RULE, message: 'Loading chunk *', isHandled: false, fingerprint: 'chunk' }],
      };
      expect(settingsOf(draftOf(settings), settings)).toEqual(settings);
    }
    expect(settingsOf(draftOf(DEFAULTS), DEFAULTS)).toEqual(DEFAULTS);
    const recording = { ...DEFAULTS.recording, sampleRate: 0.07 };
    expect(draftOf({ ...DEFAULTS, recording }).samplePercent).toBe('7');
  });

  it('lists are separated by lines, blanks or commas, and name each thing once', () => {
    const draft = { ...draftOf(DEFAULTS), assetHosts: ' a.example,\n\nb.example a.example ' };
    expect(settingsOf(draft, DEFAULTS).assetHosts).toEqual(['a.example', 'b.example']);
  });

  it('pages are limited unless all are open', () => {
    const all = draftOf(DEFAULTS).marketingPages;
    const fewer = withPage(withPage(all, 'events', false), 'sessions', false);
    const sent = (marketingPages: string) =>
      settingsOf({ ...draftOf(DEFAULTS), marketingPages }, DEFAULTS).marketingPages;
    expect(sent(fewer)).toEqual(['overview', 'journeys', 'heatmaps', 'retention', 'vitals']);
    expect(sent('')).toEqual([]);
    const again = withPage(withPage(fewer, 'sessions', true), 'events', true);
    expect(again).toBe(all);
    expect(sent(again)).toBeNull();
    expect(draftOf({ ...DEFAULTS, marketingPages: [] }).marketingPages).toBe('');
  });

  it('a share that is no share is not sent', () => {
    const wrong = ['', ' ', 'x', '-1', '100.1'];
    for (const samplePercent of wrong)
      expect(problemBefore({ ...draftOf(DEFAULTS), samplePercent })?.field).toBe('samplePercent');
    for (const samplePercent of ['0', '0.5', '100'])
      expect(problemBefore({ ...draftOf(DEFAULTS), samplePercent })).toBeNull();
  });

  it('days are whole days or none', () => {
    for (const sessionsDays of ['0', '1.5', '3651', 'x', '-1'])
      expect(problemBefore({ ...draftOf(DEFAULTS), sessionsDays })?.field).toBe('sessionsDays');
    for (const sessionsDays of ['', ' ', '1', '3650'])
      expect(problemBefore({ ...draftOf(DEFAULTS), sessionsDays })).toBeNull();
  });

  it('lines and requests a minute are whole numbers or none', () => {
    for (const field of ['consoleLines', 'networkRequests'] as const) {
      for (const text of ['0', '1.5', '10001', 'x', '-1'])
        expect(problemBefore({ ...draftOf(DEFAULTS), [field]: text })?.field).toBe(field);
      for (const text of ['', ' ', '1', '10000'])
        expect(problemBefore({ ...draftOf(DEFAULTS), [field]: text })).toBeNull();
    }
    const problem = problemOf('settings.recording.console.maxPerMinute: must be 1 to 10000, or null');
    expect(problem).toEqual({ field: 'consoleLines', text: 'must be 1 to 10000, or null.' });
  });

  it('a part is not kept longer than what it belongs to', () => {
    const draft = { ...draftOf(DEFAULTS), recordingsDays: '30', eventsDays: '', sessionsDays: '29' };
    expect(problemBefore(draft)?.field).toBe('sessionsDays');
    expect(problemBefore({ ...draft, eventsDays: '29', sessionsDays: '' })?.field).toBe('eventsDays');
    expect(problemBefore({ ...draft, eventsDays: '30', sessionsDays: '90' })).toBeNull();
  });

  it('recordings that go sooner than their session are more to remove', () => {
    const saved = { ...draftOf(DEFAULTS), sessionsDays: '90' };
    expect(erasesMore({ ...saved, recordingsDays: '30' }, saved)).toBe(true);
    expect(erasesMore({ ...saved, eventsDays: '90' }, saved)).toBe(false);
    expect(removals({ ...saved, recordingsDays: '1' })).toEqual([
      'Recordings are removed after 1 day.',
      'Sessions are erased after 90 days.',
    ]);
  });

  it('what erases more than before is known', () => {
    const drafts = ['', '90', '30'].map((sessionsDays) => ({ ...draftOf(DEFAULTS), sessionsDays }));
    const [never, long, short] = drafts as [Draft, Draft, Draft];
    const cases: [Draft, Draft][] = [
      [long, never],
      [short, long],
      [short, { ...short, hold: true }],
    ];
    for (const [draft, saved] of cases)
      expect([erasesMore(draft, saved), erasesMore(saved, draft), erasesMore(draft, draft)]).toEqual([
        true,
        false,
        false,
      ]);
  });

  it('a problem that the server names belongs to its field', () => {
    expect(problemOf('settings.assetHosts: "X" must be a host name')).toEqual({
      field: 'assetHosts',
      text: '"X" must be a host name.',
    });
    for (const message of ['settings: unknown field `x`', 'settings.other.field: must be 1', 'the bus is down'])
      expect(problemOf(message)).toEqual({ field: null, text: message });
  });

  it('of two people, both keep what only they changed', () => {
    const before = draftOf(DEFAULTS);
    const mine = { ...before, email: true, assetHosts: 'mine.example', ipAddress: 'drop' as const };
    const theirs = { ...before, card: true, assetHosts: 'theirs.example', ipAddress: 'drop' as const };
    const { draft, contested } = merged(mine, before, theirs);
    expect(draft).toEqual({ ...before, email: true, card: true, ipAddress: 'drop', assetHosts: 'mine.example' });
    expect(contested).toEqual(['assetHosts']);
    expect(changedFields(draft, theirs)).toEqual(['email', 'assetHosts']);
  });
});

describe('what to erase', () => {
  const form = (fields: Record<string, string>) => {
    const data = new FormData();
    Object.entries(fields).forEach(([name, value]) => data.set(name, value));
    return data;
  };
  it('is what the form says', () => {
    expect(subjectOf('sessions', form({ sessions: 'a\nb, a' }), 'acme')).toEqual({ sessions: ['a', 'b'] });
    expect(subjectOf('userId', form({ userId: ' ada ' }), 'acme')).toEqual({ userId: 'ada' });
    expect(subjectOf('property', form({ name: 'plan', value: '7' }), 'acme')).toEqual({
      property: { name: 'plan', value: '7' },
    });
    expect(subjectOf('organization', form({}), 'acme')).toEqual({ organization: 'acme' });
    const time = { from: '2026-01-01T10:00', to: '2026-01-01T11:00' };
    const { from, to } = (subjectOf('time', form(time), 'acme') as { time: { from: number; to: number } }).time;
    expect(to - from).toBe(3_600_000);
  });

  it('is never something that was not filled in', () => {
    for (const kind of ['sessions', 'userId', 'time', 'property'] as const)
      expect(subjectOf(kind, form({ sessions: ' ', userId: ' ', name: 'plan' }), 'acme')).toBeTypeOf('string');
    const reversed = { from: '2026-01-01T11:00', to: '2026-01-01T10:00' };
    expect(subjectOf('time', form(reversed), 'acme')).toBeTypeOf('string');
  });
});

describe('a held place', () => {
  beforeEach(() => window.history.replaceState(null, '', '#/privacy'));
  afterEach(() => window.history.replaceState(null, '', '#/'));

  it('asks before it is left, and stays or leaves', () => {
    let asked = 0;
    const held = hold(() => asked++);
    navigate(link('/keys'));
    expect(asked).toBe(1);
    held.stay();
    expect(window.location.hash).toBe('#/privacy');
    navigate(link('/keys'));
    held.leave();
    expect([asked, window.location.hash]).toEqual([2, '#/keys']);
    navigate(link('/health'));
    expect(asked).toBe(2);
  });
});
