import { describe, expect, it } from 'vitest';
import { parseSemeion, parseSquares } from '../../../src/data/datasets/parse-squares.js';
import { idxFile } from '../mnist/idx-files.js';
import { bytesOf, errorOf } from './made-files.js';

describe('parseSquares', () => {
  it('reads images and labels', () => {
    const pixels = Uint8Array.from({ length: 2 * 4 * 4 }, (_, i) => i);
    expect(parseSquares(idxFile([2, 4, 4], pixels), idxFile([2], Uint8Array.of(7, 0)), 'it')).toEqual({
      side: 4,
      masks: pixels,
      labels: Uint8Array.of(7, 0),
    });
  });

  it.each([
    ['images that are no squares', [2, 4, 2], [2], 'expected square images, got the dimensions 2x4x2'],
    ['another rank', [2, 4], [2], 'expected square images, got the dimensions 2x4'],
    ['images of nothing', [2, 0, 0], [2], 'expected square images'],
    [
      'another number of labels',
      [2, 4, 4],
      [3],
      'expected one label for each image, got 2 images and 3 labels',
    ],
  ])('refuses %s', (_, images, labels, message) => {
    const blank = (dimensions: readonly number[]): Uint8Array =>
      idxFile(dimensions, new Uint8Array(dimensions.reduce((a, b) => a * b, 1)));
    const error = errorOf(() => parseSquares(blank(images), blank(labels), 'a.idx'));
    expect(error.code).toBe('invalid_data');
    expect(error.message).toContain(`a.idx: ${message}`);
  });
});

describe('parseSemeion', () => {
  const row = (pixels: readonly (string | number)[], label: number): string =>
    [...pixels, ...Array.from({ length: 10 }, (_, i) => (i === label ? 1 : 0))].join(' ');
  const pixels = Array.from({ length: 256 }, (_, i) => (i % 3 === 0 ? 1 : 0));

  it.each([
    ['whole numbers', pixels, '\n'],
    ['decimals, as the original has them', pixels.map((pixel) => pixel.toFixed(4)), ' \r\n'],
  ])('reads %s', (_, values, end) => {
    const { side, masks, labels } = parseSemeion(bytesOf(row(values, 3) + end + row(values, 9) + end), 'it');
    expect(side).toBe(16);
    expect([...labels]).toEqual([3, 9]);
    expect([...masks.subarray(256)]).toEqual(pixels.map((pixel) => 255 * pixel));
  });

  it.each([
    ['a row that is too short', row(pixels.slice(1), 3), 'got 265 columns'],
    ['a row of no digit', row(pixels, 10), 'one 1 among the last ten'],
    ['a row of two digits', row([...pixels.slice(1), 0], 3).replace(/0$/, '1'), 'one 1 among the last ten'],
    ['other pixels', row([...pixels.slice(1), 0.5], 3), 'expected pixels 0 or 1, got 0.5 in column 256'],
    ['what is no number', row([...pixels.slice(1), 'x'], 3), 'expected pixels 0 or 1, got NaN'],
  ])('refuses %s, and names the line', (_, line, message) => {
    const error = errorOf(() => parseSemeion(bytesOf(`${row(pixels, 0)}\n${line}\n`), 'a.data'));
    expect(error.code).toBe('invalid_data');
    expect(error.message).toContain('a.data, line 2: ');
    expect(error.message).toContain(message);
  });
});
