/** A place in a picture, in its pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** From the upper left, clockwise. */
export type Quad = readonly [Point, Point, Point, Point];

/** Rows of a 3x3 matrix. */
type Matrix = readonly [number, number, number, number, number, number, number, number, number];

/** From the unit square to a quadrilateral and back, straight lines staying straight. */
export interface Projection {
  /** From 0..1 across and down to the picture. */
  readonly toPicture: (u: number, v: number) => Point;
  /** From the picture to 0..1 across and down; outside of the quadrilateral, beyond that. */
  readonly toSquare: (point: Point) => { readonly u: number; readonly v: number };
}

/** The projection of the unit square onto a convex quadrilateral: Heckbert, "Fundamentals of texture mapping", 1989. */
export function projectionOnto([a, b, c, d]: Quad): Projection {
  const [dx1, dx2, sx] = [b.x - c.x, d.x - c.x, a.x - b.x + c.x - d.x];
  const [dy1, dy2, sy] = [b.y - c.y, d.y - c.y, a.y - b.y + c.y - d.y];
  const determinant = dx1 * dy2 - dx2 * dy1;
  const g = (sx * dy2 - dx2 * sy) / determinant;
  const h = (dx1 * sy - sx * dy1) / determinant;
  const matrix: Matrix = [
    b.x - a.x + g * b.x,
    d.x - a.x + h * d.x,
    a.x,
    b.y - a.y + g * b.y,
    d.y - a.y + h * d.y,
    a.y,
    g,
    h,
    1,
  ];
  const inverse = adjugate(matrix);
  return {
    toPicture(u, v) {
      const [x, y] = project(matrix, u, v);
      return { x, y };
    },
    toSquare({ x, y }) {
      const [u, v] = project(inverse, x, y);
      return { u, v };
    },
  };
}

function project([a, b, c, d, e, f, g, h, i]: Matrix, x: number, y: number): readonly [number, number] {
  const w = g * x + h * y + i;
  return [(a * x + b * y + c) / w, (d * x + e * y + f) / w];
}

/** The inverse but for a factor, which a projection does not see. */
function adjugate([a, b, c, d, e, f, g, h, i]: Matrix): Matrix {
  return [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ];
}
