/** Characters of no script. */
import type { Point, Stroke } from '../../drawing/glyphs.js';
import { between, wholeBetween, type Random } from '../../random.js';
import { cornered, ring } from './paths.js';
import type { DrawShape } from './pen-marks.js';

/** Points of a grid, in the order in which a pen passes them: `columns` and `rows`, or one more of each. */
function placesOfGrid(random: Random, fewestColumns: number, fewestRows: number): () => Point {
  const columns = wholeBetween(random, fewestColumns, fewestColumns + 1);
  const rows = wholeBetween(random, fewestRows, fewestRows + 1);
  return () => [
    wholeBetween(random, 0, columns) / columns + between(random, -0.05, 0.05),
    (wholeBetween(random, 0, rows) / rows) * 1.3 + between(random, -0.05, 0.05),
  ];
}

/** A character of no script in one or two long strokes. With this number of turns it is hardly ever a digit. */
export const inOneGo: DrawShape = (random) => {
  // A coarser grid would often give one straight stroke.
  const place = placesOfGrid(random, 4, 5);
  const isRound = random() < 0.6;
  return Array.from({ length: wholeBetween(random, 1, 2) }, (_, i): Stroke => {
    const points = Array.from({ length: wholeBetween(random, i === 0 ? 6 : 3, 9) }, place);
    return isRound ? points : cornered(points);
  });
};

/**
 * A character of no script: three to five strokes between points of a grid, straight, bent or round. With this number
 * of strokes it is hardly ever a digit.
 */
export const invented: DrawShape = (random) => {
  const place = placesOfGrid(random, 2, 3);
  const strokes: Stroke[] = [];
  const count = wholeBetween(random, 3, 5);
  for (let i = 0; i < count; i++) {
    const chance = random();
    if (chance < 0.15) {
      const [x, y] = place();
      strokes.push(ring(x, y, between(random, 0.12, 0.35)));
      continue;
    }
    const points = Array.from({ length: chance < 0.55 ? 2 : wholeBetween(random, 3, 4) }, place);
    strokes.push(random() < 0.5 ? points : cornered(points));
  }
  return strokes;
};
