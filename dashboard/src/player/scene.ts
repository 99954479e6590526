/**
 * What is shown of a page beyond its tree: what the pointer is over and what has the focus, the top layer, pictures
 * of canvases, and where animations are.
 */
import type { Replayer } from '@rrweb/replay';
import { settleAnimations } from './animations';
import { placeholder, placeholderId } from './assets';
import { isTextField, Marks } from './marks';
import { INCREMENTAL, META, Source, type ReplayEvent } from './sanitize';
import { BETWEEN } from './sanitize-parts';
import { indexAfter, latestStates } from './states';
import { TopLayer } from './top-layer';

/** A focus this soon after a press of the mouse is one by the mouse. */
const PRESS_MS = 1_000;

export class Scene {
  private replayer: Replayer | undefined;
  private readonly marks = new Marks();
  private topLayer = new TopLayer();
  private canvases = new Set<HTMLElement>();
  private roots = new Set<ShadowRoot>();
  private frames = new Set<HTMLIFrameElement>();
  /** Boxes that were neither checked nor not. */
  private between = new Set<number>();
  private pressedAt = -Infinity;
  /** Where the pointer was last, in the document of what it was over. */
  private pointer: { page: Document; x: number; y: number } | undefined;

  attach(replayer: Replayer): void {
    this.replayer = replayer;
  }

  node(id: number): Node | null {
    return (this.replayer?.getMirror().getNode(id) as Node | null | undefined) ?? null;
  }

  /** Another page is built. */
  begin(): void {
    this.marks.clear();
    this.topLayer = new TopLayer();
    this.canvases.clear();
    this.roots.clear();
    this.frames.clear();
    this.between.clear();
    this.pointer = undefined;
  }

  built(node: Node, id: number): void {
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    const element = node as HTMLElement;
    if (element.shadowRoot) this.roots.add(element.shadowRoot);
    if (element.localName === 'iframe') this.frames.add(element as HTMLIFrameElement);
    if (element.localName === 'canvas') this.canvases.add(element);
    if (element.hasAttribute(BETWEEN)) this.between.add(id);
    if (element.hasAttribute('rr_open_mode')) this.topLayer.add(element);
  }

  /** An event was applied. While many are, none is shown, and `settle` comes after them. */
  played(event: ReplayEvent, isSync: boolean): void {
    const { type, timestamp, data } = event;
    if (type === META) this.light(event);
    if (type !== INCREMENTAL) return;
    if (data.source === Source.Mutation) {
      for (const { id, attributes } of data.attributes as { id: number; attributes: object }[]) {
        if ('rr_open_mode' in attributes) this.noteOpen(id);
        if (BETWEEN in attributes) this.between.add(id);
      }
    }
    if (isSync) return;
    if (data.source === Source.Mutation) this.afterMutation();
    if (data.source === Source.MouseInteraction) this.interact(data, timestamp);
  }

  /** The page asks for the visitor's preference, not for that of whoever watches. */
  private light(meta: ReplayEvent | undefined): void {
    if (this.replayer) this.replayer.iframe.style.colorScheme = String(meta?.data.colorScheme ?? 'light');
  }

  private noteOpen(id: number): void {
    const element = this.node(id);
    if (element) this.topLayer.add(element as HTMLElement);
  }

  private afterMutation(): void {
    this.topLayer.show();
    this.checkBetween();
    this.drawCanvases();
  }

  private checkBetween(): void {
    for (const id of this.between) {
      const box = this.node(id) as HTMLInputElement | null;
      if (box) box.indeterminate = box.hasAttribute(BETWEEN);
    }
  }

  private interact({ type, id, visible }: ReplayEvent['data'], timestamp: number): void {
    const element = this.node(id as number) as Element | null;
    if (type === 1 || type === 7) {
      this.pressedAt = timestamp;
      this.marks.set('active', element);
    } else if (type === 0 || type === 9 || type === 10) this.marks.set('active', null);
    else if (type === 5)
      this.focus(element, typeof visible === 'boolean' ? visible : timestamp - this.pressedAt > PRESS_MS);
    else if (type === 6) this.focus(null, false);
  }

  hover(element: Element | null): void {
    this.marks.set('hover', element);
  }

  pointTo(target: Node | null, x: number, y: number): void {
    const page = target?.ownerDocument;
    this.pointer = page ? { page, x, y } : undefined;
  }

  /** The pointer stands still, and something else may be under it by now: the page was scrolled, or a dialog has opened. */
  private hoverWhatIsThere(): void {
    const { page, x, y } = this.pointer ?? {};
    if (page?.defaultView && x !== undefined && y !== undefined) this.hover(deepestAt(page, x, y));
  }

  private focus(target: Element | null, isVisible: boolean): void {
    // The page as a whole and a frame have it without a sign of it.
    const element = target && !['html', 'body', 'iframe'].includes(target.localName) ? target : null;
    this.marks.setOne('focus', element);
    this.marks.set('within', element);
    this.marks.setOne('visible', element && (isVisible || isTextField(element)) ? element : null);
  }

  /** The moment was reached in one step: everything that follows from the events before it is put in order. */
  settle(events: ReplayEvent[], at: number): void {
    this.light(events.slice(0, indexAfter(events, at)).findLast(({ type }) => type === META));
    const { focus, press } = latestStates(events, at);
    this.pressedAt = press?.timestamp ?? -Infinity;
    this.marks.set('active', press?.isDown ? (this.node(press.id) as Element | null) : null);
    this.focus(focus ? (this.node(focus.id) as Element | null) : null, focus?.isVisible ?? false);
    this.topLayer.show();
    this.checkBetween();
    this.drawCanvases();
    this.hoverWhatIsThere();
    settleAnimations(
      this.documents(),
      events,
      at,
      (element) => this.replayer?.getMirror().getId(element as never) ?? -1,
    );
  }

  private documents(): DocumentOrShadowRoot[] {
    const frames = [...this.frames].flatMap(({ isConnected, contentDocument }) =>
      isConnected && contentDocument ? [contentDocument] : [],
    );
    const roots = [...this.roots].filter(({ host }) => host.isConnected);
    const page = this.replayer?.iframe.contentDocument;
    return [...(page ? [page] : []), ...frames, ...roots];
  }

  /**
   * Where no script may run a canvas is no picture but a line of text. As its content it gets the picture that was
   * recorded, or a clear one of its size.
   */
  private drawCanvases(): void {
    for (const canvas of this.canvases) {
      if (!canvas.isConnected) continue;
      const width = Number.parseInt(canvas.getAttribute('width') ?? '', 10);
      const height = Number.parseInt(canvas.getAttribute('height') ?? '', 10);
      const size = { width: width >= 0 ? width : 300, height: height >= 0 ? height : 150 };
      const picture = canvas.getAttribute('data-crow-state-frame') ?? placeholder(undefined, size);
      canvas.style.setProperty('content', `url("${picture.replaceAll('"', '%22')}")`, 'important');
    }
  }

  /** Puts pictures that came late into the elements that wait for them. */
  fill(pictures: Map<number, string>): void {
    for (const root of this.documents()) {
      for (const element of (root as Document | ShadowRoot).querySelectorAll(
        '[src^="data:"], [href^="data:"], [poster^="data:"], [background^="data:"]',
      )) {
        for (const name of ['src', 'href', 'poster', 'background']) {
          const address = pictures.get(placeholderId(element.getAttribute(name) ?? '') ?? -1);
          if (address) element.setAttribute(name, address);
        }
      }
    }
  }
}

/** What is at a place, within shadow roots, too. */
function deepestAt(page: Document, x: number, y: number): Element | null {
  let found = page.elementFromPoint(x, y);
  for (;;) {
    const inner = found?.shadowRoot?.elementFromPoint(x, y);
    if (!inner || inner === found) return found;
    found = inner;
  }
}
