import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plane } from '../../../src/image/plane.js';
import { resample } from '../../../src/image/view/resample.js';
import { squareAround, type Square } from '../../../src/image/view/square.js';
import { anyPlane } from '../planes.js';

const SIDE = 64;

function resampled(plane: Plane, square: Square, side = SIDE): Float32Array {
  const out = new Float32Array(side * side);
  resample(plane, square, side, out);
  return out;
}

/** The level of a pixel, of one beyond the picture that of the nearest, 0..1. */
function levelAt({ width, height, data }: Plane, x: number, y: number): number {
  const column = Math.min(width - 1, Math.max(0, x));
  const row = Math.min(height - 1, Math.max(0, y));
  return data[row * width + column]! / 255;
}

/** The mean under a cell, pixel by pixel of a picture without an end. */
function areaMean(plane: Plane, square: Square, column: number, row: number): number {
  const step = square.side / SIDE;
  const left = square.x + column * step;
  const top = square.y + row * step;
  let sum = 0;
  for (let y = Math.floor(top); y < top + step; y++) {
    for (let x = Math.floor(left); x < left + step; x++) {
      const across = Math.min(left + step, x + 1) - Math.max(left, x);
      const down = Math.min(top + step, y + 1) - Math.max(top, y);
      sum += Math.max(0, across) * Math.max(0, down) * levelAt(plane, x, y);
    }
  }
  return sum / (step * step);
}

/** What lies between the four pixels around the middle of a cell. */
function bilinear(plane: Plane, square: Square, column: number, row: number): number {
  const step = square.side / SIDE;
  const x = square.x + (column + 0.5) * step - 0.5;
  const y = square.y + (row + 0.5) * step - 0.5;
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [x - left, y - top];
  return (
    (1 - u) * (1 - v) * levelAt(plane, left, top) +
    u * (1 - v) * levelAt(plane, left + 1, top) +
    (1 - u) * v * levelAt(plane, left, top + 1) +
    u * v * levelAt(plane, left + 1, top + 1)
  );
}

function expectEqual(
  out: Float32Array,
  plane: Plane,
  square: Square,
  oracle: (plane: Plane, square: Square, column: number, row: number) => number,
): void {
  const wanted = Float32Array.from({ length: SIDE * SIDE }, (_, i) =>
    oracle(plane, square, i % SIDE, Math.floor(i / SIDE)),
  );
  let farthest = 0;
  for (let i = 0; i < out.length; i++) farthest = Math.max(farthest, Math.abs(out[i]! - wanted[i]!));
  expect(farthest).toBeLessThan(1e-5);
}

const place = fc.double({ min: -60, max: 60, noNaN: true });

describe('resample', () => {
  it('takes the mean of what lies under each cell where the copy is smaller', () => {
    const larger = fc.record({ x: place, y: place, side: fc.double({ min: SIDE, max: 250, noNaN: true }) });
    fc.assert(
      fc.property(anyPlane(80), larger, (plane, square) => {
        expectEqual(resampled(plane, square), plane, square, areaMean);
      }),
      { numRuns: 30 },
    );
  });

  it('interpolates between the middles of pixels where it is larger', () => {
    const smaller = fc.record({
      x: place,
      y: place,
      side: fc.double({ min: 0.5, max: SIDE - 0.01, noNaN: true }),
    });
    fc.assert(
      fc.property(anyPlane(40), smaller, (plane, square) => {
        expectEqual(resampled(plane, square), plane, square, bilinear);
      }),
      { numRuns: 50 },
    );
  });

  it('copies pixels as they are at their own size', () => {
    const data = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => (i * 37) % 256);
    const plane = { width: SIDE, height: SIDE, data };
    const out = resampled(plane, { x: 0, y: 0, side: SIDE });
    expect(Uint8Array.from(out, (value) => Math.round(255 * value))).toEqual(data);
  });

  it('repeats the edge beyond the picture', () => {
    const plane = { width: 2, height: 1, data: Uint8Array.of(51, 204) };
    const out = resampled(plane, { x: -31, y: -31, side: 64 });
    expect(out[0]).toBeCloseTo(0.2, 6);
    expect(out[SIDE - 1]).toBeCloseTo(0.8, 6);
    expect(out[SIDE * SIDE - 1]).toBeCloseTo(0.8, 6);
  });

  it('gives of a picture whose pixels are doubled nearly the same, and the very same where both are shrunk', () => {
    fc.assert(
      fc.property(anyPlane(100), (plane) => {
        const { width, height, data } = plane;
        const doubled = { width: 2 * width, height: 2 * height, data: new Uint8Array(4 * data.length) };
        for (let i = 0; i < doubled.data.length; i++) {
          const [x, y] = [i % doubled.width, Math.floor(i / doubled.width)];
          doubled.data[i] = data[(y >> 1) * width + (x >> 1)]!;
        }
        const one = resampled(plane, squareAround(plane));
        const other = resampled(doubled, squareAround(doubled));
        const mean = (values: Float32Array): number => values.reduce((a, b) => a + b, 0) / values.length;
        expect(mean(other)).toBeCloseTo(mean(one), 1);
        if (Math.max(width, height) < SIDE) return;
        const apart = one.map((value, i) => Math.abs(value - other[i]!));
        expect(Math.max(...apart)).toBeLessThan(1e-5);
      }),
      { numRuns: 30 },
    );
  });
});
