import type { InkMask } from './fit-mask.js';

/**
 * Doubles a picture of ink or no ink with its slanted edges smoothed: each corner of a pixel takes the value of the two
 * neighbours that meet there, where they are alike and the others are not (Scale2x by Andrea Mazzoleni, after EPX by Eric
 * Johnston; https://www.scale2x.it/algorithm).
 */
export function scaleTwice({ width, height, data }: InkMask): InkMask {
  const at = (x: number, y: number): number =>
    data[Math.max(0, Math.min(height - 1, y)) * width + Math.max(0, Math.min(width - 1, x))]!;
  const doubled = new Uint8Array(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const own = at(x, y);
      const up = at(x, y - 1);
      const left = at(x - 1, y);
      const right = at(x + 1, y);
      const below = at(x, y + 1);
      const edge = up !== below && left !== right;
      const target = 2 * y * 2 * width + 2 * x;
      doubled[target] = edge && left === up ? left : own;
      doubled[target + 1] = edge && up === right ? right : own;
      doubled[target + 2 * width] = edge && left === below ? left : own;
      doubled[target + 2 * width + 1] = edge && below === right ? right : own;
    }
  }
  return { width: 2 * width, height: 2 * height, data: doubled };
}
