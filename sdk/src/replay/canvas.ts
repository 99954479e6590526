import { patchMethod } from './patch';
import { attributeChange, type Extra, type Kit } from './scene';
import { Source } from './wire';

/** A canvas is pictured at most twice a second, and only so often that it makes no more than 100 KB a second. */
const EVERY_MS = 500;
const CHARS_PER_MS = 100;
/** After the first stroke others follow. */
const AFTER_MS = 50;
const MAX_PIXELS = 2_000_000;
/** A picture without loss may be as large; the one with loss that stands in for a larger one, too. */
const MAX_EXACT_BYTES = 60_000;
const MAX_BYTES = 400_000;
const QUALITY = 0.7;

const FLAT = 'fill stroke fillRect strokeRect clearRect fillText strokeText drawImage putImageData reset'.split(' ');
const DEEP =
  'clear drawArrays drawElements drawArraysInstanced drawElementsInstanced drawRangeElements blitFramebuffer'.split(
    ' ',
  );

interface State {
  /** The picture that was told last. */
  picture?: string;
  /** The next one may be taken at this time. */
  notBefore: number;
  timer?: number;
  /** A copy of what WebGL has drawn, which is gone when the frame is shown. */
  copy?: HTMLCanvasElement;
  isCopying?: boolean;
  /** Holds pixels of other origins, which nobody may read. */
  isTainted?: boolean;
}

/** Tells what canvases show, as pictures. */
export function watchCanvases({ scene, later, now, boxOf }: Kit): Extra {
  const { mirror, masking, safely, report, undo } = scene;
  const states = new WeakMap<HTMLCanvasElement, State>();

  const stateOf = (canvas: HTMLCanvasElement): State => {
    const state = states.get(canvas) ?? { notBefore: 0 };
    states.set(canvas, state);
    return state;
  };

  const maySee = (canvas: HTMLCanvasElement): boolean =>
    !!mirror.id(canvas) && !masking.isBlocked(canvas) && !masking.isMasked(canvas);

  function drawn(canvas: HTMLCanvasElement): void {
    if (!mirror.id(canvas)) return;
    const state = stateOf(canvas);
    if (!state.isTainted) state.timer ??= later(() => look(canvas, state), Math.max(AFTER_MS, state.notBefore - now()));
  }

  /** Before the frame is shown: all of a frame is drawn in one task. */
  function copied(canvas: HTMLCanvasElement): void {
    const state = stateOf(canvas);
    if (state.isCopying) return;
    state.isCopying = true;
    queueMicrotask(
      safely(() => {
        state.isCopying = false;
        if (maySee(canvas) && isSeen(canvas)) state.copy = copyOf(canvas, state.copy);
      }),
    );
    drawn(canvas);
  }

  const look = safely((canvas: HTMLCanvasElement, state: State) => {
    state.timer = undefined;
    if (!maySee(canvas) || !canvas.width || !canvas.height) return;
    // Comes into view without being drawn.
    if (!isSeen(canvas)) return void (state.timer = later(() => look(canvas, state), EVERY_MS));
    state.notBefore = now() + EVERY_MS;
    try {
      take(canvas, state, copyOf(state.copy ?? canvas));
    } catch {
      state.isTainted = true;
    }
  });

  /** Without loss when that is small: most are charts. */
  function take(canvas: HTMLCanvasElement, state: State, copy: HTMLCanvasElement): void {
    if (!state.picture && isEmpty(copy)) return;
    const use = safely((blob: Blob | null) => {
      if (!blob || blob.size > MAX_BYTES) return;
      const reader = new FileReader();
      reader.onload = safely(() => tell(canvas, state, String(reader.result)));
      reader.readAsDataURL(blob);
    });
    copy.toBlob(
      (blob) => (blob && blob.size > MAX_EXACT_BYTES ? copy.toBlob(use, 'image/webp', QUALITY) : use(blob)),
      'image/webp',
      1,
    );
  }

  function tell(canvas: HTMLCanvasElement, state: State, picture: string): void {
    if (picture === state.picture || !maySee(canvas)) return;
    state.picture = picture;
    state.notBefore = Math.max(state.notBefore, now() + picture.length / CHARS_PER_MS);
    scene.catchUp();
    report(Source.Mutation, attributeChange(mirror.id(canvas), { rr_dataURL: picture }));
  }

  /** Whether any of it is in the window. */
  function isSeen(canvas: HTMLCanvasElement): boolean {
    const { top, left, bottom, right, width } = boxOf(canvas);
    return width > 0 && bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
  }

  return {
    enter(element) {
      const canvas = element as HTMLCanvasElement;
      if (canvas.localName !== 'canvas') return;
      const { picture } = stateOf(canvas);
      if (picture && maySee(canvas))
        report(Source.Mutation, attributeChange(mirror.id(canvas), { rr_dataURL: picture }));
      drawn(canvas);
    },
    watch(page) {
      const { CanvasRenderingContext2D, ImageBitmapRenderingContext, WebGLRenderingContext, WebGL2RenderingContext } =
        page as any;
      const patch = (owner: any, names: string[], after: (canvas: HTMLCanvasElement) => void): void => {
        const run = safely(({ canvas }: { canvas: HTMLCanvasElement }) => after(canvas));
        for (const name of names) undo.push(patchMethod(owner?.prototype, name, run));
      };
      patch(CanvasRenderingContext2D, FLAT, drawn);
      patch(ImageBitmapRenderingContext, ['transferFromImageBitmap'], drawn);
      for (const Context of [WebGLRenderingContext, WebGL2RenderingContext]) patch(Context, DEEP, copied);
    },
    stop: () => undefined,
  };

  function copyOf(source: HTMLCanvasElement, into = document.createElement('canvas')): HTMLCanvasElement {
    const scale = Math.min(1, Math.sqrt(MAX_PIXELS / (source.width * source.height)));
    // Setting the size clears it.
    into.width = Math.ceil(source.width * scale);
    into.height = Math.ceil(source.height * scale);
    into.getContext('2d')!.drawImage(source, 0, 0, into.width, into.height);
    return into;
  }

  /** What was drawn before we came is gone in WebGL. */
  function isEmpty(copy: HTMLCanvasElement): boolean {
    return !copy
      .getContext('2d')!
      .getImageData(0, 0, copy.width, copy.height)
      .data.some((one) => one);
  }
}
