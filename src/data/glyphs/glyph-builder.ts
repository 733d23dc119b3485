import type { GlyphSet } from '../../scenes/types.js';
import { GLYPH_SIDE } from './fit-mask.js';

/** Collects glyphs one by one. */
export class GlyphBuilder {
  readonly #masks: Uint8Array[] = [];
  readonly #labels: number[] = [];
  readonly #weights: number[] = [];
  readonly #hands: number[] = [];

  get count(): number {
    return this.#labels.length;
  }

  /**
   * @param mask `[GLYPH_SIDE, GLYPH_SIDE]`; where it is `undefined`, nothing is added
   * @param hand a number for who wrote it, if that is known
   */
  add(mask: Uint8Array | undefined, label: number, weight: number, hand = -1): void {
    if (!mask) return;
    this.#masks.push(mask);
    this.#labels.push(label);
    this.#weights.push(weight);
    this.#hands.push(hand);
  }

  /** The masks that were added, in their order. */
  masks(): readonly Uint8Array[] {
    return this.#masks;
  }

  /** All that were added, in their order. */
  build(): GlyphSet {
    const pixels = GLYPH_SIDE * GLYPH_SIDE;
    const masks = new Uint8Array(this.count * pixels);
    this.#masks.forEach((mask, i) => masks.set(mask, i * pixels));
    return {
      side: GLYPH_SIDE,
      masks,
      labels: Uint8Array.from(this.#labels),
      weights: Float32Array.from(this.#weights),
      hands: Int32Array.from(this.#hands),
    };
  }
}
