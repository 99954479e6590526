import { documentOf, Mirror } from './mirror';
import { createMasking, type MaskingOptions } from './masking';
import { createMutations, markShadowed } from './mutations';
import { createSerializer } from './serialize';
import { emitInput, watchInteractions } from './interactions';
import { patchMethod, patchSetter } from './patch';
import { watchStyles } from './styles';
import { FULL_SNAPSHOT, INCREMENTAL, META, Source, type WireEvent } from './wire';

/** Without the person doing anything for so long, nothing is recorded. */
const IDLE_MS = 300_000;

/** Settings of the recorder. */
export interface RecorderOptions extends MaskingOptions {
  emit(event: WireEvent): void;
  /** Told of what went wrong inside; the page never is. */
  onError?(error: unknown): void;
}

/** A recording that goes on. */
export interface Recording {
  stop(): void;
  /** Takes a fresh full snapshot. */
  snapshot(): void;
}

/** Records the page in rrweb's wire format. */
export function record(options: RecorderOptions): Recording {
  const mirror = new Mirror();
  const masking = createMasking(options);
  const undo: (() => void)[] = [];
  /** Roots that are observed, beside the document. */
  let watched = new WeakSet<Node>();
  const listened = new WeakSet<Node>();
  const patched = new WeakSet<object>();
  let frames: HTMLIFrameElement[] = [];
  let shadows: Element[] = [];
  let activeAt = Date.now();
  let isIdle = false;
  let isStopped = false;
  let isTaking = false;

  const guard = <A extends unknown[]>(run: (...args: A) => void) => (...args: A): void => {
    if (isStopped) return;
    try {
      run(...args);
    } catch (error) {
      options.onError?.(error);
    }
  };

  const serializer = createSerializer(mirror, masking, (kind, element) => {
    if (kind === 'shadow') shadows.push(element);
    else if (kind === 'frame') frames.push(element as HTMLIFrameElement);
  });
  const changesOf = createMutations(mirror, masking, serializer);

  function emit(type: number, data: object): void {
    options.emit({ type, data, timestamp: Date.now() });
  }

  function incremental(source: number, data: object, isByPerson = false): void {
    const now = Date.now();
    if (isByPerson) {
      activeAt = now;
      if (isIdle) snapshot();
    } else if (now - activeAt > IDLE_MS) isIdle = true;
    if (!isIdle) emit(INCREMENTAL, { source, ...data });
  }

  const styles = watchStyles(mirror, guard, (source, data) => {
    flush();
    incremental(source, data);
  });

  const onRecords = guard((records: MutationRecord[]) => {
    const change = changesOf(records);
    if (change) incremental(Source.Mutation, change);
    enter();
  });

  /** What was observed and not yet told comes before what is told now. */
  function flush(): void {
    if (isTaking) return;
    const records = observer.takeRecords();
    if (records.length) onRecords(records);
  }

  /** One for all roots: what moves from one to another is told in one piece. */
  const observer = new MutationObserver(onRecords);

  function observe(root: Node): void {
    observer.observe(root, { subtree: true, childList: true, characterData: true, attributes: true, attributeOldValue: true });
  }

  /** Goes into shadow roots and frames that were found. */
  function enter(): void {
    for (const host of shadows.splice(0)) {
      const root = host.shadowRoot!;
      root.childNodes.forEach(markShadowed);
      if (!watched.has(root)) {
        watched.add(root);
        observe(root);
      }
      styles.adopted(root);
    }
    for (const frame of frames.splice(0)) enterFrame(frame);
  }

  function enterFrame(frame: HTMLIFrameElement): void {
    const inner = documentOf(frame);
    if (!inner?.documentElement || !mirror.has(frame) || mirror.has(inner)) return;
    mirror.add(inner, null);
    const node = serializer.node(inner, true);
    incremental(Source.Mutation, {
      adds: [{ parentId: mirror.id(frame), nextId: null, node }], removes: [], texts: [], attributes: [], isAttachIframe: true,
    });
    if (!watched.has(inner)) {
      watched.add(inner);
      observe(inner);
    }
    if (!listened.has(inner)) {
      listened.add(inner);
      watchDocument(inner);
    }
    styles.adopted(inner);
    enter();
  }

  /** A frame that loads has a new document. */
  function watchFrames(root: Document): () => void {
    const onLoad = guard(({ target }: Event) => {
      const frame = target as HTMLIFrameElement;
      if (frame.localName !== 'iframe' || !mirror.has(frame)) return;
      flush();
      enterFrame(frame);
    });
    root.addEventListener('load', onLoad, true);
    return () => root.removeEventListener('load', onLoad, true);
  }

  function snapshot(): void {
    isTaking = true;
    observer.disconnect();
    watched = new WeakSet();
    frames = [];
    shadows = [];
    mirror.clear();
    styles.clear();
    isIdle = false;
    emit(META, { href: masking.url(location.href), width: innerWidth, height: innerHeight });
    const { scrollX: left, scrollY: top } = window;
    emit(FULL_SNAPSHOT, { node: serializer.node(document, true), initialOffset: { left, top } });
    observe(document);
    isTaking = false;
    styles.adopted(document);
    enter();
  }

  /** Sees what the person does in a document, and what its programs do that no observer sees. */
  function watchDocument(root: Document): void {
    const page = root.defaultView!;
    undo.push(watchInteractions(root, mirror, masking, guard, incremental), watchFrames(root));
    if (patched.has(page)) return;
    patched.add(page);
    styles.watch(page);
    const onSet = guard((field: Element) => {
      if (!mirror.has(field)) return;
      flush();
      emitInput(field, mirror, masking, incremental, false);
    });
    for (const Field of [page.HTMLInputElement, page.HTMLTextAreaElement, page.HTMLSelectElement]) {
      for (const name of ['value', 'checked', 'selectedIndex']) undo.push(patchSetter(Field.prototype, name, onSet));
    }
    const onShadow = guard((host: Element) => {
      if (!mirror.has(host) || !host.shadowRoot) return;
      flush();
      // A host becomes one only when it is built, so it is built again.
      onRecords([{ type: 'childList', target: host.parentNode, addedNodes: [host], removedNodes: [host] } as any]);
    });
    undo.push(patchMethod(page.Element.prototype, 'attachShadow', onShadow));
  }

  const start = guard(() => {
    snapshot();
    watchDocument(document);
    const onResize = guard(() => incremental(Source.Resize, { width: innerWidth, height: innerHeight }));
    addEventListener('resize', onResize);
    undo.push(() => removeEventListener('resize', onResize));
  });

  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start, { once: true });
  else start();
  return {
    snapshot: guard(() => {
      flush();
      snapshot();
    }),
    stop() {
      isStopped = true;
      styles.stop();
      observer.disconnect();
      for (const run of undo) run();
    },
  };
}
