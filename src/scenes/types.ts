/** Glyphs as ink masks, all of one size; what they are drawn into pictures from. */
export interface GlyphSet {
  /** Pixels across and down of each mask. */
  readonly side: number;
  /** `[count, side, side]`: 0 paper, 255 full ink. */
  readonly masks: Uint8Array;
  /** `[count]`: 0-9; 10 no digit. */
  readonly labels: Uint8Array;
  /** `[count]`: how often each is drawn, relative to the others. */
  readonly weights: Float32Array;
  /** `[count]`: a number for who wrote each, -1 where that is not known; missing where it is of none. */
  readonly hands?: Int32Array;
}

/** What a picture may show: digits, and ink that is no digit (label 10). */
export interface SceneGlyphs {
  readonly digits: GlyphSet;
  readonly others: GlyphSet;
}
