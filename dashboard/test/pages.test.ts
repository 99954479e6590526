// Pages of the dashboard with answers that fail, or change while they are shown.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, createElement, useState, type FunctionComponent } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Session } from '../src/api/types';
import IssuePage from '../src/issues/issue';
import { Cohorts } from '../src/people/cohorts';
import { navigate } from '../src/router';
import { EventList } from '../src/session/event-list';
import { useMoments } from '../src/session/events';
import { Conditions } from '../src/sessions/condition-chips';
import { SignedInOnly } from '../src/signin/session';
import { More, usePages } from '../src/ui/pages';

const SIGNED = { organizationId: 'acme', csrfToken: 'c', scopes: ['admin', 'read'] };

let asked: string[];
/** By path; a number is a refusal. */
let answers: { [path: string]: object | number };
let root: Root;
let page: HTMLElement;

/** Long enough for anything that goes on by itself to show. */
const settle = (): Promise<void> => act(async () => void (await vi.advanceTimersByTimeAsync(2_000)));

async function show(component: FunctionComponent): Promise<void> {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  await act(async () => root.render(createElement(QueryClientProvider, { client }, createElement(component))));
  await settle();
}

/** For who is signed in. */
const signedIn = (component: FunctionComponent): FunctionComponent => {
  const children = createElement(component);
  return () => createElement(SignedInOnly, { children });
};

async function press(name: string): Promise<void> {
  const button = [...page.querySelectorAll('button')].find(({ textContent }) => textContent?.trim() === name);
  await act(async () => button!.click());
  await settle();
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  asked = [];
  answers = { '/auth/session': SIGNED };
  vi.stubGlobal('fetch', async (url: string) => {
    const path = url.split('?')[0]! + (/cursor=\w+/.exec(url)?.[0] ?? '');
    asked.push(path);
    // As a server does, whose answer is no part of the same render.
    await new Promise((done) => setTimeout(done, 50));
    const answer = answers[path] ?? 404;
    return typeof answer === 'number'
      ? Response.json({ error: { code: 'not_found', message: 'no' } }, { status: answer })
      : Response.json(answer);
  });
  page = document.body.appendChild(document.createElement('div'));
  root = createRoot(page);
});
afterEach(async () => {
  await act(async () => root.unmount());
  page.remove();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a page of a list that fails', () => {
  it('is not asked for again by the events of a session', async () => {
    const path = '/sessions/acme/s1/events';
    answers[path] = { events: [{ id: 'e1', type: 'click', timestamp: 1, data: {} }], nextCursor: 'next' };
    answers[path + 'cursor=next'] = 500;
    await show(() => {
      const { moments, ...loading } = useMoments({ organizationId: 'acme', id: 's1' } as Session, []);
      const list = createElement(EventList, { moments, ...loading, from: 0, at: 0, onSeek: () => {} });
      return createElement('div', {}, createElement('p', {}, moments.length), list);
    });
    const known = (): unknown => page.querySelector('p')?.textContent;
    expect(known()).toBe('1');
    expect(asked).toEqual([path, path + 'cursor=next']);
    // By hand it goes on where it stopped.
    answers[path + 'cursor=next'] = { events: [{ id: 'e2', type: 'click', timestamp: 2, data: {} }] };
    await press('Try again');
    expect(known()).toBe('2');
    expect(page.querySelector('[role=alert]')).toBe(null);
    expect(asked).toEqual([path, path + 'cursor=next', path + 'cursor=next']);
  });

  it('can be the first page of the events of a session, too', async () => {
    const path = '/sessions/acme/s1/events';
    answers[path] = 500;
    await show(() => {
      const { moments, retry } = useMoments({ organizationId: 'acme', id: 's1' } as Session, []);
      return createElement('button', { onClick: retry }, moments.length);
    });
    answers[path] = { events: [{ id: 'e1', type: 'click', timestamp: 1, data: {} }] };
    await press('0');
    expect(page.textContent).toBe('1');
  });

  it('says so beside the button that asks for it, until it is there', async () => {
    answers['/list'] = { nextCursor: 'next' };
    answers['/listcursor=next'] = 429;
    await show(() => createElement(More, { query: usePages(['list'], '/list') }));
    expect(page.querySelector('[role=alert]')).toBe(null);
    await press('Show more');
    expect(page.querySelector('[role=alert]')?.textContent).toMatch(/could not be loaded/);
    answers['/listcursor=next'] = {};
    await press('Show more');
    expect(page.textContent).toBe('');
  });
});

it('the recording of an error is read only for the error that somebody asked for', async () => {
  const detail = (id: string) => ({
    issue: { id, type: 'Error', message: id, status: 'open', firstSeen: 1, lastSeen: 2, trend: [] },
    latestSessions: [{ id: `of-${id}`, startedAt: 1, lastSeen: 2, hasReplay: true }],
    browsers: [],
    systems: [],
    pages: [],
    releases: [],
  });
  for (const id of ['i1', 'i2']) {
    answers[`/issues/acme/${id}`] = detail(id);
    answers[`/sessions/acme/of-${id}/events`] = { events: [] };
  }
  const recordings = () => asked.filter((path) => path.endsWith('/replay')).map((path) => path.split('/')[3]);
  navigate('#/errors/i1');
  await show(signedIn(IssuePage));
  expect(recordings()).toEqual([]);
  await press('Add console and requests');
  expect(new Set(recordings())).toEqual(new Set(['of-i1']));
  await act(async () => navigate('#/errors/i2'));
  await settle();
  expect(page.textContent).toContain('i2');
  expect(recordings()).not.toContain('of-i2');
});

it('a cohort without a name is not saved, and the form says why', async () => {
  answers['/cohorts/acme'] = { cohorts: [] };
  await show(signedIn(Cohorts));
  await press('Cohorts');
  expect(page.ownerDocument.querySelector<HTMLInputElement>('input[name=name]')?.required).toBe(true);
});

it('the focus stays at the conditions when the one that had it is changed or removed', async () => {
  const group = (value: string) => [{ field: 'browser', operator: 'is', values: [value] }];
  await show(
    signedIn(() => {
      const [value, setValue] = useState<string | null>(JSON.stringify([group('Firefox'), group('Safari')]));
      return createElement('form', {}, createElement(Conditions, { value: value ?? undefined, onChange: setValue }));
    }),
  );
  const chips = () => [...page.querySelectorAll<HTMLButtonElement>('.chip button')];
  const click = async (button: HTMLButtonElement) => {
    button.focus();
    await act(async () => button.click());
    await settle();
  };
  const focused = () => document.activeElement?.textContent;
  await click(chips()[1]!);
  expect(chips().map(({ textContent }) => textContent)).toEqual(['Browser is Safari', '']);
  expect(focused()).toBe('Conditions');

  await click(chips()[0]!);
  // The editor is a file of its own.
  await act(() => vi.dynamicImportSettled());
  const dialog = document.querySelector('dialog')!;
  const field = dialog.querySelector('textarea')!;
  await act(async () => {
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')!.set!.call(field, 'Edge');
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await click([...dialog.querySelectorAll('button')].find(({ textContent }) => textContent === 'Apply')!);
  expect(document.querySelector('dialog')).toBe(null);
  expect(chips()[0]!.textContent).toBe('Browser is Edge');
  expect(focused()).toBe('Conditions');
});
