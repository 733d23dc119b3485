import { FRAME_SIDE } from '../../image/frame.js';
import type { Random } from '../../random.js';

/** Pixels between two control points. */
const SPACING = 7;

/** Control points along one axis: every pixel lies between the middle two of four. */
const CONTROLS = Math.ceil((FRAME_SIDE - 1) / SPACING) + 3;

/** The weights of a pixel's four control points along one axis: the uniform cubic B-spline, `[FRAME_SIDE, 4]`. */
const WEIGHTS = Float64Array.from({ length: FRAME_SIDE * 4 }, (_, i) => {
  const t = (Math.floor(i / 4) / SPACING) % 1;
  const basis = [(1 - t) ** 3, 3 * t ** 3 - 6 * t ** 2 + 4, -3 * t ** 3 + 3 * t ** 2 + 3 * t + 1, t ** 3];
  return (basis[i % 4] ?? 0) / 6;
});

/** The first of a pixel's four control points along one axis. */
const FIRST = Uint8Array.from({ length: FRAME_SIDE }, (_, pixel) => Math.floor(pixel / SPACING));

/** Ratio of the field's root mean square to that of its control points. */
const SMOOTHING = WEIGHTS.reduce((sum, weight) => sum + weight * weight, 0) / FRAME_SIDE;

// Reused by every call.
const controls = new Float64Array(CONTROLS * CONTROLS);
const rows = new Float64Array(FRAME_SIDE * CONTROLS);

/**
 * A smooth random field: uniform control points with cubic B-splines in between (free-form deformation, Rueckert et
 * al., 1999; used for digits by Simard et al., 2003).
 * @param deviation root mean square of the field's values
 * @param field receives `[28, 28]` values
 */
export function smoothField(random: Random, deviation: number, field: Float32Array): void {
  // Uniform numbers from -1 to 1 have the variance 1/3.
  const reach = (Math.sqrt(3) * deviation) / SMOOTHING;
  for (let i = 0; i < controls.length; i++) controls[i] = reach * (2 * random() - 1);
  for (let y = 0, i = 0; y < FRAME_SIDE; y++) {
    const first = FIRST[y]! * CONTROLS;
    for (let c = first; c < first + CONTROLS; c++, i++) {
      rows[i] =
        WEIGHTS[y * 4]! * controls[c]! +
        WEIGHTS[y * 4 + 1]! * controls[c + CONTROLS]! +
        WEIGHTS[y * 4 + 2]! * controls[c + 2 * CONTROLS]! +
        WEIGHTS[y * 4 + 3]! * controls[c + 3 * CONTROLS]!;
    }
  }
  for (let y = 0, i = 0; y < FRAME_SIDE; y++) {
    for (let x = 0; x < FRAME_SIDE; x++, i++) {
      const first = y * CONTROLS + FIRST[x]!;
      field[i] =
        WEIGHTS[x * 4]! * rows[first]! +
        WEIGHTS[x * 4 + 1]! * rows[first + 1]! +
        WEIGHTS[x * 4 + 2]! * rows[first + 2]! +
        WEIGHTS[x * 4 + 3]! * rows[first + 3]!;
    }
  }
}
