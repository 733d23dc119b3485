/**
 * The order of the numbers that a training graph takes and gives. Blocked convolutions take their weights in blocks,
 * and flipped for the gradient by their input. Reordering them once per step costs a tenth of doing it in the graph
 * for every microbatch. During a training, all arrays per parameter are in the order in which the graph gives
 * gradients; weights files and checkpoints are in the order of the plan.
 */
import { stridePhases, type Phase } from '../../onnx/stride-phases.js';
import type { Layer, Parameter, PlannedLayer } from '../../network/network.js';

/** One tensor of parameters or gradients at the edge of a layer's part of the graph. */
export interface ParameterLayout {
  readonly shape: readonly number[];
  /** For each number, in memory order: its index among the parameters of the plan. */
  readonly indices: Int32Array;
}

/**
 * The parameters that a layer takes, in their layouts. A convolution in blocks takes its weights forward, then
 * flipped (for a stride phase by phase), then its bias.
 */
export function inputLayouts(planned: PlannedLayer, block: number | null): ParameterLayout[] {
  const { layer, parameters } = planned;
  const [weights, ...bias] = parameters;
  if (layer.kind !== 'conv' || block === null || !weights) return parameters.map(asPlanned);
  const [outputs = 0, channels = 0] = weights.shape;
  const forward = { shape: weights.shape, indices: blockedIndices(weights, block) };
  // The gradient by the image is not needed, and its channels do not fill a block.
  if (channels < block) return [forward, ...bias.map(asPlanned)];
  const turned = turnedTaps(planned).map(({ rows, columns }) => ({
    shape: [channels, outputs, rows.length, columns.length],
    indices: blockedIndices(
      weights,
      block,
      rows.flatMap((row) => columns.map((column) => row * layer.kernel + column)),
    ),
  }));
  return [forward, ...turned, ...bias.map(asPlanned)];
}

/**
 * The kernel taps for the gradient by a convolution's input: the flipped kernel, or for a stride those of each phase.
 */
function turnedTaps({
  layer,
  input,
  output,
}: PlannedLayer): { rows: readonly number[]; columns: readonly number[] }[] {
  if (layer.kind !== 'conv') throw new Error('unreachable: only convolutions have taps');
  if (layer.stride === 1) {
    const backwards = Array.from({ length: layer.kernel }, (_, i) => layer.kernel - 1 - i);
    return [{ rows: backwards, columns: backwards }];
  }
  const [down, across] = phasesOf(layer, input, output) ?? [];
  if (!down || !across) throw new Error('unreachable: without phases a stride is done plainly');
  return down.flatMap(({ taps: rows }) => across.map(({ taps: columns }) => ({ rows, columns })));
}

/** The phases of a convolution along height and width, or `null` where a stride has none. */
export function phasesOf(
  layer: Extract<Layer, { kind: 'conv' }>,
  [, height = 0, width = 0]: readonly number[],
  [, outHeight = 0, outWidth = 0]: readonly number[],
): [Phase[], Phase[]] | null {
  const down = stridePhases(height, outHeight, layer);
  const across = stridePhases(width, outWidth, layer);
  return down && across && [down, across];
}

/** The gradients that a layer gives, in their layouts; a convolution in blocks gives its own order. */
export function outputLayouts({ layer, parameters }: PlannedLayer, block: number | null): ParameterLayout[] {
  const [weights, ...bias] = parameters;
  if (layer.kind !== 'conv' || block === null || !weights) return parameters.map(asPlanned);
  const [outputs = 0, channels = 0, ...kernel] = weights.shape;
  const taps = kernel.reduce((a, b) => a * b, 1);
  const indices = new Int32Array(weights.size);
  let i = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let first = 0; first < outputs; first += block) {
      for (let tap = 0; tap < taps; tap++) {
        for (let output = first; output < first + block; output++) {
          indices[i++] = weights.offset + (output * channels + channel) * taps + tap;
        }
      }
    }
  }
  return [{ shape: [channels, outputs, ...kernel], indices }, ...bias.map(asPlanned)];
}

/**
 * The order in which `blockedConv` reads weights [O,C,K,K]: [O/B, C/B, K·K, B of C, B of O].
 * @param turned for the gradient by the input, with O and C exchanged: the taps in the order in which they are read,
 * as all of them in reverse, which flips the kernel
 */
export function blockedIndices(
  { shape, offset }: Pick<Parameter, 'shape' | 'offset'>,
  block: number,
  turned: readonly number[] | null = null,
): Int32Array {
  const [outputs = 0, channels = 0, ...kernel] = shape;
  const taps = kernel.reduce((a, b) => a * b, 1);
  const [rows, columns] = turned ? [channels, outputs] : [outputs, channels];
  const columnBlock = Math.min(block, columns);
  const order = turned ?? Array.from({ length: taps }, (_, tap) => tap);
  const indices = new Int32Array(rows * columns * order.length);
  let i = 0;
  for (let rowStart = 0; rowStart < rows; rowStart += block) {
    for (let columnStart = 0; columnStart < columns; columnStart += columnBlock) {
      for (const tap of order) {
        for (let column = columnStart; column < columnStart + columnBlock; column++) {
          for (let row = rowStart; row < rowStart + block; row++) {
            indices[i++] = turned
              ? offset + (column * channels + row) * taps + tap
              : offset + (row * channels + column) * taps + tap;
          }
        }
      }
    }
  }
  return indices;
}

function asPlanned({ shape, size, offset }: Parameter): ParameterLayout {
  return { shape, indices: Int32Array.from({ length: size }, (_, i) => offset + i) };
}

/** The indices of several layouts, concatenated. */
export function joinIndices(forms: readonly ParameterLayout[]): Int32Array {
  const joined = new Int32Array(forms.reduce((sum, { indices }) => sum + indices.length, 0));
  let offset = 0;
  for (const { indices } of forms) {
    joined.set(indices, offset);
    offset += indices.length;
  }
  return joined;
}

/** The inverse of a permutation. */
export function invertIndices(indices: Int32Array): Int32Array {
  const inverse = new Int32Array(indices.length);
  indices.forEach((index, i) => (inverse[index] = i));
  return inverse;
}

/** Copies numbers from the order of the plan into that of `indices`. */
export function gather(planned: Float32Array | Uint8Array, indices: Int32Array): Float32Array {
  return Float32Array.from(indices, (index) => planned[index]!);
}

/** Copies numbers from the order of `indices` into that of the plan. */
export function scatter(ordered: Float32Array, indices: Int32Array): Float32Array {
  const planned = new Float32Array(ordered.length);
  indices.forEach((index, i) => (planned[index] = ordered[i]!));
  return planned;
}
