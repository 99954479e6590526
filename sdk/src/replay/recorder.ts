import {
  boxOf,
  cancel,
  cssText,
  defaultView,
  documentElement,
  focused,
  later,
  nameOf,
  NativeMap,
  NativeSet,
  NativeWeakMap,
  NativeWeakSet,
  nodeType,
  now,
  Observer,
  on,
  readyState,
  request,
  rootOf,
  shadowOf,
  takeNatives,
  textContent,
  whenIdle,
} from './natives';
import type { Hidden } from '../core/host';
import { rewriteCss } from './css';
import { watchCssom } from './cssom';
import { createExtras, type ExtraOptions } from './extras';
import { watchFields } from './fields';
import { hiddenTexts } from './hidden-texts';
import { watchInteractions } from './interactions';
import { createMasking, type MaskingOptions } from './masking';
import { childrenOf, documentOf, Mirror } from './mirror';
import { loadLate, type Late } from './load';
import { createMutations } from './mutations';
import { patchMethod } from './patch';
import { pictureChange } from './pictures';
import { attributeChange, type From, type Scene } from './scene';
import { createSerializer } from './serialize';
import { createSheets } from './sheets';
import { fullscreenIn, watchTopLayer } from './top-layer';
import { CUSTOM, FULL_SNAPSHOT, INCREMENTAL, META, Source, type WireEvent } from './wire';

/** Without the person doing anything for so long, nothing is recorded. */
const IDLE_MS = 300_000;
/** What tells nothing by itself is looked at so long after something happened, and in any case so often. */
const CHECK_AFTER_MS = 50;
const CHECK_EVERY_MS = 1_000;

/** Settings of the recorder. */
export interface RecorderOptions extends MaskingOptions, ExtraOptions {
  emit(event: WireEvent): void;
  /** Told of what went wrong inside; the page never is. */
  onError?(error: unknown): void;
  /** Told of the pictures and fonts that are shown, by whole addresses. */
  onAsset?(url: string, from: From): void;
  /** Loads what few pages need. */
  late?(): Promise<Late>;
}

/** A recording that goes on. */
export interface Recording {
  stop(): void;
  /** Takes a fresh full snapshot. */
  snapshot(): void;
  /** Whether the person has done nothing for so long that nothing is recorded. */
  isIdle?(): boolean;
  /** What else must be kept hidden. */
  hidden?: Hidden;
}

/** Records the page in rrweb's wire format. */
export function record(options: RecorderOptions): Recording {
  takeNatives();
  const mirror = new Mirror();
  const masking = createMasking(options);
  const repeated = hiddenTexts(options);
  const load = options.late ?? loadLate;
  const undo: (() => void)[] = [];
  /** Roots that are observed, beside the document. */
  let watched = new NativeWeakSet<Node>();
  const listened = new NativeWeakSet<Node>();
  const patched = new NativeWeakSet<object>();
  const waiting: Record<'shadow' | 'frame' | 'style' | 'link', Element[]> = {
    shadow: [],
    frame: [],
    style: [],
    link: [],
  };
  let activeAt = now();
  let isIdle = false;
  let isStopped = false;
  let isTaking = false;
  let checkTimer: number | undefined;
  let pollTimer: number | undefined;
  let address = '';

  const onError = (error: unknown): void => options.onError?.(error);
  const safely: Scene['safely'] =
    (run) =>
    (...args) => {
      if (isStopped) return;
      try {
        run(...args);
      } catch (error) {
        onError(error);
      }
    };

  const scene: Scene = {
    mirror,
    masking,
    report: incremental,
    catchUp,
    safely,
    undo,
    shows: (url, from) => options.onAsset?.(url, from),
    stir,
  };
  const fields = watchFields(scene);
  const kit = {
    scene,
    boxOf,
    cancel,
    cssText,
    later,
    now,
    on,
    request,
    rewriteCss,
    rootOf,
    whenIdle,
    NativeMap,
    NativeSet,
    NativeWeakMap,
  };
  const sheets = createSheets(kit, resend, () => isStopped, load);
  const cssom = watchCssom(scene, sheets);
  const found = (kind: keyof typeof waiting, element: Element): void => void waiting[kind].push(element);
  const serializer = createSerializer(scene, fields, sheets, found, onError);
  const mutations = createMutations(scene, serializer, fields, found, mutated);
  const interactions = watchInteractions(scene, fields);
  const extras = createExtras(options, load, kit, onError);

  function emit(type: number, data: object): void {
    options.emit({ type, data, timestamp: now() });
  }

  function incremental(source: number, data: object, isByPerson = false): void {
    const at = now();
    if (isByPerson) {
      activeAt = at;
      if (isIdle) snapshot();
    } else if (at - activeAt > IDLE_MS) isIdle = true;
    if (!isIdle) emit(INCREMENTAL, { source, ...data });
  }

  function mutated(change: object | undefined): void {
    if (change) incremental(Source.Mutation, change);
    enter();
  }

  const onRecords = safely((records: MutationRecord[]) => {
    for (const { target } of records) if (nodeType(target) === 9) listen(target as Document);
    const root = documentElement(document);
    const isOther = root && !mirror.has(root);
    const change = mutations.of(records);
    // The document was written again: a replayer cannot change its root in steps.
    isOther ? snapshot() : mutated(change);
    stir();
  });

  function catchUp(): void {
    if (isTaking) return;
    const records = observer.takeRecords();
    if (records.length) onRecords(records);
    cssom.settle();
  }

  /** One for all roots: what moves from one to another is told in one piece. */
  const observer = new Observer(onRecords);

  function observe(root: Node): void {
    if (watched.has(root)) return;
    watched.add(root);
    observer.observe(root, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
      attributeOldValue: true,
    });
  }

  /** Goes into what was found: shadow roots, frames, sheets. */
  function enter(): void {
    for (const host of waiting.shadow.splice(0)) {
      const root = shadowOf(host)!;
      childrenOf(root).forEach((child) => mirror.markShadow(child));
      observe(root);
      watchRoot(root);
    }
    for (const element of waiting.frame.splice(0)) {
      enterFrame(element);
      extras.enter(element);
    }
    waiting.link.splice(0).forEach(sheets.link);
    waiting.style.splice(0).forEach(sheets.style);
  }

  function enterFrame(frame: Element): void {
    const inner = documentOf(frame);
    if (!inner || !documentElement(inner) || !mirror.has(frame) || mirror.has(inner)) return;
    mirror.addFrame(frame, inner);
    const node = serializer.build(inner, true);
    incremental(Source.Mutation, {
      adds: [{ parentId: mirror.id(frame), nextId: null, node }],
      removes: [],
      texts: [],
      attributes: [],
      isAttachIframe: true,
    });
    observe(inner);
    watchRoot(inner);
    enter();
  }

  /** Tells all of a link or a style again. */
  function resend(owner: Element): void {
    catchUp();
    const id = mirror.id(owner);
    if (!id) return;
    if (nameOf(owner) === 'link')
      return incremental(Source.Mutation, attributeChange(id, serializer.allAttributes(owner)));
    const texts = childrenOf(owner).filter((child) => nodeType(child) === 3 && mirror.has(child));
    incremental(Source.Mutation, {
      texts: texts.map((text) => ({ id: mirror.id(text), value: serializer.textIn(text) })),
      removes: [],
      adds: [],
      attributes: [],
    });
    sheets.style(owner);
  }

  const onLoad = safely((event: Event) => {
    const element = event.composedPath()[0] as Element;
    const name = mirror.has(element) && nameOf(element);
    if (!name) return;
    catchUp();
    if (name === 'iframe') enterFrame(element);
    else if (name === 'link') sheets.link(element);
    // What it imports has come.
    else if (name === 'style' && textContent(element).includes('@')) resend(element);
    else if (name === 'img')
      incremental(Source.Mutation, attributeChange(mirror.id(element), pictureChange(scene, element)!));
  });

  /** Listens in a document or a shadow root; again when a document was opened anew, which removes all listeners. */
  function listen(root: Document | ShadowRoot): void {
    interactions.watch(root);
    watchTopLayer(root, scene);
    undo.push(on(root, 'load error', onLoad));
  }

  /** Sees what happens in a root, and what programs do that no observer sees. */
  function watchRoot(root: Document | ShadowRoot): void {
    cssom.enter(root);
    if (listened.has(root)) return;
    listened.add(root);
    listen(root);
    const page = nodeType(root) === 9 && defaultView(root as Document);
    if (!page || patched.has(page)) return;
    patched.add(page);
    cssom.watch(page);
    fields.watch(page);
    extras.watch(page);
    undo.push(patchMethod(page.Element.prototype, 'attachShadow', onShadow));
  }

  const onShadow = safely((host: Element) => {
    if (!mirror.has(host) || !shadowOf(host)) return;
    catchUp();
    // A host becomes one only when it is built, so it is built again.
    mutated(mutations.rebuild(host));
  });

  function stir(): void {
    checkTimer ??= later(check, CHECK_AFTER_MS);
  }

  const check = safely(() => {
    checkTimer = undefined;
    catchUp();
    cssom.check();
    sheets.check();
    fields.check();
    const { href } = location;
    if (href !== address) emit(CUSTOM, { tag: 'url', payload: { href: masking.cleanAddress((address = href)) } });
  });

  function poll(): void {
    check();
    pollTimer = later(poll, CHECK_EVERY_MS);
  }

  function snapshot(): void {
    isTaking = true;
    observer.disconnect();
    watched = new NativeWeakSet();
    for (const list of Object.values(waiting)) list.length = 0;
    for (const part of [mirror, sheets, cssom, fields, mutations]) part.clear();
    isIdle = false;
    emit(META, {
      href: masking.cleanAddress((address = location.href)),
      width: innerWidth,
      height: innerHeight,
      ...preferences(),
    });
    const { scrollX: left, scrollY: top } = window;
    emit(FULL_SNAPSHOT, { node: serializer.build(document, true), initialOffset: { left, top } });
    observe(document);
    isTaking = false;
    watchRoot(document);
    enter();
    const screen = fullscreenIn(document);
    if (screen) incremental(Source.Mutation, attributeChange(mirror.id(screen), { rr_open_mode: 'fullscreen' }));
    const focus = mirror.id(focused(document));
    if (focus) incremental(Source.MouseInteraction, { type: 5, id: focus });
  }

  const start = safely(() => {
    snapshot();
    sheets.begin();
    undo.push(
      on(
        window,
        'resize',
        safely(() => incremental(Source.Resize, { width: innerWidth, height: innerHeight })),
      ),
    );
    poll();
  });

  if (readyState(document) === 'loading') undo.push(on(document, 'DOMContentLoaded', start));
  else start();
  return {
    hidden: {
      element: masking.wasHidden,
      text: (text) => masking.hideText(repeated(text), false),
    },
    snapshot: safely(() => {
      catchUp();
      snapshot();
    }),
    isIdle: () => now() - activeAt > IDLE_MS,
    stop() {
      isStopped = true;
      interactions.stop();
      extras.stop();
      cancel(checkTimer);
      cancel(pollTimer);
      observer.disconnect();
      for (const run of undo) run();
    },
  };
}

/** What media queries ask, beside the size. */
function preferences(): object {
  const prefers = (query: string): boolean => matchMedia(`(prefers-${query})`).matches;
  return {
    devicePixelRatio,
    colorScheme: prefers('color-scheme: dark') ? 'dark' : 'light',
    ...(prefers('reduced-motion: reduce') && { reducedMotion: true }),
  };
}
