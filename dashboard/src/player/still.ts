import type { Stage } from './stage';

/** Longer pages are cut: a frame of any height would take memory without end. */
const MAX_HEIGHT = 20_000;

/** Shows a page at its full height, in the layout of a viewport this wide; gives nothing when it was not recorded. */
export async function showStill(
  stage: Stage,
  root: HTMLElement,
  { at, page: path, width }: { at: number; page: string; width: number },
): Promise<{ width: number; height: number } | undefined> {
  stage.pause();
  const moment = stage.tracks.momentOf(path, at);
  if (moment === undefined) {
    stage.destroy();
    return undefined;
  }
  stage.seek(moment);
  stage.complete();
  await stage.isShown();
  const frame = stage.frame;
  const page = frame?.contentDocument;
  if (!frame || !page) return undefined;
  document.body.classList.add('still');
  frame.setAttribute('width', String(width));
  await new Promise((done) => requestAnimationFrame(done));
  const height = Math.min(MAX_HEIGHT, Math.max(page.documentElement.scrollHeight, page.body?.scrollHeight ?? 0));
  frame.setAttribute('height', String(height));
  frame.contentWindow?.scrollTo(0, 0);
  root.style.cssText = `width: ${width}px; height: ${height}px`;
  return { width, height };
}
