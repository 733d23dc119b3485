import type { Random } from '../random.js';
import type { GlyphSet } from './types.js';

/** Steps of a distance field, a pixel of the glyph. */
export const DISTANCE_STEPS = 6;

/** The least level of ink, and the level at its edge. */
const INK = 128;
const EDGE = 127.5;

/** Pixels of the glyph beyond which distances do not matter. */
const FARTHEST = 20;

/**
 * Glyphs by the distance of each pixel to the edge of the ink, positive inside: a stroke is made thicker or thinner,
 * hollow or
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
  /** `[count]`: how far upright lines lean to the right for each pixel of height. */
  readonly slants: Float32Array;
  readonly #sums: Float64Array;
  /** For each glyph of which it is known who wrote it: all that they wrote. */
  readonly #ofHands: (readonly number[])[] = [];
  readonly #far: Float32Array;

  constructor({ side, masks, labels, weights, hands }: GlyphSet) {
    const count = labels.length;
    const pixels = side * side;
    this.side = side;
    this.labels = labels;
    this.distances = new Int8Array(count * pixels);
    this.radii = new Float32Array(count);
    this.halfWidths = new Float32Array(count);
    this.halfHeights = new Float32Array(count);
    this.slants = new Float32Array(count);
    this.#sums = new Float64Array(count);
    this.#far = new Float32Array(pixels);
    const ofHand = new Map<number, number[]>();
    let sum = 0;
    for (let glyph = 0; glyph < count; glyph++) {
      this.#measure(glyph, masks.subarray(glyph * pixels, (glyph + 1) * pixels));
      this.#sums[glyph] = sum += weights[glyph]!;
      const hand = hands?.[glyph] ?? -1;
      if (hand < 0) continue;
      const own = ofHand.get(hand) ?? [];
      own.push(glyph);
      ofHand.set(hand, own);
      this.#ofHands.push(own);
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

  /** All glyphs of one writer, who comes as often as they wrote much; none where no writer is known. */
  ofOneHand(random: Random): readonly number[] {
    return this.#ofHands[Math.floor(random() * this.#ofHands.length)] ?? [];
  }

  #measure(glyph: number, mask: Uint8Array): void {
    const { side } = this;
    const far = this.#toEdge(mask);
    const own = this.distances.subarray(glyph * side * side, (glyph + 1) * side * side);
    let inside = 0;
    let count = 0;
    let [left, top, right, bottom] = [side, side, 0, 0];
    let [sumX, sumY, sumXY, sumYY] = [0, 0, 0, 0];
    for (let y = 0, i = 0; y < side; y++) {
      for (let x = 0; x < side; x++, i++) {
        const isInk = mask[i]! >= INK;
        const distance = Math.min(FARTHEST, far[i]!);
        own[i] = Math.round((isInk ? distance : -distance) * DISTANCE_STEPS);
        if (!isInk) continue;
        inside += distance;
        count++;
        sumX += x;
        sumY += y;
        sumXY += x * y;
        sumYY += y * y;
        if (x < left) left = x;
        if (x > right) right = x;
        if (y < top) top = y;
        if (y > bottom) bottom = y;
      }
    }
    const spread = sumYY - (sumY * sumY) / count;
    this.slants[glyph] = spread > 0 ? -(sumXY - (sumX * sumY) / count) / spread : 0;
    // Across a stroke the mean distance to its edge is a quarter of its width.
    this.radii[glyph] = count > 0 ? (2 * inside) / count : 1;
    this.halfWidths[glyph] = count > 0 ? (right - left + 1) / 2 : 1;
    this.halfHeights[glyph] = count > 0 ? (bottom - top + 1) / 2 : 1;
  }

  /**
   * How far the middle of each pixel is from where ink ends, whichever side it is on: beside the edge as the levels of
   * both pixels tell, beyond by going from pixel to pixel (Borgefors, "Distance transformations in digital images",
   * 1986).
   */
  #toEdge(mask: Uint8Array): Float32Array {
    const { side } = this;
    const far = this.#far.fill(FARTHEST);
    for (let y = 0, i = 0; y < side; y++) {
      for (let x = 0; x < side; x++, i++) {
        if (x + 1 < side) crossEdge(mask, far, i, i + 1);
        if (y + 1 < side) crossEdge(mask, far, i, i + side);
      }
    }
    for (let y = 1; y < side; y++) {
      for (let x = 1, i = y * side + 1; x < side - 1; x++, i++) {
        const straight = Math.min(far[i - 1]!, far[i - side]!) + 1;
        const diagonal = Math.min(far[i - side - 1]!, far[i - side + 1]!) + Math.SQRT2;
        far[i] = Math.min(far[i]!, straight, diagonal);
      }
    }
    for (let y = side - 2; y >= 0; y--) {
      for (let x = side - 2, i = y * side + x; x > 0; x--, i--) {
        const straight = Math.min(far[i + 1]!, far[i + side]!) + 1;
        const diagonal = Math.min(far[i + side + 1]!, far[i + side - 1]!) + Math.SQRT2;
        far[i] = Math.min(far[i]!, straight, diagonal);
      }
    }
    return far;
  }
}

/** Where ink ends between two neighbouring pixels, if it does. */
function crossEdge(mask: Uint8Array, far: Float32Array, a: number, b: number): void {
  const [levelA, levelB] = [mask[a]!, mask[b]!];
  if (levelA >= INK === levelB >= INK) return;
  const fromA = (levelA - EDGE) / (levelA - levelB);
  if (fromA < far[a]!) far[a] = fromA;
  if (1 - fromA < far[b]!) far[b] = 1 - fromA;
}
