/** Pen drawings that are no digit: marks and simple shapes. */
import type { Glyph, Point, Stroke } from '../../drawing/glyphs.js';
import { between, pick, wholeBetween } from '../../random.js';
import { closed, cornered, ring, turned } from './paths.js';
import {
  arc,
  crumbs,
  dash,
  lines,
  loops,
  parallels,
  scribble,
  spiral,
  zigzag,
  type DrawShape,
} from './pen-marks.js';

/** + and x, and crosses of more arms. */
export const cross: DrawShape = (random) => {
  const arms = wholeBetween(random, 2, 4);
  const from = random() < 0.5 ? 0 : between(random, 0, Math.PI);
  return Array.from({ length: arms }, (_, i): Stroke => {
    const angle = from + (i * Math.PI) / arms + between(random, -0.1, 0.1);
    const length = between(random, 0.75, 1);
    const [x, y] = [length * Math.cos(angle), length * Math.sin(angle)];
    return [
      [-x, -y],
      [x, y],
    ];
  });
};

export const triangle: DrawShape = (random) => {
  const corners: Stroke = [
    [between(random, -0.2, 0.2), between(random, -1, -0.7)],
    [between(random, 0.6, 1), between(random, 0.5, 1)],
    [between(random, -1, -0.6), between(random, 0.5, 1)],
  ];
  return turned([closed(corners)], pick(random, [0, 0, Math.PI, between(random, 0, 2 * Math.PI)]));
};

/** Wider than high: a narrow one with round corners would be a 0. */
export const rectangle: DrawShape = (random) => {
  const [width, height] = [between(random, 0.9, 1), between(random, 0.4, 0.95)];
  const box = closed([
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ]);
  // As an envelope, a box with a cross, or empty.
  const inside = pick<Glyph>(random, [
    [],
    [],
    [
      [
        [0, 0],
        [width / 2, height / 2],
        [width, 0],
      ],
    ],
    [
      [
        [0, 0],
        [width, height],
      ],
      [
        [width, 0],
        [0, height],
      ],
    ],
    [
      [
        [width / 2, 0],
        [width / 2, height],
      ],
    ],
  ]);
  return turned([box, ...inside], random() < 0.7 ? 0 : between(random, -0.4, 0.4));
};

export const diamond: DrawShape = (random) => {
  const width = between(random, 0.6, 1);
  return [
    closed([
      [0, -1],
      [width, 0],
      [0, 1],
      [-width, 0],
    ]),
  ];
};

/** In one stroke, or as an outline. */
export const star: DrawShape = (random) => {
  const isOutline = random() < 0.5;
  const count = isOutline ? 10 : 5;
  const step = isOutline ? 1 : 2;
  const inner = isOutline ? between(random, 0.35, 0.55) : 1;
  const corners = Array.from({ length: count }, (_, i): Point => {
    const angle = ((i * step) / count) * 2 * Math.PI - Math.PI / 2;
    const radius = i % 2 === 0 ? 1 : inner;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  return turned([closed(corners)], between(random, -0.3, 0.3));
};

export const arrow: DrawShape = (random) => {
  const head = between(random, 0.25, 0.45);
  const tip: Stroke = [
    [1 - head, -head],
    [1, 0],
    [1, 0],
    [1 - head, head],
  ];
  const tail: Glyph =
    random() < 0.25
      ? [
          [
            [head, -head],
            [0, 0],
            [0, 0],
            [head, head],
          ],
        ]
      : [];
  return turned(
    [
      [
        [0, 0],
        [1, 0],
      ],
      tip,
      ...tail,
    ],
    between(random, 0, 2 * Math.PI),
  );
};

export const heart: DrawShape = (random) => {
  const dip = between(random, 0.15, 0.32);
  const half: Point[] = [
    [0, dip],
    [0.2, 0.02],
    [0.45, 0],
    [0.62, 0.2],
    [0.52, 0.52],
    [0.25, 0.82],
    [0, 1.05],
  ];
  return [half, half.map(([x, y]): Point => [-x, y])];
};

/** A check mark. */
export const tick: DrawShape = (random) => [
  cornered([
    [0, between(random, 0.4, 0.7)],
    [between(random, 0.25, 0.4), 1],
    [1.1, between(random, 0, 0.2)],
  ]),
];

/** A face, a wheel, a target: a ring with something in it. */
export const ringWith: DrawShape = (random) => {
  const spokes: Glyph = [
    [
      [-1, 0],
      [1, 0],
    ],
    [
      [0, -1],
      [0, 1],
    ],
  ];
  const face: Glyph = [
    [
      [-0.4, -0.3],
      [-0.36, -0.2],
    ],
    [
      [0.36, -0.3],
      [0.4, -0.2],
    ],
    [
      [-0.5, 0.3],
      [0, 0.55],
      [0.5, 0.3],
    ],
  ];
  const inside = pick<Glyph>(random, [
    spokes,
    face,
    [ring(0, 0, between(random, 0.35, 0.6))],
    [
      [
        [0, 0],
        [0.02, 0],
      ],
    ],
  ]);
  return [ring(0, 0, 1), ...inside];
};

export const SHAPES: readonly [DrawShape, ...DrawShape[]] = [
  scribble,
  zigzag,
  lines,
  parallels,
  dash,
  arc,
  spiral,
  cross,
  triangle,
  rectangle,
  diamond,
  star,
  arrow,
  heart,
  tick,
  loops,
  crumbs,
  ringWith,
];
