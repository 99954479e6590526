/** Makes rrweb's replayer, and changes in it what would not look like the page. */
import { Replayer } from '@rrweb/replay';
import type { AssetBook } from './assets';
import { FULL_SNAPSHOT, Source, type ReplayEvent } from './sanitize';
import type { Scene } from './scene';

type Events = ConstructorParameters<typeof Replayer>[0];

/** Parts of the replayer that its types hide. */
interface Inside {
  cache: unknown;
  iframe: HTMLIFrameElement;
  service: { state: { context: { lastPlayedEvent: unknown } } };
  rebuildFullSnapshot(event: ReplayEvent, isSync?: boolean): void;
  applyIncremental(event: ReplayEvent, isSync: boolean): void;
  applyScroll(data: { id: number; x: number; y: number }, isSync: boolean): void;
  usingVirtualDom: boolean;
  constructedStyleMutations: { source: number }[];
  adoptedStyleSheets: { source: number }[];
  applyAdoptedStyleSheet(data: { source: number; styles?: { styleId: number; media?: string }[] }): void;
  styleMirror: { getStyle(id: number): CSSStyleSheet | null };
  applyStyleSheetMutation(data: { source: number }): void;
  hoverElements(element: Element): void;
  moveAndHover(x: number, y: number, id: number, isSync: boolean, debugData: unknown): void;
}

const inside = (replayer: Replayer): Inside => replayer as unknown as Inside;

/** What holds in every document of a replay, before all that the page says. */
const RULES = [
  '[data-crow-state-blocked] { background: repeating-linear-gradient(45deg, #8883 0 6px, #8881 6px 12px) !important; }',
  // A browser shows the controls of all media where no script may run.
  'video:not([controls])::-webkit-media-controls { display: none !important; }',
  // Where the page was scrolled to is shown at once; how it got there is in the recording.
  'html, body { scroll-behavior: auto !important; }',
  '[rr_open_mode="fullscreen"] { position: fixed !important; inset: 0 !important; margin: 0 !important; box-sizing: border-box !important; min-width: 0 !important; max-width: none !important; min-height: 0 !important; max-height: none !important; width: 100% !important; height: 100% !important; transform: none !important; object-fit: contain; z-index: 2147483647 !important; }',
  // What a browser does by itself for what has the focus. A layer gives way to everything that the page says.
  '@layer crow-browser { :where([data-crow-state-visible]) { outline: auto 1px -webkit-focus-ring-color; } }',
];

export interface ReplayerOptions {
  root: HTMLElement;
  speed: number;
  assets: AssetBook;
  scene: Scene;
}

export function makeReplayer(events: ReplayEvent[], { root, speed, assets, scene }: ReplayerOptions): Replayer {
  const replayer = new Replayer([...events] as unknown as Events, {
    root,
    liveMode: true,
    speed,
    showWarning: false,
    triggerFocus: false,
    mouseTail: { duration: 400, lineCap: 'round', lineWidth: 2, strokeStyle: '#0b8f86' },
    UNSAFE_replayCanvas: false,
    insertStyleRules: RULES,
    plugins: [
      {
        onBuild: (node, { id }) => scene.built(node as Node, id),
        handler: (event, isSync) => scene.played(event as unknown as ReplayEvent, isSync),
      },
    ],
  });
  leaveFocus(window);
  const page = replayer.iframe.contentWindow as (Window & typeof globalThis) | null;
  if (page) {
    leaveFocus(page);
    makeMath(page);
  }
  scene.attach(replayer);
  tame(inside(replayer), assets, scene);
  return replayer;
}

/** What is inert takes no focus: a dialog that opens leaves the keyboard to the app. */
function leaveFocus({ HTMLDialogElement: { prototype } }: typeof globalThis): void {
  if (quiet.has(prototype)) return;
  quiet.add(prototype);
  for (const name of ['show', 'showModal'] as const) {
    const open = prototype[name];
    prototype[name] = function (this: HTMLDialogElement) {
      const { inert } = this;
      this.inert = true;
      try {
        open.call(this);
      } finally {
        this.inert = inert;
      }
    };
  }
}

const quiet = new WeakSet<object>();

/** The replayer knows two kinds of elements; a formula is of a third. No element of HTML is called like its parts. */
function makeMath({ Document: { prototype } }: typeof globalThis): void {
  const make = prototype.createElement;
  prototype.createElement = function (this: Document, name: string, options?: ElementCreationOptions) {
    const local = name.toLowerCase();
    return MATH.has(local)
      ? (this.createElementNS('http://www.w3.org/1998/Math/MathML', local) as Element as HTMLElement)
      : make.call(this, name, options);
  };
}

const MATH = new Set(
  `annotation annotation-xml maction math menclose merror mfenced mfrac mglyph mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup
  msup mtable mtd mtext mtr munder munderover semantics`.split(/\s+/),
);

function tame(replayer: Inside, assets: AssetBook, scene: Scene): void {
  // The sheets were rewritten already, with a parser that leaves the rest as it is.
  replayer.cache = { stylesWithHoverClass: { get: (css: string) => css, set: () => {} } };
  const rebuild = replayer.rebuildFullSnapshot.bind(replayer);
  replayer.rebuildFullSnapshot = (event, isSync) => {
    scene.begin();
    rebuild(assets.resolve(event), isSync);
    replayer.iframe.contentWindow?.scrollTo({ ...(event.data.initialOffset as ScrollToOptions), behavior: 'instant' });
  };
  const apply = replayer.applyIncremental.bind(replayer);
  replayer.applyIncremental = (event, isSync) => {
    apply(assets.resolve(event), isSync);
    // What waits until the tree is built waits in one line: a sheet is changed after it was made.
    if (replayer.usingVirtualDom) replayer.adoptedStyleSheets.push(...replayer.constructedStyleMutations.splice(0));
  };
  const adopt = replayer.applyAdoptedStyleSheet.bind(replayer);
  replayer.applyAdoptedStyleSheet = (data) => {
    if (data.source !== Source.AdoptedStyles) return replayer.applyStyleSheetMutation(data);
    adopt(data);
    for (const { styleId, media } of data.styles ?? []) {
      const sheet = media && replayer.styleMirror.getStyle(styleId);
      if (sheet) sheet.media.mediaText = media;
    }
  };
  const scroll = replayer.applyScroll.bind(replayer);
  replayer.applyScroll = (data, isSync) => {
    if (!isSync) return scroll(data, isSync);
    const target = scene.node(data.id);
    const place = { left: data.x, top: data.y, behavior: 'instant' } as const;
    if (target?.nodeType === Node.DOCUMENT_NODE) (target as Document).defaultView?.scrollTo(place);
    else if (target && 'scrollTo' in target) (target as Element).scrollTo(place);
  };
  const move = replayer.moveAndHover.bind(replayer);
  replayer.moveAndHover = (x, y, id, isSync, debugData) => {
    scene.pointTo(scene.node(id), x, y);
    move(x, y, id, isSync, debugData);
  };
  replayer.hoverElements = (element) => scene.hover(element);
}

/** Lets it build the page again, with what has come since, when it is told where to go. */
export function forget(replayer: Replayer): void {
  inside(replayer).service.state.context.lastPlayedEvent = null;
}

export const isSnapshot = ({ type }: ReplayEvent): boolean => type === FULL_SNAPSHOT;
