import { describe, expect, it } from 'vitest';
import { cannyEdges } from '../../../src/evaluation/corruptions/canny.js';
import { drawDigit } from '../../helpers/data/digits.js';

/** `skimage.feature.canny` 0.26 of the same picture. */
const OUTLINES_OF_FIVE = [
  '............................',
  '............................',
  '............................',
  '............................',
  '............###########.....',
  '...........##.........#.....',
  '..........##........###.....',
  '..........#...#######.......',
  '..........#..#..............',
  '.........#..................',
  '.........#...##.............',
  '.........#....###...........',
  '.........#.......##.........',
  '.........#####....#.........',
  '..............##..#.........',
  '...............#...#........',
  '................#..#........',
  '...............#...#........',
  '...............#..#.........',
  '..............#...#.........',
  '.....####...###..##.........',
  '.....#...####...##..........',
  '.....##........##...........',
  '......##.....###............',
  '........#####...............',
  '............................',
  '............................',
  '............................',
];

/** Rows of text, `#` for full ink. */
function sketch(frame: Uint8Array): string[] {
  return Array.from({ length: 28 }, (_, row) =>
    Array.from(frame.subarray(row * 28, row * 28 + 28), (level) => (level === 255 ? '#' : '.')).join(''),
  );
}

/** A square of one level in the middle. */
function square(level: number): Uint8Array {
  return Uint8Array.from({ length: 784 }, (_, i) => {
    const [row, column] = [Math.floor(i / 28), i % 28];
    return row >= 8 && row < 20 && column >= 8 && column < 20 ? level : 0;
  });
}

describe('cannyEdges', () => {
  it('gives what scikit-image gives', () => {
    expect(sketch(cannyEdges(drawDigit(5, { variant: 1, slantDegrees: 10 }).data))).toEqual(OUTLINES_OF_FIVE);
  });

  it('has only ink and background, and none on the border', () => {
    const edges = cannyEdges(Uint8Array.from({ length: 784 }, (_, i) => (i * i) % 256));
    expect(new Set(edges)).toEqual(new Set([0, 255]));
    for (let i = 0; i < 28; i++) {
      expect(edges[i]! + edges[27 * 28 + i]! + edges[i * 28]! + edges[i * 28 + 27]!).toBe(0);
    }
  });

  it('finds strong steps, and weak ones only where they hang together with strong ones', () => {
    const inked = (frame: Uint8Array): number => frame.filter((level) => level > 0).length;
    expect(inked(cannyEdges(square(255)))).toBeGreaterThan(40);
    // A step of 10 levels gives an edge of about 0.13: above 0.1, below 0.2.
    expect(inked(cannyEdges(square(10)))).toBe(0);
    // The lower edge of this one grows from weak to strong without a break.
    const graded = square(255).map((level, i) => (level > 0 ? 10 + 2 * ((i % 28) - 8) : 0));
    const lowerLeft = cannyEdges(graded).subarray(18 * 28, 21 * 28);
    expect(lowerLeft.some((level, i) => level > 0 && i % 28 === 10)).toBe(true);
  });
});
