import type { Random } from '../random.js';

/** Glyphs as ink masks; flat arrays, in shared memory where threads share them. */
export interface GlyphSet {
  readonly side: number;
  /** `[count, side, side]`, 255 full ink */
  readonly masks: Uint8Array;
  /** `[count]`: 0-9; 10 for what is no digit */
  readonly labels: Uint8Array;
  /** `[count]`: how often it is drawn in comparison */
  readonly weights: Float32Array;
}

export interface SceneGlyphs {
  readonly digits: GlyphSet;
  readonly others: GlyphSet;
}

/** Made once a thread: banks of textures and the like. */
export interface ScenePainter {
  /** Draws a view, writes VIEW_SIDE^2 levels 0-255. @returns 0-9, 10 for none */
  drawView(random: Random, levels: Uint8Array): number;
  /** Draws an overview, OVERVIEW_SIDE^2 levels, with targets [216] and weights [216]. */
  drawOverview(random: Random, levels: Uint8Array, targets: Float32Array, weights: Float32Array): void;
}
