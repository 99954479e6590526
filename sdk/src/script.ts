import { read } from './core/natives';
import { readJson } from './core/storage';
import { webTracker } from './web/one';
import type { Tracker } from './core/tracker';
import type { Options } from './types';

/** The recorder of the same build; its name changes with its content. */
declare const CROW_REPLAY_FILE: string;

/** The calls that the page made before this file was there, and the tracker afterwards. */
type Stub = Tracker & { q?: [name: string, ...args: unknown[]][] };

/** The build for `<script>`. */
function CROWTracker(options: Options): Tracker {
  return webTracker(options);
}

const page = globalThis as { CROWTracker?: unknown; crow?: Stub; CROWReplay?: any };
const tag = read(document, 'currentScript') as HTMLScriptElement | null;
page.CROWTracker = CROWTracker;
if (tag?.dataset.key) start(tag);

/** `<script src=…/crow.js data-key=… defer>` needs no code: the gateway is where the file came from. */
function start({ src, dataset }: HTMLScriptElement): void {
  const { key, endpoint, consent, replay, options } = dataset;
  const tracker = CROWTracker({
    apiKey: key!,
    endpoint: endpoint ?? new URL(src).origin,
    consent: consent as Options['consent'],
    replay: replay === undefined ? replay : { load: () => loadRecorder(src), options: readJson(replay) },
    ...readJson<Options>(options!),
  });
  const early = page.crow?.q;
  // `<form id="crow">` is a `crow`, too.
  if (Array.isArray(early)) early.forEach(([name, ...args]) => (tracker as any)[name]?.(...args));
  page.crow = tracker;
}

/** The recorder's file lies beside this one, and leaves `CROWReplay`. */
async function loadRecorder(src: string): Promise<any> {
  await import(new URL(CROW_REPLAY_FILE, src).href);
  return { replay: (options: unknown) => page.CROWReplay.replay(options, src) };
}
