import {
  inputsThatMatter,
  LANES,
  lowerOf,
  packWeights,
  sumProducts,
  upperOf,
  type PackedWeights,
} from './packed-weights.js';
import { eachValue } from './float-layers.js';
import { levelOf, type Pieces, type Slot, type Step } from './slot.js';

/** A convolution of levels 0…255 with weights of 8 bits, or a matrix product: one over a picture of one pixel. */
export interface IntegerLayer {
  /** `[1,H,W,C]`, in doubles */
  readonly input: Slot;
  /** `[1,H',W',O]`; levels in doubles, or the real numbers that the sums stand for */
  readonly output: Slot;
  /** `[O,C,K,L]` */
  readonly weights: Int8Array;
  readonly kernel: readonly [height: number, width: number];
  readonly stride: number;
  /** Zeros around the picture, on all four sides. */
  readonly padding: number;
  /** `[O]`, added to the sums */
  readonly bias: Int32Array;
  /** `[O]`: of each output's sum */
  readonly scales: Float32Array;
  /** Whether the output is rounded to levels. */
  readonly isRounded: boolean;
}

/** A layer with its weights laid out for the loops. */
export interface PackedLayer extends IntegerLayer {
  readonly packed: PackedWeights;
}

/** @returns `null` where sums would not fit */
export function packLayer(layer: IntegerLayer): PackedLayer | null {
  const [, , , channels = 1] = layer.input.shape;
  const [, , , outputs = 1] = layer.output.shape;
  const depth = layer.kernel[0] * layer.kernel[1] * channels;
  const packed = packWeights(channelsLast(layer.weights, channels, layer.kernel), outputs, depth);
  return packed && { ...layer, packed };
}

/** What computes the layer, with ONNX Runtime's integers and roundings. */
export function integerStep(layer: PackedLayer): Step {
  const { input, output, kernel, stride, padding, packed } = layer;
  const finish = finisher(layer);
  const [, height = 1, width = 1, channels = 1] = input.shape;
  const [, outHeight = 1, outWidth = 1] = output.shape;
  const [kernelHeight, kernelWidth] = kernel;
  const paddedWidth = width + 2 * padding;
  const rowStep = paddedWidth * channels;
  const padded = padding > 0 ? new Float64Array((height + 2 * padding) * rowStep) : null;
  /** Where the inputs of each output begin. */
  const starts = new Int32Array(outHeight * outWidth);
  for (let i = 0; i < starts.length; i++) {
    const y = Math.floor(i / outWidth) * stride;
    starts[i] = y * rowStep + (i % outWidth) * stride * channels;
  }
  const sums = new Float64Array(2 * LANES);
  const { weights, groups, depth } = packed;
  const rowLength = kernelWidth * channels;
  const matters = Array.from({ length: groups }, (_, group) => inputsThatMatter(packed, group, rowLength));
  const weightStep = rowLength * LANES;
  const source = input.data;
  if (!(source instanceof Float64Array)) throw new Error('unreachable: levels are held in doubles');
  return () => {
    if (padded) layWithin(source, height, width * channels, padded, padding, channels);
    const inputs = padded ?? source;
    for (let group = 0; group < groups; group++) {
      const { from, to } = matters[group]!;
      const firstWeight = (group * depth + from) * LANES;
      for (let i = 0; i < starts.length; i += 2) {
        const next = Math.min(i + 1, starts.length - 1);
        const [a, b] = [starts[i]! + from, starts[next]! + from];
        sumProducts(inputs, a, b, kernelHeight, to - from, rowStep, weights, firstWeight, weightStep, sums);
        finish(sums, 0, group, i);
        if (next > i) finish(sums, LANES, group, next);
      }
    }
  };
}

/** Writes what a group's sums stand for to one place of the output. */
function finisher({
  output,
  bias,
  scales,
  isRounded,
  packed: { outputs },
}: PackedLayer): (sums: Float64Array, from: number, group: number, place: number) => void {
  const { data } = output;
  return (sums, from, group, place) => {
    const first = 2 * LANES * group;
    const to = place * outputs;
    for (let lane = 0, channel = first; lane < LANES && channel < outputs; lane++, channel += 2) {
      const sum = sums[from + lane]!;
      const upper = upperOf(sum);
      data[to + channel] = valueOf(lowerOf(sum, upper), bias[channel]!, scales[channel]!, isRounded);
      const other = channel + 1;
      if (other >= outputs) break;
      data[to + other] = valueOf(upper, bias[other]!, scales[other]!, isRounded);
    }
  };
}

/** What a sum stands for: ONNX Runtime makes floats of 32 bits of the integers before it multiplies. */
export function valueOf(sum: number, bias: number, scale: number, isRounded: boolean): number {
  const value = Math.fround(Math.fround(sum + bias) * scale);
  return isRounded ? levelOf(value) : value;
}

/** Copies a picture into the middle of one that is larger by `padding` on all sides, which stays 0. */
function layWithin(
  picture: Float64Array,
  height: number,
  rowLength: number,
  padded: Float64Array,
  padding: number,
  channels: number,
): void {
  const step = rowLength + 2 * padding * channels;
  for (let y = 0; y < height; y++) {
    const row = picture.subarray(y * rowLength, (y + 1) * rowLength);
    padded.set(row, (y + padding) * step + padding * channels);
  }
}

/** Kernels `[O,C,K,L]` as `[O,K,L,C]`. */
function channelsLast(
  weights: Int8Array,
  channels: number,
  [height, width]: readonly [number, number],
): Int8Array {
  const places = height * width;
  if (places === 1) return weights;
  const turned = new Int8Array(weights.length);
  const size = channels * places;
  for (let i = 0; i < weights.length; i++) {
    const at = i % size;
    turned[i - at + (at % places) * channels + Math.floor(at / places)] = weights[i]!;
  }
  return turned;
}

/** The largest of each square of 2 x 2 levels; a last row or column that fills none is left out. */
export function maxPool(input: Slot, output: Slot): Pieces {
  const [, , width = 1, channels = 1] = input.shape;
  const [, outHeight = 1, outWidth = 1] = output.shape;
  const [from, to] = [input.data, output.data];
  const row = width * channels;
  return {
    input,
    inputValues: channels,
    reach(place, use) {
      const y = Math.floor(place / width) >> 1;
      const x = (place % width) >> 1;
      if (y < outHeight && x < outWidth) use(y * outWidth + x);
    },
    count: outHeight * outWidth,
    compute(first, endPlace) {
      for (let place = first, i = first * channels; place < endPlace; place++) {
        let at = 2 * (Math.floor(place / outWidth) * row + (place % outWidth) * channels);
        for (const end = at + channels; at < end; at++, i++) {
          const upper = Math.max(from[at]!, from[at + channels]!);
          to[i] = Math.max(upper, from[at + row]!, from[at + row + channels]!);
        }
      }
    },
  };
}

/** Real numbers as the nearest of 0…255 times `scale`. */
export function quantize(input: Slot, output: Slot, scale: number): Pieces {
  const [from, to] = [input.data, output.data];
  return eachValue(input, (i, end) => {
    for (; i < end; i++) to[i] = levelOf(Math.fround(from[i]! / scale));
  });
}

/** The real numbers that levels stand for. */
export function dequantize(input: Slot, output: Slot, scale: number): Pieces {
  const [from, to] = [input.data, output.data];
  return eachValue(input, (i, end) => {
    for (; i < end; i++) to[i] = from[i]! * scale;
  });
}
