import type { Heatmap } from '../api/types';

/** From cold to hot; readable on light and on dark pages. */
const STOPS: [at: number, color: string][] = [
  [0, '#2b2f8f'],
  [0.25, '#1c7fb0'],
  [0.5, '#22b573'],
  [0.75, '#f6c445'],
  [1, '#e5352b'],
];
const RADIUS = 26;

/** 256 colours of the scale, as bytes. */
function palette(): Uint8ClampedArray {
  const context = new OffscreenCanvas(256, 1).getContext('2d');
  if (!context) return new Uint8ClampedArray(1024);
  const gradient = context.createLinearGradient(0, 0, 256, 0);
  for (const [at, color] of STOPS) gradient.addColorStop(at, color);
  context.fillStyle = gradient;
  context.fillRect(0, 0, 256, 1);
  return context.getImageData(0, 0, 256, 1).data;
}

/** Soft dots add up in the alpha channel; then each alpha becomes its colour. */
export function drawHeat(context: CanvasRenderingContext2D, { points }: Heatmap, width: number, height: number): void {
  context.clearRect(0, 0, width, height);
  if (!points.length) return;
  const dot = new OffscreenCanvas(RADIUS * 2, RADIUS * 2);
  const brush = dot.getContext('2d');
  if (!brush) return;
  const soft = brush.createRadialGradient(RADIUS, RADIUS, 0, RADIUS, RADIUS, RADIUS);
  soft.addColorStop(0, '#000');
  soft.addColorStop(1, 'transparent');
  brush.fillStyle = soft;
  brush.fillRect(0, 0, RADIUS * 2, RADIUS * 2);
  // A place with very many clicks must not hide all others.
  const counts = points.map(({ count }) => count).sort((a, b) => a - b);
  const high = Math.max(1, counts[Math.floor(counts.length * 0.98)] ?? 1);
  for (const { x, y, count } of points) {
    context.globalAlpha = Math.max(0.03, Math.min(1, count / high) * 0.22);
    context.drawImage(dot, (x / 1000) * width - RADIUS, y - RADIUS);
  }
  context.globalAlpha = 1;
  const image = context.getImageData(0, 0, width, height);
  const colors = palette();
  let most = 1;
  for (let index = 3; index < image.data.length; index += 4) most = Math.max(most, image.data[index] ?? 0);
  for (let index = 3; index < image.data.length; index += 4) {
    // The hottest place is red even with few clicks.
    const alpha = Math.round(((image.data[index] ?? 0) / most) * 255);
    if (!alpha) continue;
    image.data[index - 3] = colors[alpha * 4] ?? 0;
    image.data[index - 2] = colors[alpha * 4 + 1] ?? 0;
    image.data[index - 1] = colors[alpha * 4 + 2] ?? 0;
    image.data[index] = Math.min(225, 40 + alpha * 1.4);
  }
  context.putImageData(image, 0, 0);
}

/** Bands of the page, hotter where more sessions scrolled to. */
export function drawScroll(
  context: CanvasRenderingContext2D,
  { scroll, sessions }: Heatmap,
  width: number,
  height: number,
): void {
  context.clearRect(0, 0, width, height);
  const colors = palette();
  const depths = [...scroll].sort((a, b) => a.depth - b.depth);
  depths.forEach(({ depth, sessions: reached }, index) => {
    const top = (depth / 100) * height;
    const bottom = ((depths[index + 1]?.depth ?? 100) / 100) * height;
    const at = Math.round(Math.min(1, reached / Math.max(1, sessions)) * 255) * 4;
    context.fillStyle = `rgba(${colors[at]}, ${colors[at + 1]}, ${colors[at + 2]}, 0.55)`;
    context.fillRect(0, top, width, Math.max(0, bottom - top));
    context.fillStyle = '#0f1b24';
    context.font = '600 14px system-ui';
    if (depth > 0 && bottom > top)
      context.fillText(`${Math.round((reached / Math.max(1, sessions)) * 100)}% saw this`, 14, top + 22);
  });
}
