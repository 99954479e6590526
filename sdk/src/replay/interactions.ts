import {
  cancel,
  getSelection,
  later,
  nameOf,
  NativeMap,
  NativeWeakSet,
  nodeType,
  now,
  on,
  scrollingElement,
  scrollLeft,
  scrollTop,
} from './natives';
import { isField, type Fields } from './fields';
import { mediaState, watchDrift } from './media';
import { Source } from './wire';
import type { Scene } from './scene';

const MOVE_EVERY_MS = 50;
const MOVES_EVERY_MS = 500;
const SCROLL_EVERY_MS = 100;
const MOUSE: Record<string, number> = {
  mouseup: 0,
  pointerup: 0,
  mousedown: 1,
  pointerdown: 1,
  click: 2,
  contextmenu: 3,
  dblclick: 4,
  focus: 5,
  blur: 6,
  touchstart: 7,
  touchend: 9,
  touchcancel: 10,
};
const MEDIA: Record<string, number> = { play: 0, pause: 1, seeked: 2, volumechange: 3, ratechange: 4 };
const POINTERS = ['mouse', 'pen', 'touch'];
/** Moves of a mouse that holds something are no mouse moves. */
const MOVES = 'mousemove pointermove dragover';
/** Events that stay in their shadow root; a focus does when it moves within. */
const INNER = `scroll change reset timeupdate focus blur ${Object.keys(MEDIA).join(' ')}`;
const OUTER = `${Object.keys(MOUSE).join(' ')} ${MOVES} touchmove input selectionchange`;

interface Move {
  x: number;
  y: number;
  id: number;
  at: number;
}

/** Records what a person does. */
export interface Interactions {
  /** In a document or a shadow root; again after the document was opened anew. */
  watch(root: Document | ShadowRoot): void;
  stop(): void;
}

export function watchInteractions(scene: Scene, fields: Fields): Interactions {
  const { mirror, masking, report, safely, catchUp, stir } = scene;
  let moves: Move[] = [];
  /** The newest place, when it came too soon after the last. */
  let latest: Move | undefined;
  let moveTimer: number | undefined;
  let selectTimer: number | undefined;
  const scrolls = new NativeMap<Node, number>();
  /** Events that a listener further out has seen. */
  const seen = new NativeWeakSet<Event>();
  const hasDrifted = watchDrift();
  let press: { type: number; at: number } | undefined;
  const undo: (() => void)[] = [];

  function onMove(x: number, y: number, id: number, source: number): void {
    const move = { x, y, id, at: now() };
    const last = moves[moves.length - 1];
    latest = move;
    if (last && move.at - last.at < MOVE_EVERY_MS) return;
    latest = undefined;
    moves.push(move);
    moveTimer ??= later(
      safely(() => {
        moveTimer = undefined;
        const at = now();
        if (latest) moves.push(latest);
        const positions = moves.map((one) => ({ x: one.x, y: one.y, id: one.id, timeOffset: one.at - at }));
        moves = [];
        latest = undefined;
        report(source, { positions }, true);
      }),
      MOVES_EVERY_MS,
    );
  }

  function onScroll(target: Node): void {
    if (scrolls.has(target)) return;
    scrolls.set(
      target,
      later(
        safely(() => {
          scrolls.delete(target);
          const id = mirror.id(target);
          const element = nodeType(target) === 9 ? scrollingElement(target as Document) : (target as Element);
          if (id && element) report(Source.Scroll, { id, x: scrollLeft(element), y: scrollTop(element) }, true);
        }),
        SCROLL_EVERY_MS,
      ),
    );
  }

  function onSelect(root: Document): void {
    selectTimer ??= later(
      safely(() => {
        selectTimer = undefined;
        const selection = getSelection(root);
        const ranges: object[] = [];
        for (let i = 0; i < (selection?.rangeCount ?? 0); i++) {
          const { startContainer, startOffset, endContainer, endOffset } = selection!.getRangeAt(i);
          const [start, end] = [mirror.id(startContainer), mirror.id(endContainer)];
          if (start && end) ranges.push({ start, startOffset, end, endOffset });
        }
        report(Source.Selection, { ranges });
      }),
      SCROLL_EVERY_MS,
    );
  }

  function onPress(
    type: number,
    target: Element,
    id: number,
    event: MouseEvent,
    point: { clientX: number; clientY: number },
  ): void {
    const { clientX: x, clientY: y } = point;
    // A pointer goes down, and then the mouse that it stands for.
    if (press?.type === type && press.at === event.timeStamp) return;
    press = { type, at: event.timeStamp };
    const pointer = POINTERS.indexOf((event as PointerEvent).pointerType);
    const isFocus = type === 5;
    report(
      Source.MouseInteraction,
      {
        type,
        id,
        ...(x !== undefined && { x, y }),
        ...(pointer >= 0 && { pointerType: pointer }),
        ...(isFocus && { visible: target.matches(':focus-visible') }),
      },
      event.isTrusted,
    );
  }

  function onMedia(type: string, target: HTMLMediaElement, id: number): void {
    const isDrift = type === 'timeupdate';
    if (hasDrifted(target, isDrift))
      report(Source.Media, { type: MEDIA[isDrift ? 'seeked' : type], id, ...mediaState(target) });
  }

  const handler = safely((event: Event) => {
    if (seen.has(event)) return;
    seen.add(event);
    const target = (event.composedPath()[0] ?? event.target) as Element;
    const { type } = event;
    if (type === 'selectionchange') return nodeType(target) === 9 ? onSelect(target as unknown as Document) : undefined;
    stir();
    const id = mirror.id(target);
    if (!id) return;
    const touch = (event as TouchEvent).changedTouches?.[0];
    const point = touch ?? (event as MouseEvent);
    if (MOVES.includes(type) || type === 'touchmove') {
      if ((event as PointerEvent).pointerType !== 'touch')
        onMove(point.clientX, point.clientY, id, type === 'touchmove' ? Source.TouchMove : Source.MouseMove);
    } else if (type === 'scroll') onScroll(target);
    else if (type === 'input' || type === 'change') {
      catchUp();
      if (isField(target)) fields.input(target, type === 'input' && event.isTrusted);
      else masking.typedInto(target);
    } else if (type in MEDIA || type === 'timeupdate') onMedia(type, target as HTMLMediaElement, id);
    else if (
      nameOf(target) &&
      type in MOUSE &&
      !(type.startsWith('pointer') && (event as PointerEvent).pointerType === 'touch')
    ) {
      onPress(MOUSE[type]!, target, id, event as MouseEvent, point);
    }
  });

  return {
    watch: (root) => void undo.push(on(root, nodeType(root) === 9 ? `${INNER} ${OUTER}` : INNER, handler)),
    stop() {
      undo.forEach((run) => run());
      cancel(moveTimer);
      cancel(selectTimer);
      for (const timer of scrolls.values()) cancel(timer);
    },
  };
}
