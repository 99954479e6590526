import type { Core, Undo } from './host';
import type { Plugin, ReplayLoader } from '../types';

export function isReplay(plugin: Plugin): boolean {
  return plugin.name === 'replay';
}

/** Gives the function that starts or stops recording; it loads the recorder when it is needed. */
export function createReplaySwitch(core: Core, plugins: Plugin[], loader: ReplayLoader | undefined, use: (plugin: Plugin) => void): (isOn: boolean) => void {
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

  return (isOn) => {
    if (isOn) return start();
    undo?.();
    undo = undefined;
  };
}
