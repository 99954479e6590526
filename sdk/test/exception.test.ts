import { expect, test } from 'vitest';
import { gunzipSync } from 'node:zlib';
import { memoryStore } from '../src/core/storage';
import { nativeHost } from '../src/core/native-host';
import { createTracker } from '../src/core/tracker';

/** What is sent of an error that the page hands over. */
async function captured(error: unknown, context?: any): Promise<any> {
  const events: any[] = [];
  const request = async (_: unknown, { body }: any): Promise<Response> => {
    events.push(...JSON.parse(typeof body === 'string' ? body : gunzipSync(Buffer.from(body)).toString()).events);
    return Response.json({}, { status: 202 });
  };
  const tracker = createTracker(
    { apiKey: 'crow_key', endpoint: 'https://gateway.example' },
    nativeHost({ store: memoryStore(), request: request as typeof fetch, context: () => ({}) }),
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
  ['a card number', new Error('card 4111 1111 1111 1111'), 'card *'],
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
