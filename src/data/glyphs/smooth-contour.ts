import type { InkMask } from './fit-mask.js';

/** How far a pixel spreads on each side, in pixels: a step of one pixel is evened out, a stroke of one pixel stays. */
const SPREAD = 1.5;

/** Where the contour runs, of full ink: a little under half, as a stroke of one pixel spreads to three fifths of it. */
const LEVEL = 0.42;

/**
 * Enlarges a picture of ink or no ink `factor` times with the staircases of its contour evened out: each pixel spread
 * by a triangle, then ink where the sum is over a level, with an edge one pixel soft. A pixel of paper is added on each
 * side.
 */
export function smoothContour({ width, height, data }: InkMask, factor: number): InkMask {
  const across = factor * (width + 2);
  const down = factor * (height + 2);
  const result = new Uint8Array(across * down);
  for (let y = 0; y < down; y++) {
    const centreY = (y + 0.5) / factor - 1;
    for (let x = 0; x < across; x++) {
      const centreX = (x + 0.5) / factor - 1;
      let ink = 0;
      let total = 0;
      for (let v = Math.floor(centreY - SPREAD); v <= centreY + SPREAD; v++) {
        const weightY = SPREAD - Math.abs(v + 0.5 - centreY);
        if (weightY <= 0) continue;
        for (let u = Math.floor(centreX - SPREAD); u <= centreX + SPREAD; u++) {
          const weight = weightY * (SPREAD - Math.abs(u + 0.5 - centreX));
          if (weight <= 0) continue;
          total += weight;
          if (u >= 0 && v >= 0 && u < width && v < height) ink += weight * data[v * width + u]!;
        }
      }
      // At the contour of a straight edge the sum changes by 1 / SPREAD in a pixel of the original.
      const value = 127.5 + factor * SPREAD * (ink / total - 255 * LEVEL);
      result[y * across + x] = Math.max(0, Math.min(255, Math.round(value)));
    }
  }
  return { width: across, height: down, data: result };
}
