import { describe, expect, test } from 'vitest';
import { colourAxis } from '../../../src/image/normalize/colour-axis.js';
import { toGray } from '../../../src/image/normalize/gray.js';
import { luma } from '../../../src/image/normalize/luma.js';
import type { Raster } from '../../../src/image/raster.js';
import { runSync } from '../../../src/image/task.js';

type Colour = readonly [red: number, green: number, blue: number];

/** A square of one colour in the middle of another. */
function square(ink: Colour, paper: Colour, side = 40): Raster {
  const data = new Uint8Array(side * side * 3);
  for (let i = 0; i < side * side; i++) {
    const [x, y] = [i % side, Math.floor(i / side)];
    const isInk = Math.abs(x - side / 2) < side / 5 && Math.abs(y - side / 2) < side / 5;
    data.set(isInk ? ink : paper, 3 * i);
  }
  return { width: side, height: side, channels: 3, data };
}

const RED: Colour = [220, 60, 60];
const GREEN: Colour = [60, 142, 57];

describe('the axis of colours', () => {
  test('is not asked for where luma tells ink from paper', () => {
    expect(colourAxis(square([20, 30, 120], [240, 240, 230]))).toBeUndefined();
    expect(colourAxis(square([20, 20, 20], [240, 240, 240]))).toBeUndefined();
    expect(colourAxis({ width: 8, height: 8, channels: 1, data: new Uint8Array(64) })).toBeUndefined();
  });

  test('tells colours of one luma apart', () => {
    const picture = square(RED, GREEN);
    const middle = 20 * 40 + 20;
    expect(Math.abs(luma(picture.data, 0) - luma(picture.data, 3 * middle))).toBeLessThan(3);
    const gray = runSync(toGray(picture, 512));
    expect(Math.abs((gray.data[0] ?? 0) - (gray.data[middle] ?? 0))).toBeGreaterThan(60);
  });

  test('sees them in large pictures too, which are shrunk', () => {
    const gray = runSync(toGray(square(RED, GREEN, 1200), 512));
    const middle = Math.floor(gray.height / 2) * gray.width + Math.floor(gray.width / 2);
    expect(Math.abs((gray.data[0] ?? 0) - (gray.data[middle] ?? 0))).toBeGreaterThan(60);
  });

  test('passes over what is transparent', () => {
    const { width, height, data } = square([0, 0, 0], [255, 255, 255]);
    const rgba = new Uint8Array(width * height * 4);
    for (let i = 0; i < width * height; i++) rgba.set([...data.subarray(3 * i, 3 * i + 3), 255], 4 * i);
    // Colours that no one sees.
    for (let i = 0; i < width; i++) rgba.set([255, 0, 255, 0], 4 * i);
    expect(colourAxis({ width, height, channels: 4, data: rgba })).toBeUndefined();
  });
});
