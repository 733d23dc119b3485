import type { Plane } from '../image/plane.js';
import { projectionOnto, type Point, type Quad } from './projection.js';
import type { CellCounts } from './rules.js';

const FIELD = {
  /** Pixels along the longer side of the copy that lines are looked for in. */
  side: 480,
  /**
   * Thresholds: lines are darker than the mean of this part of the copy around them by `darker` levels. Where shadows
   * join them to others, faint ones are left out.
   */
  around: 1 / 12,
  darker: [7, 14, 24, 36],
  /** Lines that stand out so much are the field's. */
  clear: 0.6,
  /**
   * Of the longer side of the copy, the side of a field at least; its area for one that is 12 times as long as high.
   */
  leastSide: 0.25,
  /** Pixels of the copy along a cell at least. */
  leastCell: 5,
  /**
   * The least share by which a field's lines are darker than its cells between them, measured at this number of places
   * of each.
   */
  leastDark: 0.35,
  /**
   * How much of the frame is dark, at least, of a field whose lines within are too faint or too bent, and by how much
   * darker it is than what is around it; so far beside its place, in pixels of the copy.
   */
  leastFrame: 0.7,
  darkFrame: 24,
  besideFrame: 2,
  /** Opposite sides of a field, the longer by the shorter: nobody takes photos from so far beside. */
  mostRatio: 1.8,
  places: 40,
} as const;

/**
 * Finds the printed lines of a field of cells: the grid of a table, the comb of a form.
 * @returns its corners in pixels of the picture; `undefined` where no lines are where the field's would be
 */
export function ruledFieldIn(picture: Plane, counts: CellCounts): Quad | undefined {
  const step = Math.max(1, Math.ceil(Math.max(picture.width, picture.height) / FIELD.side));
  const small = reduced(picture, step);
  const frames: Quad[] = [];
  let best: Quad | undefined;
  let most: number = FIELD.leastDark;
  for (const darker of FIELD.darker) {
    if (most > FIELD.clear) break;
    const dark = darkerThanAround(small, darker);
    for (const corners of quadsOfParts(dark, small.width, small.height)) {
      frames.push(corners);
      const contrast = contrastOfLines(corners, counts, dark, small);
      if (contrast <= most) continue;
      most = contrast;
      best = corners;
    }
  }
  best ??= darkestFrame(frames, counts, small);
  if (!best) return undefined;
  const at = ({ x, y }: Point): Point => ({ x: (x + 0.5) * step, y: (y + 0.5) * step });
  const [a, b, c, d] = best;
  return [at(a), at(b), at(c), at(d)];
}

/** The frame that is darkest, of those that a field may have. */
function darkestFrame(frames: readonly Quad[], counts: CellCounts, small: Plane): Quad | undefined {
  const isDark = within(darkerThanAround(small, FIELD.darkFrame), small);
  let darkest: Quad | undefined;
  let most: number = FIELD.leastFrame;
  for (const corners of frames) {
    if (leastCellOf(corners, counts) < FIELD.leastCell) continue;
    const { toPicture } = projectionOnto(corners);
    let dark = 0;
    for (let place = 0; place < FIELD.places; place++) {
      const along = (place + 0.5) / FIELD.places;
      for (const end of [0, 1]) {
        dark +=
          isDark(toPicture(end, along), FIELD.besideFrame) + isDark(toPicture(along, end), FIELD.besideFrame);
      }
    }
    const share = dark / (4 * FIELD.places);
    if (share <= most) continue;
    most = share;
    darkest = corners;
  }
  return darkest;
}

/** Whether opposite sides are about as long. */
function isEven([a, b, c, d]: Quad): boolean {
  const away = (p: Point, q: Point): number => Math.max(1, Math.hypot(p.x - q.x, p.y - q.y));
  const ratios = [away(a, b) / away(d, c), away(a, d) / away(b, c)];
  return ratios.every((ratio) => ratio < FIELD.mostRatio && ratio > 1 / FIELD.mostRatio);
}

/** The shorter side of a cell. */
function leastCellOf([a, b, , d]: Quad, { columns, rows }: CellCounts): number {
  return Math.min(Math.hypot(b.x - a.x, b.y - a.y) / columns, Math.hypot(d.x - a.x, d.y - a.y) / rows);
}

/** Tells whether there is a dark pixel at a place, or so near to it: 1 or 0. */
function within(dark: Uint8Array, { width, height }: Plane): (place: Point, reach: number) => number {
  return (place, reach) => {
    const [x, y] = [Math.round(place.x), Math.round(place.y)];
    for (let row = Math.max(0, y - reach); row <= Math.min(height - 1, y + reach); row++) {
      for (let column = Math.max(0, x - reach); column <= Math.min(width - 1, x + reach); column++) {
        if (dark[row * width + column] === 1) return 1;
      }
    }
    return 0;
  };
}

/** How much of a field's lines is dark, less how much is halfway between them; 0 where cells are too small. */
function contrastOfLines(corners: Quad, counts: CellCounts, dark: Uint8Array, small: Plane): number {
  if (leastCellOf(corners, counts) < FIELD.leastCell) return 0;
  const { columns, rows } = counts;
  const { toPicture } = projectionOnto(corners);
  const isNear = within(dark, small);
  const isDark = (u: number, v: number, reach: number): number => isNear(toPicture(u, v), reach);
  let lines = 0;
  let between = 0;
  for (let place = 0; place < FIELD.places; place++) {
    const along = (place + 0.5) / FIELD.places;
    for (let column = 0; column <= columns; column++) lines += isDark(column / columns, along, 1);
    for (let row = 0; row <= rows; row++) lines += isDark(along, row / rows, 1);
    for (let column = 0; column < columns; column++) between += isDark((column + 0.5) / columns, along, 0);
    for (let row = 0; row < rows; row++) between += isDark(along, (row + 0.5) / rows, 0);
  }
  return lines / (FIELD.places * (columns + rows + 2)) - between / (FIELD.places * (columns + rows));
}

/** The mean of each square. */
function reduced({ width, height, data }: Plane, step: number): Plane {
  const columns = Math.floor(width / step);
  const rows = Math.floor(height / step);
  const small = new Uint8Array(columns * rows);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i++) {
      let sum = 0;
      for (let y = row * step; y < (row + 1) * step; y++) {
        for (let x = column * step; x < (column + 1) * step; x++) sum += data[y * width + x]!;
      }
      small[i] = sum / step ** 2;
    }
  }
  return { width: columns, height: rows, data: small };
}

/** Bradley and Roth, "Adaptive thresholding using the integral image", 2007. @returns 1 where it is dark */
function darkerThanAround({ width, height, data }: Plane, darker: number): Uint8Array {
  const reach = Math.max(2, Math.round((Math.max(width, height) * FIELD.around) / 2));
  const sums = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0, row = 0; x < width; x++) {
      row += data[y * width + x]!;
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1]! + row;
    }
  }
  const dark = new Uint8Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    const [top, bottom] = [Math.max(0, y - reach), Math.min(height, y + reach + 1)];
    for (let x = 0; x < width; x++, i++) {
      const [left, right] = [Math.max(0, x - reach), Math.min(width, x + reach + 1)];
      const sum =
        sums[bottom * (width + 1) + right]! -
        sums[top * (width + 1) + right]! -
        sums[bottom * (width + 1) + left]! +
        sums[top * (width + 1) + left]!;
      dark[i] = data[i]! < sum / ((right - left) * (bottom - top)) - darker ? 1 : 0;
    }
  }
  return dark;
}

/** The corners of each part of dark pixels that hold together and reach far. */
function quadsOfParts(dark: Uint8Array, width: number, height: number): Quad[] {
  const quads: Quad[] = [];
  const left = Uint8Array.from(dark);
  const least = (FIELD.leastSide * Math.max(width, height)) ** 2 / 12;
  const stack = new Int32Array(width * height);
  for (let start = 0; start < left.length; start++) {
    if (left[start] === 0) continue;
    let count = 0;
    stack[count++] = start;
    left[start] = 0;
    const corners = createCorners(start % width, Math.floor(start / width));
    while (count > 0) {
      const at = stack[--count]!;
      const [x, y] = [at % width, Math.floor(at / width)];
      corners.take(x, y);
      for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
        for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
          const next = row * width + column;
          if (left[next] === 0) continue;
          left[next] = 0;
          stack[count++] = next;
        }
      }
    }
    const quad = corners.quad();
    if (areaOf(quad) >= least && isEven(quad)) quads.push(quad);
  }
  return quads;
}

/** The pixels that lie farthest towards each corner. */
function createCorners(x: number, y: number): { take(x: number, y: number): void; quad(): Quad } {
  const first = { x, y };
  const farthest: [Point, Point, Point, Point] = [first, first, first, first];
  const most = [-x - y, x - y, x + y, y - x];
  return {
    take(atX, atY) {
      const reach = [-atX - atY, atX - atY, atX + atY, atY - atX];
      for (let corner = 0; corner < 4; corner++) {
        if (reach[corner]! <= most[corner]!) continue;
        most[corner] = reach[corner]!;
        farthest[corner] = { x: atX, y: atY };
      }
    },
    quad: () => farthest,
  };
}

/** By the shoelace formula. */
function areaOf(quad: Quad): number {
  let twice = 0;
  quad.forEach((point, i) => {
    const next = quad[(i + 1) % 4] ?? point;
    twice += point.x * next.y - next.x * point.y;
  });
  return Math.abs(twice) / 2;
}
