import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CROWTracker as ElectronTracker, type ElectronParts } from '../src/electron';
import { OPTIONS, server, settled } from './server';

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}));
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('Electron, with fakes of its parts', () => {
  function app(files = new Map<string, string>(), answer?: () => Response) {
    const at = server(answer);
    const listeners = new Map<string, (event?: any) => void>();
    const on = (name: string, run: any): void => void listeners.set(name, run);
    const removeListener = (name: string): void => void listeners.delete(name);
    const electron: ElectronParts = {
      app: { on, removeListener, quit: vi.fn(), getLocale: () => 'de' },
      net: { fetch: at.request as never },
      powerMonitor: { on, removeListener },
      fs: {
        readFileSync: (path) =>
          files.get(path) ??
          (() => {
            throw new Error('ENOENT');
          })(),
        writeFileSync: (path, text) => void files.set(path, text),
        renameSync: (from, to) => (files.set(to, files.get(from)!), void files.delete(from)),
      },
      file: '/data/crow.json',
      process: { on, removeListener },
    };
    return {
      ...at,
      tracker: new ElectronTracker({ ...OPTIONS, electron }),
      electron,
      files,
      fire: (name: string, event?: any) => listeners.get(name)?.(event),
      listeners,
    };
  }

  test('a quit waits for what is being sent, once', async () => {
    const { tracker, fire, electron, events } = app();
    tracker.track('last words');
    const event = { preventDefault: vi.fn() };
    fire('before-quit', event);
    expect(event.preventDefault).toHaveBeenCalledTimes(1);
    expect(electron.app.quit).not.toHaveBeenCalled();
    await settled();
    expect(events()[0].name).toBe('last words');
    expect(electron.app.quit).toHaveBeenCalledTimes(1);
    fire('before-quit', event);
    expect(event.preventDefault).toHaveBeenCalledTimes(1);
  });

  test('session, person and queue survive a restart in one file', async () => {
    const files = new Map<string, string>();
    const first = app(files, () => new Response('', { status: 503 }));
    first.tracker.identify('ada');
    first.tracker.track('offline');
    const session = first.tracker.getSessionId();
    await first.tracker.shutdown();
    expect([...files.keys()]).toEqual(['/data/crow.json']);
    const second = app(files);
    await second.tracker.flush();
    expect(second.tracker.getSessionId()).toBe(session);
    expect(second.events().map(({ name }) => name)).toContain('offline');
    second.tracker.track('again');
    await second.tracker.flush();
    expect(second.requests.at(-1)!.body.context).toMatchObject({ userId: 'ada', locale: 'de' });
  });

  test('sends before the machine sleeps, and captures errors without changing their course', async () => {
    const { tracker, fire, events } = app();
    tracker.track('a');
    fire('suspend');
    await settled();
    expect(events().map(({ name }) => name)).toEqual(['a']);
    fire('uncaughtExceptionMonitor', new RangeError('boom for Bearer abc'));
    await settled();
    expect(events()[1]).toMatchObject({ type: 'error', data: { name: 'RangeError', message: 'boom for Bearer *' } });
    expect(events()[1].data.stack).not.toContain('abc');
    const hostile = Object.defineProperty({}, 'message', { get: () => expect.fail('read') });
    expect(() => fire('uncaughtExceptionMonitor', hostile)).not.toThrow();
  });

  test('a broken file is a first start', () => {
    const { tracker } = app(new Map([['/data/crow.json', '{broken']]));
    expect(tracker.getSessionId()).toBeTruthy();
  });
});
