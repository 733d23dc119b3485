import type { GlyphSet, SceneGlyphs } from '../../src/scenes/types.js';

const SIDE = 48;

function mask(isInk: (x: number, y: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: SIDE * SIDE }, (_, i) =>
    isInk((i % SIDE) + 0.5, Math.floor(i / SIDE) + 0.5) ? 255 : 0,
  );
}

function glyphSet(masks: readonly Uint8Array[], labels: readonly number[]): GlyphSet {
  const all = new Uint8Array(masks.length * SIDE * SIDE);
  masks.forEach((own, i) => all.set(own, i * SIDE * SIDE));
  return {
    side: SIDE,
    masks: all,
    labels: Uint8Array.from(labels),
    weights: new Float32Array(masks.length).fill(1),
  };
}

const bar = mask((x, y) => Math.abs(x - 24) < 4 && Math.abs(y - 24) < 20);
const ring = mask((x, y) => Math.abs(Math.hypot((x - 24) * 1.4, y - 24) - 17) < 3);
const cross = mask(
  (x, y) =>
    Math.max(Math.abs(x - 24), Math.abs(y - 24)) < 20 && Math.min(Math.abs(x - 24), Math.abs(y - 24)) < 3,
);

const slanted = mask((x, y) => Math.abs(x - 24 + 0.4 * (y - 24)) < 3 && Math.abs(y - 24) < 20);

/** Two strokes that lean to the right, by 0.4 for each pixel of height. */
export const slantedGlyphs = glyphSet([slanted, slanted], [1, 7]);

/** The same bar as each of ten digits. */
export const tenGlyphs = glyphSet(
  Array.from({ length: 10 }, () => bar),
  Array.from({ length: 10 }, (_, label) => label),
);

/** A 1, a 0, and the same bar once more. */
export const barGlyphs = glyphSet([bar, ring, bar], [1, 0, 1]);

/** Digits that are a bar or a ring, and non-digits that are a cross. */
export const plainGlyphs: SceneGlyphs = { digits: barGlyphs, others: glyphSet([cross], [10]) };
