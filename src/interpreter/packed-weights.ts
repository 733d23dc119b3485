/** Sums of products of 0…255 with weights of 8 bits fit between -2^25 and 2^25, so that two of them share a number. */
const SHIFT = 2 ** 26;
const HALF = SHIFT / 2;

/** The upper one of the two may be so large that the number is whole still: below 2^53. */
const MOST_UPPER = 2 ** 26;

/** Lanes that one pass over the inputs sums, each of two output channels. */
export const LANES = 4;
const CHANNELS = 2 * LANES;

/**
 * Weights of 8 bits laid out for sums in doubles: a double holds the weights of two output channels, lower +
 * 2^26 x upper. A product with a level 0…255 and a sum of such products have both channels in them, exactly, so that
 * one multiplication does the work of two.
 */
export interface PackedWeights {
  /** `[groups, depth, LANES]`; what is missing to a whole group is 0. */
  readonly weights: Float64Array;
  readonly groups: number;
  /** Inputs of one output. */
  readonly depth: number;
  readonly outputs: number;
}

/**
 * @param weights `[outputs, depth]`, whole numbers of 8 bits
 * @returns `null` where sums would not fit: far more inputs than any network here has
 */
export function packWeights(weights: Int8Array, outputs: number, depth: number): PackedWeights | null {
  const groups = Math.ceil(outputs / CHANNELS);
  const packed = new Float64Array(groups * depth * LANES);
  for (let output = 0; output < outputs; output++) {
    const isUpper = output % 2 === 1;
    const lane = (output % CHANNELS) >> 1;
    const from = Math.floor(output / CHANNELS) * depth * LANES + lane;
    let largest = 0;
    for (let k = 0; k < depth; k++) {
      const weight = weights[output * depth + k]!;
      largest += 255 * Math.abs(weight);
      packed[from + k * LANES]! += isUpper ? weight * SHIFT : weight;
    }
    if (largest >= (isUpper ? MOST_UPPER : HALF)) return null;
  }
  return { weights: packed, groups, depth, outputs };
}

/** The upper of two sums that share a number. */
export function upperOf(sum: number): number {
  return Math.floor(sum / SHIFT + 0.5);
}

/** The lower one. @param upper as `upperOf` has it */
export function lowerOf(sum: number, upper: number): number {
  return sum - upper * SHIFT;
}

/**
 * Which inputs of each row of a kernel matter to a group: at the ends the weights of all rows may be 0. Kernels over
 * pairs of columns (`paired-columns.ts` of the quantizer) have a quarter of such weights.
 * @param length inputs of a row
 * @returns `from` … `to - 1`
 */
export function inputsThatMatter(
  { weights, depth }: PackedWeights,
  group: number,
  length: number,
): { readonly from: number; readonly to: number } {
  const first = group * depth * LANES;
  const matters = (place: number): boolean => {
    for (let k = place; k < depth; k += length) {
      for (let lane = 0; lane < LANES; lane++) if (weights[first + k * LANES + lane] !== 0) return true;
    }
    return false;
  };
  let [from, to] = [0, length];
  while (from < to && !matters(from)) from++;
  while (to > from && !matters(to - 1)) to--;
  return { from, to };
}

/**
 * Sums the products of two runs of inputs with the weights of one group: `rows` pieces of `length` inputs, `step`
 * apart, with weights that are `weightStep` apart.
 * @param sums `[2 x LANES]`: of the run at `first`, then of that at `second`
 */
export function sumProducts(
  inputs: Float64Array,
  first: number,
  second: number,
  rows: number,
  length: number,
  step: number,
  weights: Float64Array,
  from: number,
  weightStep: number,
  sums: Float64Array,
): void {
  const other = second - first;
  let a0 = 0;
  let a1 = 0;
  let a2 = 0;
  let a3 = 0;
  let b0 = 0;
  let b1 = 0;
  let b2 = 0;
  let b3 = 0;
  for (let row = 0; row < rows; row++) {
    const start = first + row * step;
    const end = start + length;
    for (let i = start, k = from + row * weightStep; i < end; i++, k += LANES) {
      const a = inputs[i]!;
      const b = inputs[i + other]!;
      const w0 = weights[k]!;
      const w1 = weights[k + 1]!;
      const w2 = weights[k + 2]!;
      const w3 = weights[k + 3]!;
      a0 += a * w0;
      a1 += a * w1;
      a2 += a * w2;
      a3 += a * w3;
      b0 += b * w0;
      b1 += b * w1;
      b2 += b * w2;
      b3 += b * w3;
    }
  }
  sums[0] = a0;
  sums[1] = a1;
  sums[2] = a2;
  sums[3] = a3;
  sums[4] = b0;
  sums[5] = b1;
  sums[6] = b2;
  sums[7] = b3;
}
