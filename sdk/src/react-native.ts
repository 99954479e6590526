import { asyncStore, type AsyncStorageLike } from './core/async-store';
import { exceptionOf } from './core/exception';
import { nativeHost } from './core/native-host';
import { memoryStore } from './core/storage';
import { createTracker, type Tracker } from './core/tracker';
import type { AnyEvents } from './index';
import type { Core, Undo } from './core/host';
import type { EventMap, Options, Properties } from './types';

export * from './types';
export type { AsyncStorageLike, Tracker };

/** What the app gives, so that this package needs no native modules of its own. */
export interface ReactNativeParts {
  /** `AppState` of react-native: sends what waits when the app goes to the background. */
  appState?: { addEventListener(type: 'change', listener: (state: string) => void): { remove(): void } };
  /** `@react-native-async-storage/async-storage`: keeps the session and what is not delivered. Else: memory. */
  storage?: AsyncStorageLike;
  /** `@react-native-community/netinfo`: retries at once when the network is back. */
  netInfo?: { addEventListener(listener: (state: { isConnected: boolean | null }) => void): () => void };
  /** `ErrorUtils` of react-native: captures uncaught errors, and hands them on. */
  errorUtils?: {
    getGlobalHandler(): (error: unknown, isFatal?: boolean) => void;
    setGlobalHandler(handler: (error: unknown, isFatal?: boolean) => void): void;
  };
  /** `Dimensions.get('window')`. */
  dimensions?: { width: number; height: number };
  /** Such as `en-GB`. */
  locale?: string;
}

/** A touch of react-native; `nativeEvent` of `onTouchStart` and `onTouchEnd`. */
export interface TouchLike {
  nativeEvent: { pageX: number; pageY: number };
}

/** Props for a view around the app. */
export interface TouchHandlers {
  onTouchStart(event: TouchLike): void;
  onTouchEnd(event: TouchLike): void;
}

/** A finger that moved farther has scrolled. */
const TAP_POINTS = 10;

/** A container of `@react-navigation/native`. */
export interface NavigationLike {
  getCurrentRoute(): { name: string; params?: unknown } | undefined;
  addListener(type: 'state', listener: () => void): () => void;
}

/**
 * Tracks a React Native app.
 *
 * ```ts
 * const tracker = new CROWTracker({ apiKey, endpoint, platform: 'react-native', native: { appState: AppState, storage: AsyncStorage } });
 * ```
 */
export class CROWTracker<Events extends EventMap = AnyEvents> {
  constructor(options: Options & { native?: ReactNativeParts }) {
    const { native = {}, ...rest } = options;
    const screen = { name: '' };
    let core: Core | undefined;
    /** Why the storage failed before there was somebody to tell. */
    let early: { cause: unknown } | undefined;
    const onError = (cause: unknown): void => {
      if (core) core.fail('internal', 'the storage failed', cause);
      else early ??= { cause };
    };
    let touch = { pageX: 0, pageY: 0 };
    let isActive = true;
    const kept = native.storage && asyncStore(native.storage, (options.storageKey ?? 'crow') + '_', onError);
    const tracker = createTracker(
      { ...rest, platform: rest.platform ?? 'react-native' },
      nativeHost({
        store: kept?.store ?? memoryStore(),
        context: () => contextOf(native, screen.name),
        isSeen: () => isActive,
        whenReady: (run) => void (kept ? kept.loaded.then(run) : run()),
        attach(given) {
          core = given;
          if (early) onError(early.cause);
          early = undefined;
          return attach(core, native, (seen) => (isActive = seen));
        },
      }),
    );
    Object.assign(this, tracker, {
      touchHandlers: {
        onTouchStart: ({ nativeEvent }: TouchLike): void => void (touch = nativeEvent),
        onTouchEnd({ nativeEvent: { pageX, pageY } }: TouchLike): void {
          if (Math.hypot(pageX - touch.pageX, pageY - touch.pageY) > TAP_POINTS) return;
          const [x, y] = [Math.round(pageX), Math.round(pageY)];
          core?.capture('click', {
            element: 'touch',
            screen: screen.name || undefined,
            x,
            y,
            viewportX: x,
            viewportY: y,
          });
        },
      },
      screen(name: string, properties?: Properties): void {
        if (!name || name === screen.name) return;
        const previous = screen.name;
        screen.name = name;
        tracker.page({
          ...properties,
          title: name,
          ...(previous && { previous }),
          url: 'app://' + encodeURIComponent(name),
        });
      },
      trackNavigation(navigation: NavigationLike): Undo {
        const tell = (): void => this.screen(navigation.getCurrentRoute()?.name ?? '');
        tell();
        return navigation.addListener('state', tell);
      },
    });
  }
}
export interface CROWTracker<Events extends EventMap = AnyEvents> extends Tracker<Events> {
  /** A screen is shown; the same one again counts once. */
  screen(name: string, properties?: Properties): void;
  /** Captures taps: where, and on which screen, not on what. `<View style={{ flex: 1 }} {...tracker.touchHandlers}>` */
  touchHandlers: TouchHandlers;
  /** Tells of each screen that a navigation container shows. Gives what stops it. */
  trackNavigation(navigation: NavigationLike): Undo;
}

function contextOf({ dimensions, locale }: ReactNativeParts, screen: string): Properties {
  return {
    ...(screen && { url: 'app://' + encodeURIComponent(screen), title: screen }),
    ...(dimensions && { viewport: [dimensions.width, dimensions.height] }),
    ...(locale && { locale }),
  };
}

function attach(
  core: Core,
  { appState, netInfo, errorUtils }: ReactNativeParts,
  onActive: (isActive: boolean) => void,
): Undo {
  let wasConnected = true;
  const subscription = appState?.addEventListener(
    'change',
    core.guard((state) => {
      onActive(state === 'active');
      if (state === 'active') {
        core.wakeUp();
        core.beat();
      } else core.goAway(false);
    }),
  );
  const unlisten = netInfo?.addEventListener(
    core.guard(({ isConnected }) => {
      if (isConnected && !wasConnected) core.wakeUp();
      wasConnected = !!isConnected;
    }),
  );
  const handler = errorUtils?.getGlobalHandler();
  // The app's own handler is told of anything that is thrown, also of what cannot be read.
  const report = core.guard((error: unknown, isFatal?: boolean): void => {
    core.capture('error', { ...exceptionOf(error, core), isFatal: !!isFatal });
    if (isFatal) core.goAway(false);
  });
  const onError = (error: unknown, isFatal?: boolean): void => {
    report(error, isFatal);
    handler?.(error, isFatal);
  };
  errorUtils?.setGlobalHandler(onError);
  return () => {
    subscription?.remove();
    unlisten?.();
    if (handler && errorUtils?.getGlobalHandler() === onError) errorUtils.setGlobalHandler(handler);
  };
}
