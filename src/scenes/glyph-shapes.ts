import { squaredDistances } from '../image/normalize/distance.js';
import type { Random } from '../random.js';
import type { GlyphSet } from './types.js';

/** Steps of a distance field, a pixel of the glyph. */
export const DISTANCE_STEPS = 6;

/**
 * Glyphs by the distance of each pixel to the edge of the ink, positive inside: a stroke is made thicker or thinner, hollow or
 * soft, by one number, at any size (Green, "Improved Alpha-Tested Magnification", 2007).
 */
export class GlyphShapes {
  readonly side: number;
  /** `[count, side, side]`, in `1/DISTANCE_STEPS` pixels of the glyph. */
  readonly distances: Int8Array;
  readonly labels: Uint8Array;
  /** `[count]`: half the width of the strokes, in pixels of the glyph. */
  readonly radii: Float32Array;
  /** `[count]`: half the width and height of the ink's box, in pixels of the glyph. */
  readonly halfWidths: Float32Array;
  readonly halfHeights: Float32Array;
  readonly #sums: Float64Array;

  constructor({ side, masks, labels, weights }: GlyphSet) {
    const count = labels.length;
    const pixels = side * side;
    this.side = side;
    this.labels = labels;
    this.distances = new Int8Array(count * pixels);
    this.radii = new Float32Array(count);
    this.halfWidths = new Float32Array(count);
    this.halfHeights = new Float32Array(count);
    this.#sums = new Float64Array(count);
    let sum = 0;
    for (let glyph = 0; glyph < count; glyph++) {
      this.#measure(glyph, masks.subarray(glyph * pixels, (glyph + 1) * pixels));
      this.#sums[glyph] = sum += weights[glyph]!;
    }
  }

  /** Any glyph, by its weight. */
  pick(random: Random): number {
    const wanted = random() * (this.#sums.at(-1) ?? 0);
    let low = 0;
    let high = this.#sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sums[middle]! > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #measure(glyph: number, mask: Uint8Array): void {
    const { side, distances } = this;
    const plane = { width: side, height: side, data: mask };
    const toInk = squaredDistances(plane, (level) => level >= 128);
    const toPaper = squaredDistances(plane, (level) => level < 128);
    const own = distances.subarray(glyph * side * side, (glyph + 1) * side * side);
    let inside = 0;
    let count = 0;
    let [left, top, right, bottom] = [side, side, 0, 0];
    for (let y = 0, i = 0; y < side; y++) {
      for (let x = 0; x < side; x++, i++) {
        const isInk = mask[i]! >= 128;
        // To the edge between two pixels, and at the edge itself as the level of the pixel tells.
        const far = Math.min(20, Math.sqrt(isInk ? toPaper[i]! : toInk[i]!) - 0.5);
        const distance =
          far > 0.6 ? (isInk ? far : -far) : Math.max(-0.8, Math.min(0.8, (mask[i]! - 128) / 128));
        own[i] = Math.round(distance * DISTANCE_STEPS);
        if (!isInk) continue;
        inside += far + 0.25;
        count++;
        if (x < left) left = x;
        if (x > right) right = x;
        if (y < top) top = y;
        if (y > bottom) bottom = y;
      }
    }
    // Across a stroke the mean distance to its edge is a quarter of its width.
    this.radii[glyph] = count > 0 ? (2 * inside) / count : 1;
    this.halfWidths[glyph] = count > 0 ? (right - left + 1) / 2 : 1;
    this.halfHeights[glyph] = count > 0 ? (bottom - top + 1) / 2 : 1;
  }
}
