import type { Core, Undo } from './host';
import type { Plugin, ReplayLoader } from '../types';

/** Whether the session is recorded; loads the recorder when it is needed. */
export interface ReplaySwitch {
  /** What the page asks for. */
  want(isWanted: boolean): void;
  /** What consent and sampling allow. */
  follow(isAllowed: boolean): void;
}

export function isReplay(plugin: Plugin): boolean {
  return plugin.name === 'replay';
}

export function createReplaySwitch(core: Core, plugins: Plugin[], loader: ReplayLoader | undefined, use: (plugin: Plugin) => void): ReplaySwitch {
  let isWanted = !!loader;
  let undo: Undo | undefined;

  function start(): void {
    const plugin = plugins.find(isReplay);
    if (plugin) undo ??= plugin.setup(core) ?? (() => {});
    else if (loader) {
      const { load, options } = loader;
      loader = undefined;
      load().then(
        core.guard((module) => use(module.replay(options))),
        (cause) => core.fail('internal', 'no recorder', cause),
      );
    }
  }

  return {
    want: (wish) => void (isWanted = wish),
    follow(isAllowed) {
      if (isAllowed && isWanted) return start();
      undo?.();
      undo = undefined;
    },
  };
}
