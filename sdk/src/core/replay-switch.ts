import type { Core, Undo } from './host';
import type { Plugin, ReplayLoader } from '../types';

export function isReplay(plugin: Plugin): boolean {
  return plugin.name === 'replay';
}

/** What WebGL has drawn is gone when the frame is shown, and a recorder that is loaded comes later than that. */
function keepDrawings(): void {
  const { prototype } = (globalThis as any).HTMLCanvasElement ?? {};
  const original = prototype?.getContext;
  if (!original) return;
  prototype.getContext = function (kind: unknown, settings?: object, ...rest: unknown[]) {
    return original.call(
      this,
      kind,
      /webgl/.test(String(kind)) ? { ...settings, preserveDrawingBuffer: true } : settings,
      ...rest,
    );
  };
}

/** Gives the function that starts or stops recording; it loads the recorder when it is needed. */
export function createReplaySwitch(
  core: Core,
  plugins: Plugin[],
  loader: ReplayLoader | undefined,
  use: (plugin: Plugin) => void,
): (isOn: boolean) => void {
  let undo: Undo | undefined;
  if ((loader?.options as { canvas?: boolean } | undefined)?.canvas) keepDrawings();

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
