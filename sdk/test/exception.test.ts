import { afterEach, expect, test, vi } from 'vitest';
import { gunzipSync } from 'node:zlib';
import { memoryStore } from '../src/core/storage';
import { nativeHost } from '../src/core/native-host';
import { createTracker } from '../src/core/tracker';
import { trackErrors } from '../src/web/errors';
import type { Core } from '../src/core/host';
import type { Options } from '../src/types';

afterEach(() => void vi.unstubAllGlobals());

/** What is sent of an error that the page hands over. */
async function captured(
  error: unknown,
  context?: any,
  { hidden, ...options }: Partial<Options & { hidden: Partial<Core['hidden']> }> = {},
): Promise<any> {
  const events: any[] = [];
  const request = async (_: unknown, { body }: any): Promise<Response> => {
    events.push(...JSON.parse(typeof body === 'string' ? body : gunzipSync(Buffer.from(body)).toString()).events);
    return Response.json({}, { status: 202 });
  };
  const tracker = createTracker(
    { apiKey: 'crow_key', endpoint: 'https://gateway.example', ...options },
    nativeHost({
      store: memoryStore(),
      request: request as typeof fetch,
      context: () => ({}),
      attach: (core) => void Object.assign(core.hidden, hidden),
    }),
  );
  tracker.captureException(error, context);
  await tracker.shutdown();
  return events[0];
}

test('an error that the page has caught is an event like one that nobody caught', async () => {
  const { type, data } = await captured(new TypeError('no stock at https://a.b/?token=abc'), { order: 7, loop: 1n });
  expect(type).toBe('error');
  expect(data).toMatchObject({
    name: 'TypeError',
    message: 'no stock at https://a.b/?token=*',
    handled: true,
    context: { order: 7, loop: '1' },
  });
  expect(data.stack).toContain('exception.test.ts');
});

test.each<[string, unknown, string]>([
  ['text', 'Uncaught text', 'text'],
  ['nothing', undefined, ''],
  ['an object', { message: 'said' }, 'said'],
  ['an object that is no error', { code: 7, note: 'Ada' }, '[object Object] code,note'],
  ['a card number', new Error('card 4111 1111 1111 1111'), 'card *'],
  ['a secret in text', new Error('no user for Bearer abc.def'), 'no user for Bearer *'],
])('%s is taken, too', async (_, error, message) => {
  expect((await captured(error)).data.message).toBe(message);
});

test('an error that throws when it is read is not seen by the page', async () => {
  const hostile = Object.defineProperty({}, 'message', { get: () => expect.fail('read') });
  expect(await captured(hostile)).toBe(undefined);
});

test('the debug ids of the scripts in a stack are sent', async () => {
  const error = Object.assign(new Error('no'), {
    stack: 'Error: no\n    at c (https://a.b/app.js?token=abc:1:56)\n    at https://a.b/lib.js:3:4',
  });
  Object.assign(globalThis, {
    _crowDebugIds: {
      'Error\n    at https://a.b/app.js?token=abc:1:900\n    at https://a.b/lib.js:1:2': 'one',
      '@https://a.b/other.js:1:900': 'two',
      'no address': 'three',
      'global code@https://a.b/lib.js:1:9': 'four',
    },
  });
  try {
    const { data } = await captured(error);
    expect(data.debugIds).toEqual({ 'https://a.b/app.js?token=*': 'one', 'https://a.b/lib.js': 'four' });
  } finally {
    Object.assign(globalThis, { _crowDebugIds: undefined });
  }
  expect((await captured(error)).data.debugIds).toBe(undefined);
});

test('what the recorder hides is hidden in message and stack, too', async () => {
  const hidden = { text: (text: string) => text.replaceAll('Ada Lovelace', '*** ********') };
  const { data } = await captured(new Error('unknown user Ada Lovelace'), undefined, { hidden });
  expect(data.message).toBe('unknown user *** ********');
  expect(data.stack).toMatch(/^Error: unknown user \*\*\* \*{8}\n +at .*exception\.test\.ts/);
});

test('digits of something hidden are no reason to hide a place', async () => {
  const hidden = { text: (text: string) => text.replaceAll('1024', '****') };
  const error = Object.assign(new Error('no 1024'), {
    stack: 'Error: no 1024\n    at f1024 (https://a.b/app.js:1:31024)\ng@https://a.b/1024.js:1024:2\nelse 1024',
  });
  const stack = 'Error: no ****\n    at f**** (https://a.b/app.js:1:31024)\ng@https://a.b/****.js:1024:2\nelse ****';
  expect((await captured(error, undefined, { hidden })).data).toMatchObject({ message: 'no ****', stack });
});

const FRAME = '    at save (https://a.b/app.js:1:2)';
test.each([
  ['over several lines', 'Hello,\nI am Ada', `Error: bad note: Hello,\nI am Ada\n${FRAME}`],
  ['that ends like a place', '10:12:34', `Error: bad time 10:12:34\n${FRAME}`],
  ['in a stack without frames', 'Hello,\nI am Ada', 'Error: bad note: Hello,\nI am Ada'],
  ['that looks like a frame of others', 'ada@b.org\n:1:2', `Error: bad note: ada@b.org\n:1:2\n${FRAME}`],
])('what was typed, %s, is hidden in a stack whose message was changed', async (_, typed, stack) => {
  const hidden = { text: (text: string) => text.replaceAll(typed, '***') };
  const error = Object.assign(new Error('Save failed'), { stack });
  expect((await captured(error, undefined, { hidden })).data).toMatchObject({
    message: 'Save failed',
    stack: stack.replace(typed, '***'),
  });
});

test('stacks that have no message keep their first frame', async () => {
  for (const frame of ['save@https://a.b/app.js:1:1024', '@https://a.b/app.js:1:1024', 'https://a.b/app.js:1:1024']) {
    const stack = `${frame}\nmain@https://a.b/app.js:3:4`;
    const error = Object.assign(new Error(''), { stack });
    for (const hidden of [{ all: true }, { text: (text: string) => text.replaceAll('1024', '****') }])
      expect((await captured(error, undefined, { hidden })).data.stack).toBe(stack);
  }
});

test.each([
  ['the tracker', { maskAllText: true }],
  [
    'the recording, before there is one,',
    { replay: { load: () => new Promise<never>(() => {}), options: { maskAllText: true } } },
  ],
  ['the recording', { hidden: { all: true } }],
])('where %s shows no text, an error keeps its type and its places', async (_, options) => {
  const error = new TypeError('of Ada:1:2\nLovelace');
  const { data } = await captured(error, undefined, options);
  expect(data).toMatchObject({ name: 'TypeError', message: '*' });
  expect(data.stack).toMatch(/^\*\n +at .*exception\.test\.ts:\d+:\d+/);
  error.message = 'other';
  expect(JSON.stringify(await captured(error, undefined, options))).not.toMatch(/Ada|Lovelace|other/);
});

test('the type is that of an error only, and short', async () => {
  expect((await captured({ name: 'Ada', message: 'said' })).data.name).toBeFalsy();
  const error = Object.assign(new Error('no'), { name: 'token=abc ' + 'x'.repeat(1_000) });
  expect((await captured(error)).data.name).toMatch(/^token=\* x{92}$/);
});

test('what caused an error is told, up to a few', async () => {
  const first = new RangeError('first');
  const { data } = await captured(new Error('last', { cause: new AggregateError([first], 'middle ?token=abc') }));
  expect(data).toMatchObject({ message: 'last', cause: { name: 'AggregateError', message: 'middle ?token=*' } });
  expect(data.cause.cause).toMatchObject({ name: 'RangeError', message: 'first' });
  expect(data.cause.cause.stack).toContain('exception.test.ts');
  Object.assign(first, { cause: first });
  expect(JSON.stringify((await captured(first)).data).match(/"message":"first"/g)).toHaveLength(4);
  expect((await captured(new Error('x', { cause: 'text' }))).data.cause).toBe(undefined);
});

test('an error that repeats is told once a session, and again in the next', () => {
  const page = { name: 'window' };
  vi.stubGlobal('window', page);
  const told: unknown[] = [];
  let happen = (_: object): void => {};
  let begin = (): void => {};
  trackErrors({
    undo: [],
    options: {},
    hidden: { text: (text: string) => text },
    cleanUrl: (text: string) => text,
    on: (_: string, run: () => void) => ((begin = run), () => {}),
    listen: (_: string, run: typeof happen) => (happen = run),
    capture: (_: string, data: { message: string }) => told.push(data.message),
  } as any);
  const fail = (message: string): void => happen({ target: page, error: { message } });
  fail('a');
  fail('a');
  fail('ResizeObserver loop completed');
  expect(told).toEqual(['a']);
  begin();
  fail('a');
  for (let i = 0; i < 50; i++) fail('b' + i);
  expect(told).toHaveLength(21);
  // Without a message: a picture that does not load.
  happen({ target: {} });
  begin();
  happen({ target: page, message: 'Uncaught text' });
  expect(told.at(-1)).toBe('text');
  expect(told).toHaveLength(22);
});
