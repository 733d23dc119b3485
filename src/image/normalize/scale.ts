import { wholeLevel, type Plane } from '../plane.js';
import { zeros } from './zeros.js';

/** Squares of `factor x factor` pixels become their mean; beyond the plane there is 0. */
export function shrinkToMean(plane: Plane, factor: number): Plane {
  return shrink(plane, factor, addRow, (sum) => Math.round(sum / (factor * factor)));
}

/** Squares of `factor x factor` pixels become the largest of their values. */
export function shrinkToLargest(plane: Plane, factor: number): Plane {
  return shrink(plane, factor, raiseToRow, (largest) => largest);
}

/** Takes the pixels `from … to - 1` into the cells that `factor` of them each belong to. */
type TakeRow = (cells: Uint32Array, data: Uint8Array, from: number, to: number, factor: number) => void;

function shrink(
  { width, height, data }: Plane,
  factor: number,
  takeRow: TakeRow,
  finish: (cell: number) => number,
): Plane {
  const columns = Math.ceil(width / factor);
  const rows = Math.ceil(height / factor);
  const small = zeros(Uint8Array, columns * rows);
  const cells = zeros(Uint32Array, columns);
  for (let row = 0; row < rows; row++) {
    cells.fill(0);
    for (let y = row * factor; y < Math.min((row + 1) * factor, height); y++) {
      takeRow(cells, data, y * width, (y + 1) * width, factor);
    }
    for (let column = 0; column < columns; column++) small[row * columns + column] = finish(cells[column]!);
  }
  return { width: columns, height: rows, data: small };
}

const addRow: TakeRow = (cells, data, from, to, factor) => {
  for (let column = 0, i = from; i < to; column++) {
    let sum = cells[column]!;
    for (const end = Math.min(i + factor, to); i < end; i++) sum += data[i]!;
    cells[column] = sum;
  }
};

const raiseToRow: TakeRow = (cells, data, from, to, factor) => {
  for (let column = 0, i = from; i < to; column++) {
    let largest = cells[column]!;
    for (const end = Math.min(i + factor, to); i < end; i++) if (data[i]! > largest) largest = data[i]!;
    cells[column] = largest;
  }
};

/** `factor` times as large, bilinear between the middles of pixels; beyond the plane there is 0. */
export function enlarge({ width, height, data }: Plane, factor: number): Plane {
  const columns = (width + 1) * factor;
  const rows = (height + 1) * factor;
  const large = zeros(Uint8Array, columns * rows);
  let upper = zeros(Float64Array, columns);
  let lower = zeros(Float64Array, columns);
  for (let y = -1, i = 0; y < height; y++) {
    [upper, lower] = [lower, upper];
    enlargeRow(data, (y + 1) * width, y + 1 < height ? width : 0, factor, lower);
    for (let row = (y + 1) * factor; row < (y + 2) * factor; row++) {
      // Half a pixel on each side is for the way from 0 to the outermost pixels.
      const part = (row + 0.5) / factor - 1 - y;
      for (let column = 0; column < columns; column++, i++) {
        large[i] = wholeLevel(upper[column]! + part * (lower[column]! - upper[column]!));
      }
    }
  }
  return { width: columns, height: rows, data: large };
}

/** Between the middles of the pixels `first … first + count - 1` and of 0 on either side, `factor` values each. */
function enlargeRow(data: Uint8Array, first: number, count: number, factor: number, row: Float64Array): void {
  if (count === 0) row.fill(0);
  let left = 0;
  for (let x = -1, column = 0; x < count && column < row.length; x++) {
    const right = x + 1 < count ? data[first + x + 1]! : 0;
    for (const end = column + factor; column < end; column++) {
      const part = (column + 0.5) / factor - 1 - x;
      row[column] = left + part * (right - left);
    }
    left = right;
  }
}

/**
 * The cells of an axis after area averaging: how much each takes of its pixels `first … end - 1`, in pixels. Weights
 * lie `stride` apart.
 */
interface Shares {
  readonly first: Int32Array;
  readonly end: Int32Array;
  readonly stride: number;
  readonly weights: Float64Array;
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
  const narrow = zeros(Float64Array, columns * height);
  for (let y = 0; y < height; y++) {
    for (let column = 0; column < columns; column++) {
      const end = across.end[column]!;
      let sum = 0;
      for (let x = across.first[column]!, weight = column * across.stride; x < end; x++, weight++) {
        sum += across.weights[weight]! * data[y * width + x]!;
      }
      narrow[y * columns + column] = sum;
    }
  }
  const down = shares(height, rows, top, scale);
  const small = zeros(Uint8Array, columns * rows);
  const sums = zeros(Float64Array, columns);
  for (let row = 0; row < rows; row++) {
    sums.fill(0);
    const end = down.end[row]!;
    for (let y = down.first[row]!, at = row * down.stride; y < end; y++, at++) {
      const weight = down.weights[at]!;
      for (let column = 0; column < columns; column++)
        sums[column]! += weight * narrow[y * columns + column]!;
    }
    for (let column = 0; column < columns; column++) {
      small[row * columns + column] = wholeLevel(sums[column]! * scale * scale);
    }
  }
  return { width: columns, height: rows, data: small };
}

function shares(pixels: number, cells: number, start: number, scale: number): Shares {
  const first = zeros(Int32Array, cells);
  const end = zeros(Int32Array, cells);
  const stride = Math.ceil(1 / scale) + 2;
  const weights = zeros(Float64Array, cells * stride);
  for (let cell = 0; cell < cells; cell++) {
    const from = Math.max(0, (cell - start) / scale);
    const to = Math.min(pixels, (cell + 1 - start) / scale);
    if (to <= from) continue;
    first[cell] = Math.floor(from);
    end[cell] = Math.ceil(to);
    for (let x = first[cell]!, weight = cell * stride; x < end[cell]!; x++, weight++) {
      weights[weight] = Math.min(to, x + 1) - Math.max(from, x);
    }
  }
  return { first, end, stride, weights };
}
