import { exceptionOf } from './core/exception';
import { nativeHost } from './core/native-host';
import { memoryStore, readJson, type Store } from './core/storage';
import { createTracker, type Tracker } from './core/tracker';
import type { AnyEvents } from './index';
import type { Core, Undo } from './core/host';
import type { EventMap, Options } from './types';

export * from './types';
export type { Tracker };

/** What Electron's main process gives. */
export interface ElectronParts {
  /** `app`: what waits is sent before the app quits. */
  app: {
    getLocale?(): string;
    on(event: 'before-quit', listener: (event: { preventDefault(): void }) => void): unknown;
    removeListener(event: 'before-quit', listener: (event: { preventDefault(): void }) => void): unknown;
    quit(): void;
  };
  /** `net`: sends through Chromium's network, with its proxies. Else: node's `fetch`. */
  net?: { fetch(input: string, init?: any): Promise<Response> };
  /** `powerMonitor`: sends before the machine sleeps, and again when it wakes. */
  powerMonitor?: {
    on(event: 'suspend' | 'resume', listener: () => void): unknown;
    removeListener(event: 'suspend' | 'resume', listener: () => void): unknown;
  };
  /** `node:fs`, to keep things in `file`. */
  fs?: {
    readFileSync(path: string, encoding: 'utf8'): string;
    writeFileSync(path: string, text: string): void;
    renameSync(from: string, to: string): void;
  };
  /** Such as `path.join(app.getPath('userData'), 'crow.json')`. */
  file?: string;
  /** `process`, to capture uncaught errors without changing what they do. */
  process?: {
    on(event: 'uncaughtExceptionMonitor', listener: (error: unknown) => void): unknown;
    removeListener(event: 'uncaughtExceptionMonitor', listener: (error: unknown) => void): unknown;
  };
}

/** How long a quit waits for what is being sent. */
const QUIT_MS = 2_000;

/**
 * Tracks the main process of an Electron app. Windows use `CROWTracker` of the main entry.
 *
 * ```ts
 * const tracker = new CROWTracker({ apiKey, endpoint, platform: 'electron', electron: { app, net, powerMonitor, fs, file } });
 * ```
 */
export class CROWTracker<Events extends EventMap = AnyEvents> {
  constructor(options: Options & { electron: ElectronParts }) {
    const { electron, ...rest } = options;
    const { app, net, fs, file } = electron;
    const tracker: Tracker = createTracker(
      { ...rest, platform: 'electron' },
      nativeHost({
        platform: 'electron',
        store: fs && file ? fileStore(fs, file) : memoryStore(),
        context: () => ({ locale: app.getLocale?.() }),
        attach: (core) => attach(core, electron, () => tracker.shutdown()),
        request: (input, init) => (net ? net.fetch(String(input), init) : fetch(input, init)),
      }),
    );
    Object.assign(this, tracker);
  }
}
export interface CROWTracker<Events extends EventMap = AnyEvents> extends Tracker<Events> {}

function attach(core: Core, { app, powerMonitor, process }: ElectronParts, shutdown: () => Promise<void>): Undo {
  let mayQuit = false;
  const onQuit = (event: { preventDefault(): void }): void => {
    if (mayQuit) return;
    event.preventDefault();
    const goOn = (): void => {
      if (mayQuit) return;
      mayQuit = true;
      app.quit();
    };
    setTimeout(goOn, QUIT_MS);
    shutdown().then(goOn, goOn);
  };
  const onSleep = (): void => core.goAway(false);
  const onWake = (): void => core.wakeUp();
  const onError = core.guard((error: unknown): void => {
    core.capture('error', exceptionOf(error, core));
    core.goAway(false);
  });
  app.on('before-quit', onQuit);
  powerMonitor?.on('suspend', onSleep);
  powerMonitor?.on('resume', onWake);
  process?.on('uncaughtExceptionMonitor', onError);
  return () => {
    powerMonitor?.removeListener('suspend', onSleep);
    powerMonitor?.removeListener('resume', onWake);
    process?.removeListener('uncaughtExceptionMonitor', onError);
    if (!mayQuit) return;
    app.removeListener('before-quit', onQuit);
  };
}

/** A store in one JSON file, which is replaced as a whole: a crash leaves the old one or the new one. */
function fileStore(fs: NonNullable<ElectronParts['fs']>, file: string): Store {
  const entries = readAll();
  const store = memoryStore(entries);

  function readAll(): Record<string, string> {
    try {
      return { ...readJson<Record<string, string>>(fs.readFileSync(file, 'utf8')) } as Record<string, string>;
    } catch {
      return {}; // The first start.
    }
  }
  return {
    ...store,
    set(key, value) {
      store.set(key, value);
      try {
        fs.writeFileSync(file + '.new', JSON.stringify(entries));
        fs.renameSync(file + '.new', file);
        return true;
      } catch {
        return false;
      }
    },
  };
}
