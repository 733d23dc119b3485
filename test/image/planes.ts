import * as fc from 'fast-check';
import type { Plane } from '../../src/image/plane.js';

/** A plane from rows of characters: a space is 0, `.` 60, `+` 128, `#` 255. */
export function planeOf(...rows: readonly string[]): Plane {
  const width = Math.max(...rows.map((row) => row.length));
  const levels: Readonly<Record<string, number>> = { ' ': 0, '.': 60, '+': 128, '#': 255 };
  const data = Uint8Array.from(
    rows.flatMap((row) => Array.from(row.padEnd(width), (mark) => levels[mark] ?? NaN)),
  );
  return { width, height: rows.length, data };
}

/** Random planes of at most `largest` pixels a side. */
export function anyPlane(largest: number, level = fc.integer({ min: 0, max: 255 })): fc.Arbitrary<Plane> {
  const side = fc.integer({ min: 1, max: largest });
  return fc
    .record({ width: side, height: side })
    .chain(({ width, height }) =>
      fc
        .array(level, { minLength: width * height, maxLength: width * height })
        .map((levels) => ({ width, height, data: Uint8Array.from(levels) })),
    );
}

/** The level at a pixel, `beyond` outside. */
export function levelAt({ width, height, data }: Plane, x: number, y: number, beyond = 0): number {
  return x < 0 || y < 0 || x >= width || y >= height ? beyond : (data[y * width + x] ?? NaN);
}
