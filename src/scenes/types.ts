/** Characters that scenes are drawn with, as masks of their ink; flat arrays, so that threads can share them. */
export interface GlyphSet {
  /** Pixels along a mask. A glyph's longer side takes 40 of 48 of it, and its box lies in the middle. */
  readonly side: number;
  /** `[count, side, side]`, 255 for full ink */
  readonly masks: Uint8Array;
  /** `[count]`, 0-9; 10 for a non-digit. */
  readonly labels: Uint8Array;
  /** `[count]`: how often each is drawn, compared with the others. */
  readonly weights: Float32Array;
}

/** What scenes are drawn from. */
export interface SceneGlyphs {
  readonly digits: GlyphSet;
  /** Non-digits. */
  readonly others: GlyphSet;
}
