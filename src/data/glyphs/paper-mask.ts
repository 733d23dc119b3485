import type { InkMask } from './fit-mask.js';
import { inkParts, keepParts } from './ink-parts.js';

/** A gray picture: 0 black, 255 white. */
export type GrayPicture = InkMask;

/** Ink has to be so much darker than the paper around it, in gray levels. */
const LEAST_CONTRAST = 40;

/** Shares of the picture that the ink of one glyph takes. */
const LEAST_INK = 0.003;
const MOST_INK = 0.3;

/** Share of the ink that hangs together at least: faint ink falls into pieces. */
const LEAST_WHOLE = 0.75;

/** What counts as ink, of 255. */
const INK = 64;

/** Parts smaller than this share of the ink are specks. */
const SPECK = 0.04;

/**
 * How dark each pixel is against the paper around it, 255 as dark as the ink gets: what lies on the paper without the
 * paper.
 * @returns `undefined` where that is not clean: too little contrast, too much ink, ink that runs over the edge or falls
 * into pieces
 */
export function paperMask(picture: GrayPicture): InkMask | undefined {
  const { width, height } = picture;
  const darkness = darknessOf(picture);
  const sorted = darkness.toSorted();
  const quantile = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const peak = quantile(0.995);
  // The paper is at least half of the picture, so that its spread is seen in the middle of the order.
  const noise = quantile(0.6) - quantile(0.1);
  if (peak < LEAST_CONTRAST || peak < 3 * noise) return undefined;
  const ink = quantile(1 - 0.5 * shareAbove(sorted, 0.5 * peak));
  const floor = Math.max(0.2 * ink, 1.2 * noise);
  const data = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i++) {
    const value = ((darkness[i]! - floor) / (0.9 * ink - floor)) * 255;
    data[i] = Math.max(0, Math.min(255, Math.round(value)));
  }
  return keepGlyph({ width, height, data });
}

function shareAbove(sorted: Float32Array, level: number): number {
  return sorted.filter((value) => value > level).length / sorted.length;
}

/** Paper minus picture; the paper is a plane through the pixels that are no ink, found anew without those that are. */
function darknessOf({ width, height, data }: GrayPicture): Float32Array {
  const darkness = new Float32Array(width * height);
  const histogram = new Uint32Array(256);
  for (const value of data) histogram[value]!++;
  let passed = 0;
  let level = 255;
  for (; level > 0 && passed < 0.4 * data.length; level--) passed += histogram[level]!;
  let plane: Plane = { base: level, acrossX: 0, acrossY: 0 };
  for (let round = 0; round < 4; round++) {
    const band = round === 0 ? 40 : 16;
    plane = fitPlane({ width, height, data }, plane, band) ?? plane;
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const paper = plane.base + plane.acrossX * (x - width / 2) + plane.acrossY * (y - height / 2);
      darkness[y * width + x] = paper - data[y * width + x]!;
    }
  }
  return darkness;
}

interface Plane {
  readonly base: number;
  readonly acrossX: number;
  readonly acrossY: number;
}

/** Least squares over the pixels within `band` of the earlier plane; on a full grid the three sums are nearly apart. */
function fitPlane({ width, height, data }: GrayPicture, plane: Plane, band: number): Plane | undefined {
  let [n, sx, sy, sxx, sxy, syy, s, sxv, syv] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const u = x - width / 2;
      const v = y - height / 2;
      const value = data[y * width + x]!;
      if (Math.abs(value - plane.base - plane.acrossX * u - plane.acrossY * v) > band) continue;
      n++;
      sx += u;
      sy += v;
      sxx += u * u;
      sxy += u * v;
      syy += v * v;
      s += value;
      sxv += u * value;
      syv += v * value;
    }
  }
  if (n < 16) return undefined;
  const a = sxx - (sx * sx) / n;
  const b = sxy - (sx * sy) / n;
  const c = syy - (sy * sy) / n;
  const p = sxv - (sx * s) / n;
  const q = syv - (sy * s) / n;
  const determinant = a * c - b * b;
  if (determinant < 1e-6) return undefined;
  const acrossX = (p * c - q * b) / determinant;
  const acrossY = (q * a - p * b) / determinant;
  return { base: (s - acrossX * sx - acrossY * sy) / n, acrossX, acrossY };
}

/** Erases specks and what hangs in from the edge; refuses a glyph that runs over the edge itself. */
function keepGlyph(mask: InkMask): InkMask | undefined {
  const { width, height, data } = mask;
  const { partOf, parts } = inkParts(mask, INK);
  const onEdge = parts.map(
    ({ left, top, right, bottom }) => left === 0 || top === 0 || right === width - 1 || bottom === height - 1,
  );
  const sizes = parts.map(({ size }) => size);
  const largest = Math.max(0, ...sizes);
  const main = sizes.indexOf(largest);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (largest === 0 || largest < LEAST_WHOLE * total || onEdge[main]) return undefined;
  if (total < LEAST_INK * data.length || total > MOST_INK * data.length) return undefined;
  return keepParts(mask, partOf, (part) => !onEdge[part] && (sizes[part] ?? 0) >= SPECK * largest);
}
