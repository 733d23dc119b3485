import { FRAME_SIDE } from '../../image/frame.js';
import { type Random } from '../../random.js';

/** Cells along a side of each layer of noise, and the layer's weight. */
const LAYERS = [
  { cells: 2, weight: 0.5 },
  { cells: 5, weight: 0.3 },
  { cells: 11, weight: 0.2 },
];

const values = new Float32Array(13 * 13);

/**
 * Value noise: layers of random values on finer and finer grids, bilinear in between (a simple form of Perlin, 1985).
 * @param field receives `[28, 28]` values of 0..1
 */
export function clouds(random: Random, field: Float32Array): void {
  field.fill(0);
  for (const { cells, weight } of LAYERS) {
    const side = cells + 1;
    for (let i = 0; i < side * side; i++) values[i] = weight * random();
    const perPixel = cells / FRAME_SIDE;
    for (let row = 0, pixel = 0; row < FRAME_SIDE; row++) {
      const y = row * perPixel;
      const top = Math.trunc(y);
      for (let column = 0; column < FRAME_SIDE; column++, pixel++) {
        const x = column * perPixel;
        const left = Math.trunc(x);
        const place = top * side + left;
        const above = values[place]! + (x - left) * (values[place + 1]! - values[place]!);
        const belowLeft = values[place + side]!;
        const below = belowLeft + (x - left) * (values[place + side + 1]! - belowLeft);
        field[pixel]! += above + (y - top) * (below - above);
      }
    }
  }
}
