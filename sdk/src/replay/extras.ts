import type { Late } from './load';
import type { Extra, Kit } from './scene';

/** What a page may ask for beside the rest. */
export interface ExtraOptions {
  /** Pictures of what canvases show. Default: false. */
  canvas?: boolean;
  /** Origins of pages that record, too, and show each other in frames: they make one recording. Each must name the other. Default: none. */
  frames?: string[];
}

/** The parts that are loaded when a page asks for them. What they are told before waits. */
export function createExtras(
  { canvas, frames }: ExtraOptions,
  load: () => Promise<Late>,
  kit: Kit,
  onError: (error: unknown) => void,
): Extra {
  let parts: Extra[] | undefined = canvas || frames ? undefined : [];
  const held: ((part: Extra) => void)[] = [];
  const each = (tell: (part: Extra) => void): void => void (parts ? parts.forEach(tell) : held.push(tell));

  if (!parts) {
    load().then(
      kit.scene.safely((late) => {
        parts = [];
        if (canvas) parts.push(late.watchCanvases(kit));
        if (frames) parts.push(late.joinFrames(kit, frames));
        held.forEach((tell) => parts!.forEach(tell));
      }),
      (error) => {
        parts = [];
        onError(error);
      },
    );
  }
  return {
    enter: (element) => each((part) => part.enter(element)),
    watch: (page) => each((part) => part.watch(page)),
    stop: () => each((part) => part.stop()),
  };
}
