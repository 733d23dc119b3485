import { between, type Random } from '../random.js';
import type { Canvas } from './draw-glyph.js';

/**
 * Uneven light: the canvas is multiplied by values that are interpolated between 3x3 points, each up to `strength` off
 * 1.
 */
export function shadeSmoothly({ side, levels }: Canvas, strength: number, random: Random): void {
  const points = Float32Array.from({ length: 9 }, () => between(random, 1 - strength, 1 + strength));
  const weights = new Float32Array(3 * side);
  for (let i = 0; i < side; i++) {
    const t = (i + 0.5) / side;
    // A quadratic Bezier curve: smooth, and within its points.
    weights[3 * i] = (1 - t) * (1 - t);
    weights[3 * i + 1] = 2 * t * (1 - t);
    weights[3 * i + 2] = t * t;
  }
  for (let y = 0; y < side; y++) {
    const [w0, w1, w2] = [weights[3 * y]!, weights[3 * y + 1]!, weights[3 * y + 2]!];
    const left = w0 * points[0]! + w1 * points[3]! + w2 * points[6]!;
    const middle = w0 * points[1]! + w1 * points[4]! + w2 * points[7]!;
    const right = w0 * points[2]! + w1 * points[5]! + w2 * points[8]!;
    for (let x = 0; x < side; x++) {
      levels[y * side + x]! *=
        weights[3 * x]! * left + weights[3 * x + 1]! * middle + weights[3 * x + 2]! * right;
    }
  }
}

/** A shadow over all beyond a line, sharp or soft. */
export function castShadow(
  { side, levels }: Canvas,
  {
    x: x0,
    y: y0,
    angle,
    softness,
    light,
  }: { x: number; y: number; angle: number; softness: number; light: number },
): void {
  const [nx, ny] = [Math.cos(angle), Math.sin(angle)];
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const beyond = 0.5 + ((x + 0.5 - x0) * nx + (y + 0.5 - y0) * ny) / softness;
      if (beyond > 0) levels[y * side + x]! *= 1 - (1 - light) * Math.min(1, beyond);
    }
  }
}

/** Darker towards the corners (`strength` > 0), or a bright spot (`strength` < 0) that fades over `radius` pixels. */
export function vignette(
  { side, levels }: Canvas,
  { x: x0, y: y0, radius, strength }: { x: number; y: number; radius: number; strength: number },
): void {
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const far = ((x + 0.5 - x0) ** 2 + (y + 0.5 - y0) ** 2) / (radius * radius);
      const place = y * side + x;
      if (strength > 0) levels[place]! *= Math.max(0.05, 1 - strength * Math.min(1.5, far));
      else levels[place]! += (1 - levels[place]!) * -strength * Math.exp(-far);
    }
  }
}
