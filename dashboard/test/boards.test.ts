import { expect, test } from 'vitest';
import { bodyOf, rangeOf, searchOf, tileOf } from '../src/boards/question';
import type { Dashboard, NewTile } from '../src/boards/types';

const HOUR = 3_600_000;
const german = [[{ field: 'country', operator: 'is' as const, values: ['DE'] }]];
const onPhones = [[{ field: 'device', operator: 'is' as const, values: ['mobile'] }]];

test('a tile asks what its page asks, without the range', () => {
  const filter = { from: 1, to: 2, browser: 'Firefox', where: JSON.stringify(german) };
  const top: NewTile = { kind: 'top', title: '', size: 'half', parameters: { dimension: 'page' } };
  const tile = tileOf(top, filter);
  expect(tile.parameters).toEqual({ browser: 'Firefox', where: JSON.stringify(german), dimension: 'page' });
  const search = searchOf(tile, onPhones, { range: '24h' });
  expect(Object.fromEntries(search)).toEqual({
    range: '24h',
    browser: 'Firefox',
    dimension: 'page',
    where: JSON.stringify([...german, ...onPhones]),
  });
});

test('a funnel keeps its filters apart, and comes back to the address of its page', () => {
  const steps = [{ type: 'click' }, { type: 'custom', name: 'paid' }];
  const funnel: NewTile = { kind: 'funnel', title: '', size: 'full', parameters: { steps, windowMs: 600_000 } };
  const tile = tileOf(funnel, { from: 1, to: 2, os: 'iOS', where: JSON.stringify(german) });
  expect(tile.parameters).toEqual({ steps, windowMs: 600_000, filter: { os: 'iOS', where: JSON.stringify(german) } });
  expect(Object.fromEntries(searchOf(tile, null, {}))).toEqual({
    steps: JSON.stringify(steps),
    window: '600000',
    os: 'iOS',
    where: JSON.stringify(german),
  });
});

test('a funnel of people, and retention by events, come back with all that was chosen', () => {
  const steps = [{ type: 'click' }, { type: 'custom', name: 'paid' }];
  const chosen = { steps, by: 'person', windowMs: 86_400_000, breakdown: 'channel' };
  const funnel = tileOf({ kind: 'funnel', title: '', size: 'full', parameters: chosen }, { from: 1, to: 2 });
  expect(funnel.parameters).toEqual({ ...chosen, filter: {} });
  expect(Object.fromEntries(searchOf(funnel, null, { range: '30d' }))).toEqual({
    range: '30d',
    steps: JSON.stringify(steps),
    by: 'person',
    window: '86400000',
    breakdown: 'channel',
  });
  const events = { startType: 'custom', startName: 'signup', returnType: 'pageview', breakdown: 'country' };
  const parameters = { period: undefined, ...events };
  const retention = tileOf({ kind: 'retention', title: '', size: 'full', parameters }, { os: 'iOS' });
  expect(JSON.parse(JSON.stringify(retention.parameters))).toEqual({ os: 'iOS', ...events });
  expect(Object.fromEntries(searchOf(retention, null, {}))).toEqual({ os: 'iOS', ...events });
});

test('errors have no conditions, so those of the dashboard are not sent', () => {
  const issues = { kind: 'issues' as const, parameters: { status: 'open' } };
  expect(Object.fromEntries(searchOf(issues, german, {}))).toEqual({ status: 'open' });
});

test('the range is that of the address, else that of the dashboard', () => {
  const of = (address: string, hours: number | null) => rangeOf(new URLSearchParams(address), hours, 90 * HOUR);
  expect(of('range=30d&country=DE', 24)).toEqual({ range: '30d' });
  expect(of('from=5&to=9', 24)).toEqual({ from: '5', to: '9' });
  expect(of('', 24)).toEqual({ range: '24h' });
  expect(of('', 48)).toEqual({ from: String(42 * HOUR), to: String(90 * HOUR) });
  expect(of('country=DE', null)).toEqual({});
});

test('what is not shown is not saved', () => {
  const hidden = { kind: 'funnel' as const, title: '', size: 'half' as const, parameters: null };
  const shown = { ...hidden, kind: 'vitals' as const, parameters: {} };
  const board = { name: 'x', isShared: true, lastHours: 5, where: null, tiles: [hidden, shown], version: 3 };
  expect(bodyOf(board as unknown as Dashboard)).toEqual({
    name: 'x',
    isShared: true,
    lastHours: 5,
    where: [],
    tiles: [shown],
  });
});
