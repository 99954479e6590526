// How alike two pictures are. Runs in the browser, which decodes them, and in Node's tests.

/** Channels may differ by this much of 255: nobody sees it. */
export const TOLERANCE = 3;
/** Side of the squares that are left out where the live page itself is not the same twice. */
export const SQUARE = 8;
const WINDOW = 8;
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

/** A picture: `{width, height, data}` with four bytes a pixel. */
export function isSame(a, b, index) {
  const at = index * 4;
  for (let channel = 0; channel < 3; channel++) if (Math.abs(a.data[at + channel] - b.data[at + channel]) > TOLERANCE) return false;
  return true;
}

/** Marks the squares in which pictures of the same live moment differ. */
export function noiseMask(first, others) {
  const { width, height } = first;
  const mask = new Uint8Array(width * height);
  for (const other of others) {
    for (let index = 0; index < mask.length; index++) if (!mask[index] && !isSame(first, other, index)) markSquare(mask, width, height, index);
  }
  return mask;
}

function markSquare(mask, width, height, index) {
  const left = Math.floor((index % width) / SQUARE) * SQUARE;
  const top = Math.floor(index / width / SQUARE) * SQUARE;
  for (let y = top; y < Math.min(top + SQUARE, height); y++) mask.fill(1, y * width + left, y * width + Math.min(left + SQUARE, width));
}

/** The colour that most pixels have, as one number. */
export function background({ data }) {
  const counts = new Map();
  let best = 0;
  let most = 0;
  for (let at = 0; at < data.length; at += 4) {
    const colour = (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
    const count = (counts.get(colour) ?? 0) + 1;
    counts.set(colour, count);
    if (count > most) [most, best] = [count, colour];
  }
  return best;
}

const isNear = ({ data }, index, colour) => {
  const at = index * 4;
  return Math.abs(data[at] - (colour >> 16)) <= TOLERANCE && Math.abs(data[at + 1] - ((colour >> 8) & 255)) <= TOLERANCE && Math.abs(data[at + 2] - (colour & 255)) <= TOLERANCE;
};

/** Shares of equal pixels: of all, and of those that are not background in both. */
export function compare(live, replay, mask) {
  const ground = background(live);
  let [seen, equal, ink, inkEqual] = [0, 0, 0, 0];
  for (let index = 0; index < live.width * live.height; index++) {
    if (mask[index]) continue;
    seen++;
    const same = isSame(live, replay, index);
    if (same) equal++;
    if (same && isNear(live, index, ground)) continue;
    ink++;
    if (same) inkEqual++;
  }
  return { equal: seen ? equal / seen : 1, ink: ink ? inkEqual / ink : 1, ssim: ssim(live, replay, mask), masked: 1 - seen / mask.length };
}

const grey = ({ data }, index) => 0.299 * data[index * 4] + 0.587 * data[index * 4 + 1] + 0.114 * data[index * 4 + 2];

/** Mean structural similarity of squares, without those that are left out. */
export function ssim(a, b, mask) {
  let sum = 0;
  let windows = 0;
  for (let top = 0; top + WINDOW <= a.height; top += WINDOW) {
    for (let left = 0; left + WINDOW <= a.width; left += WINDOW) {
      if (mask[top * a.width + left]) continue;
      sum += ssimOfWindow(a, b, left, top);
      windows++;
    }
  }
  return windows ? sum / windows : 1;
}

function ssimOfWindow(a, b, left, top) {
  let [sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0];
  for (let y = top; y < top + WINDOW; y++) {
    for (let x = left; x < left + WINDOW; x++) {
      const [va, vb] = [grey(a, y * a.width + x), grey(b, y * a.width + x)];
      sa += va; sb += vb; saa += va * va; sbb += vb * vb; sab += va * vb;
    }
  }
  const n = WINDOW * WINDOW;
  const [ma, mb] = [sa / n, sb / n];
  const [da, db, dab] = [saa / n - ma * ma, sbb / n - mb * mb, sab / n - ma * mb];
  return ((2 * ma * mb + C1) * (2 * dab + C2)) / ((ma * ma + mb * mb + C1) * (da + db + C2));
}
