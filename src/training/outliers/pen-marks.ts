/** Marks of a pen that are neither digits nor drawings: scribbles, lines, arcs. */
import type { Glyph, Point, Stroke } from '../../drawing/glyphs.js';
import { between, wholeBetween, type Random } from '../../random.js';
import { cornered, turned } from './paths.js';

/** Draws the paths of one kind. */
export type DrawShape = (random: Random) => Glyph;

/** A pen that wanders, and turns back before it leaves the square. */
export const scribble: DrawShape = (random) => {
  const stroke: Point[] = [];
  let [x, y] = [random(), random()];
  let heading = between(random, 0, 2 * Math.PI);
  let turning = 0;
  const steps = wholeBetween(random, 14, 40);
  const wildness = between(random, 0.3, 1.1);
  for (let step = 0; step < steps; step++) {
    stroke.push([x, y]);
    turning = 0.6 * turning + wildness * (random() + random() - 1);
    heading += turning;
    const [ahead, down] = [x + 0.16 * Math.cos(heading), y + 0.16 * Math.sin(heading)];
    if (ahead < 0 || ahead > 1 || down < 0 || down > 1) {
      heading = Math.atan2(between(random, 0.2, 0.8) - y, between(random, 0.2, 0.8) - x);
      turning = 0;
    }
    x += 0.16 * Math.cos(heading);
    y += 0.16 * Math.sin(heading);
  }
  return [stroke];
};

/** The zigzag of striking something out, from corner to corner. */
export const zigzag: DrawShape = (random) => {
  const turns = wholeBetween(random, 5, 12);
  const height = between(random, 0.3, 1);
  const isRound = random() < 0.5;
  const stroke = Array.from({ length: turns }, (_, i): Point => {
    const up = i % 2 === 0 ? between(random, 0, 0.2) : between(random, 0.8, 1);
    return [i / (turns - 1), height * up];
  });
  return turned([isRound ? stroke : cornered(stroke)], random() < 0.5 ? 0 : between(random, -0.8, 0.8));
};

/** Three to six straight lines in any direction, so that they are no 1. */
export const lines: DrawShape = (random) =>
  Array.from({ length: wholeBetween(random, 3, 6) }, (): Stroke => [
    [random(), random()],
    [random(), random()],
  ]);

/** Parallel lines, like = and |||. */
export const parallels: DrawShape = (random) => {
  const count = wholeBetween(random, 2, 4);
  const gap = between(random, 0.25, 0.5);
  const bars = Array.from({ length: count }, (_, i): Stroke => [
    [between(random, -0.1, 0.1), i * gap],
    [1 + between(random, -0.1, 0.1), i * gap + between(random, -0.06, 0.06)],
  ]);
  return turned(bars, random() < 0.5 ? 0 : between(random, 0, Math.PI));
};

/** One line that is too level for a 1. */
export const dash: DrawShape = (random) =>
  turned(
    [
      [
        [0, 0],
        [0.5, between(random, -0.08, 0.08)],
        [1, 0],
      ],
    ],
    between(random, -0.45, 0.45),
  );

/** A third to three quarters of a ring, open to any side. */
export const arc: DrawShape = (random) => {
  const sweep = between(random, 2.4, 4.6);
  const from = between(random, 0, 2 * Math.PI);
  const squeeze = between(random, 0.8, 1.2);
  return [
    Array.from({ length: 10 }, (_, i): Point => {
      const angle = from + (sweep * i) / 9;
      return [squeeze * Math.cos(angle), Math.sin(angle)];
    }),
  ];
};

export const spiral: DrawShape = (random) => {
  const turns = between(random, 2, 3.6);
  const from = between(random, 0, 2 * Math.PI);
  const direction = random() < 0.5 ? 1 : -1;
  const inner = between(random, 0.02, 0.12);
  const points = Math.ceil(turns * 9);
  return [
    Array.from({ length: points + 1 }, (_, i): Point => {
      const share = i / points;
      const angle = from + direction * share * turns * 2 * Math.PI;
      const radius = inner + (1 - inner) * share;
      return [radius * Math.cos(angle), radius * Math.sin(angle)];
    }),
  ];
};

/** Rings in a row, like a pen that is being tried. */
export const loops: DrawShape = (random) => {
  const count = wholeBetween(random, 3, 5);
  const advance = between(random, 0.05, 0.12);
  const height = between(random, 0.6, 1.2);
  return [
    Array.from({ length: count * 8 }, (_, i): Point => {
      const angle = (i / 8) * 2 * Math.PI;
      return [0.3 * Math.cos(angle) + advance * i * 0.6, height * 0.4 * Math.sin(angle)];
    }),
  ];
};

/** Short separate strokes: rain, crumbs, dots. */
export const crumbs: DrawShape = (random) => {
  const length = between(random, 0.01, 0.2);
  return Array.from({ length: wholeBetween(random, 4, 14) }, (): Stroke => {
    const [x, y] = [random(), random()];
    const angle = between(random, 0, 2 * Math.PI);
    return [
      [x, y],
      [x + length * Math.cos(angle), y + length * Math.sin(angle)],
    ];
  });
};
