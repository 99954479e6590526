import { type Mirror } from './mirror';
import { Source } from './wire';
import type { Masking } from './masking';

const MOVE_EVERY_MS = 50;
const MOVES_EVERY_MS = 500;
const SCROLL_EVERY_MS = 100;
const MOUSE: Record<string, number> = {
  mouseup: 0, mousedown: 1, click: 2, contextmenu: 3, dblclick: 4, focus: 5, blur: 6, touchstart: 7, touchend: 9, touchcancel: 10,
};
const MEDIA: Record<string, number> = { play: 0, pause: 1, seeked: 2, volumechange: 3, ratechange: 4 };
const TYPES = [...Object.keys(MOUSE), ...Object.keys(MEDIA), 'mousemove', 'touchmove', 'scroll', 'input', 'change'];

type Emit = (source: number, data: object, isByPerson: boolean) => void;

/** Records what a person does in a document; gives what stops it. */
export function watchInteractions(root: Document, mirror: Mirror, masking: Masking, guard: <A extends unknown[]>(run: (...args: A) => void) => (...args: A) => void, emit: Emit): () => void {
  let moves: { x: number; y: number; id: number; at: number }[] = [];
  let lastMove = 0;
  let timer: any;
  const scrolls = new Map<Node, any>();

  const sendMoves = guard((source: number) => {
    timer = undefined;
    const now = Date.now();
    const positions = moves.map(({ x, y, id, at }) => ({ x, y, id, timeOffset: at - now }));
    moves = [];
    if (positions.length) emit(source, { positions }, true);
  });

  const onMove = (x: number, y: number, id: number, source: number): void => {
    const at = Date.now();
    if (at - lastMove < MOVE_EVERY_MS) return;
    lastMove = at;
    moves.push({ x, y, id, at });
    timer ??= setTimeout(() => sendMoves(source), MOVES_EVERY_MS);
  };

  const onScroll = (target: Node): void => {
    if (scrolls.has(target)) return;
    scrolls.set(
      target,
      setTimeout(
        guard(() => {
          scrolls.delete(target);
          const id = mirror.id(target);
          const element = target === root ? root.scrollingElement : (target as Element);
          if (id && element) emit(Source.Scroll, { id, x: element.scrollLeft, y: element.scrollTop }, true);
        }),
        SCROLL_EVERY_MS,
      ),
    );
  };

  const handler = guard((event: Event) => {
    const target = (event.composedPath()[0] ?? event.target) as Element;
    const { type } = event;
    const id = mirror.id(target);
    if (!id || !target.nodeType) return;
    const touch = (event as TouchEvent).changedTouches?.[0];
    const { clientX: x, clientY: y } = touch ?? (event as MouseEvent);
    if (type === 'mousemove' || type === 'touchmove') onMove(x, y, id, type === 'mousemove' ? Source.MouseMove : Source.TouchMove);
    else if (type === 'scroll') onScroll(target);
    else if (type === 'input' || type === 'change') emitInput(target, mirror, masking, emit, event.isTrusted);
    else if (type in MEDIA) {
      const { currentTime, volume, muted, playbackRate, loop } = target as HTMLMediaElement;
      emit(Source.Media, { type: MEDIA[type], id, currentTime, volume, muted, playbackRate, loop }, false);
    } else if (target.nodeType === 1) emit(Source.MouseInteraction, { type: MOUSE[type], id, ...(x !== undefined && { x, y }) }, event.isTrusted);
  });

  for (const type of TYPES) root.addEventListener(type, handler, { capture: true, passive: true });
  return () => {
    for (const type of TYPES) root.removeEventListener(type, handler, true);
    clearTimeout(timer);
    scrolls.forEach(clearTimeout);
  };
}

/** Records the state of a field. */
export function emitInput(field: Element, mirror: Mirror, masking: Masking, emit: Emit, isByPerson: boolean): void {
  if (!/^(input|textarea|select)$/.test(field.localName) || masking.isIgnored(field)) return;
  const { value, checked, type, name } = field as HTMLInputElement;
  const send = (id: number, isChecked: boolean, text: string): void => {
    if (id) emit(Source.Input, { id, text, isChecked, ...(isByPerson && { userTriggered: true }) }, isByPerson);
  };
  const isChoice = /^(radio|checkbox)$/.test(type);
  send(mirror.id(field), !!checked, isChoice ? 'on' : masking.value(field, value));
  if (type !== 'radio' || !checked || !name) return;
  // The others of its group have changed without an event.
  for (const other of (field.getRootNode() as Document).querySelectorAll<HTMLInputElement>(`input[type=radio][name="${CSS.escape(name)}"]`)) {
    if (other !== field) send(mirror.id(other), false, 'on');
  }
}
