import type { Plane } from './plane.js';

/** Squares of `factor x factor` pixels become their mean; beyond the plane there is 0. */
export function shrinkToMean(plane: Plane, factor: number): Plane {
  return shrink(
    plane,
    factor,
    (sum) => Math.round(sum / (factor * factor)),
    (a, b) => a + b,
  );
}

/** Squares of `factor x factor` pixels become the largest of their values. */
export function shrinkToLargest(plane: Plane, factor: number): Plane {
  return shrink(plane, factor, (largest) => largest, Math.max);
}

function shrink(
  { width, height, data }: Plane,
  factor: number,
  finish: (value: number) => number,
  add: (a: number, b: number) => number,
): Plane {
  const columns = Math.ceil(width / factor);
  const rows = Math.ceil(height / factor);
  const small = new Uint8Array(columns * rows);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i++) {
      let value = 0;
      for (let y = row * factor; y < Math.min((row + 1) * factor, height); y++) {
        for (let x = column * factor; x < Math.min((column + 1) * factor, width); x++) {
          value = add(value, data[y * width + x]!);
        }
      }
      small[i] = finish(value);
    }
  }
  return { width: columns, height: rows, data: small };
}

/** `factor` times as large, bilinear between the middles of pixels; beyond the plane there is 0. */
export function enlarge({ width, height, data }: Plane, factor: number): Plane {
  const levelAt = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : data[y * width + x]!;
  const columns = (width + 1) * factor;
  const rows = (height + 1) * factor;
  const large = new Uint8Array(columns * rows);
  for (let row = 0, i = 0; row < rows; row++) {
    // Half a pixel on each side is for the way from 0 to the outermost pixels.
    const down = (row + 0.5) / factor - 1;
    const y = Math.floor(down);
    for (let column = 0; column < columns; column++, i++) {
      const across = (column + 0.5) / factor - 1;
      const x = Math.floor(across);
      const upper = levelAt(x, y) + (across - x) * (levelAt(x + 1, y) - levelAt(x, y));
      const lower = levelAt(x, y + 1) + (across - x) * (levelAt(x + 1, y + 1) - levelAt(x, y + 1));
      large[i] = Math.round(upper + (down - y) * (lower - upper));
    }
  }
  return { width: columns, height: rows, data: large };
}

/** One cell of an axis after area averaging: how much it takes of the pixels `first …`, in pixels. */
interface Share {
  readonly first: number;
  readonly weights: readonly number[];
}

/**
 * Area averaging: the plane, scaled by `scale`, is laid onto `columns x rows` cells with its upper left corner at
 * (`left`, `top`), in cells; each cell becomes the mean of what lies under it, nothing being 0.
 */
export function averageOnto(
  { width, height, data }: Plane,
  target: {
    readonly columns: number;
    readonly rows: number;
    readonly left: number;
    readonly top: number;
    readonly scale: number;
  },
): Plane {
  const { columns, rows, left, top, scale } = target;
  const across = shares(width, columns, left, scale);
  const down = shares(height, rows, top, scale);
  const narrow = new Float64Array(columns * height);
  for (let y = 0; y < height; y++) {
    across.forEach(({ first, weights }, column) => {
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += weights[i]! * data[y * width + first + i]!;
      narrow[y * columns + column] = sum;
    });
  }
  const small = new Uint8Array(columns * rows);
  down.forEach(({ first, weights }, row) => {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += weights[i]! * narrow[(first + i) * columns + column]!;
      small[row * columns + column] = Math.round(sum * scale * scale);
    }
  });
  return { width: columns, height: rows, data: small };
}

function shares(pixels: number, cells: number, start: number, scale: number): readonly Share[] {
  return Array.from({ length: cells }, (_, cell) => {
    const from = Math.max(0, (cell - start) / scale);
    const to = Math.min(pixels, (cell + 1 - start) / scale);
    if (to <= from) return { first: 0, weights: [] };
    const first = Math.floor(from);
    const last = Math.ceil(to) - 1;
    const weights = Array.from(
      { length: last - first + 1 },
      (_unused, i) => Math.min(to, first + i + 1) - Math.max(from, first + i),
    );
    return { first, weights };
  });
}
