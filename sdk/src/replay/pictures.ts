import { getAttribute, nameOf } from './natives';
import type { Scene } from './scene';

/** What the browser chose to show in an image, and how large that is by itself. */
export function pictureState(
  { masking, shows }: Scene,
  element: Element,
  isMasked: boolean,
): Record<string, unknown> | undefined {
  if (nameOf(element) !== 'img') return undefined;
  const { currentSrc, src, complete, naturalWidth, naturalHeight } = element as HTMLImageElement;
  const state: Record<string, unknown> = {};
  if (currentSrc && currentSrc !== src && !currentSrc.startsWith('blob:'))
    state.rr_src = masking.cleanAddress(currentSrc);
  if (complete && naturalWidth)
    Object.assign(state, { rr_naturalWidth: naturalWidth, rr_naturalHeight: naturalHeight });
  else if (complete && currentSrc) state.rr_broken = true;
  if (currentSrc && !isMasked) shows(currentSrc, 'page');
  return state;
}

/** Reports the pictures that attributes name. An image says itself what it shows. */
export function reportPictures(
  { shows }: Scene,
  element: Element,
  attribute: string,
  url: string,
  isMasked: () => boolean,
): void {
  const name = nameOf(element);
  const isPicture =
    attribute === 'poster' ||
    attribute === 'background' ||
    (attribute === 'src' && name === 'input') ||
    (/^(xlink:)?href$/.test(attribute) && /^(image|feImage)$/.test(name));
  if (isPicture && !isMasked()) shows(url, 'page');
}

/** The image has loaded: what it shows now may be something else. */
export function pictureChange(scene: Scene, element: Element): Record<string, unknown> | undefined {
  const state = pictureState(scene, element, scene.masking.isMasked(element));
  if (state) state.rr_broken ??= null;
  if (state && !state.rr_src && getAttribute(element, 'srcset') !== null) state.rr_src = null;
  return state;
}
