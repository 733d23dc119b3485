import { sizeOf, type Pieces, type Slot, type Step } from './slot.js';
import { placesReached } from './window.js';

export interface FloatConv {
  /** `[1,C,H,W]`, channels last in memory */
  readonly input: Slot;
  /** `[1,O,H',W']`, channels last in memory */
  readonly output: Slot;
  /** `[O,C,K,L]` */
  readonly weights: Float32Array;
  readonly kernel: readonly [height: number, width: number];
  readonly stride: number;
  readonly padding: number;
  /** `[O]` */
  readonly bias: Float32Array;
}

/**
 * A convolution in floats of 32 bits, the products of an output added one after the other and each sum rounded once, as
 * by the fused multiply-add of ONNX Runtime's kernel: what follows rounds to levels, and would see a difference.
 */
export function floatConv(conv: FloatConv): Pieces {
  const { input, output, weights, kernel, stride, padding, bias } = conv;
  const [, channels = 1, height = 1, width = 1] = input.shape;
  const [, outputs = 1, outHeight = 1, outWidth = 1] = output.shape;
  const [kernelHeight, kernelWidth] = kernel;
  const depth = channels * kernelHeight * kernelWidth;
  /** `[C,K,L,O]` */
  const byInput = new Float32Array(weights.length);
  for (let i = 0; i < weights.length; i++) {
    byInput[(i % depth) * outputs + Math.floor(i / depth)] = weights[i]!;
  }
  const [from, to] = [input.data, output.data];
  const sums = new Float32Array(outputs);
  const addAt = (y: number, x: number): void => {
    for (let channel = 0, k = 0; channel < channels; channel++) {
      for (let i = 0; i < kernelHeight; i++) {
        for (let j = 0; j < kernelWidth; j++, k++) {
          const row = y + i;
          const column = x + j;
          if (row < 0 || row >= height || column < 0 || column >= width) continue;
          const value = from[(row * width + column) * channels + channel]!;
          if (value !== 0) addProducts(sums, value, byInput, k * outputs);
        }
      }
    }
  };
  return {
    input,
    inputValues: channels,
    reach: placesReached({ width, outHeight, outWidth, kernel, stride, padding }),
    count: outHeight * outWidth,
    compute(first, end) {
      for (let place = first, i = first * outputs; place < end; place++) {
        sums.fill(0);
        addAt(Math.floor(place / outWidth) * stride - padding, (place % outWidth) * stride - padding);
        for (let o = 0; o < outputs; o++, i++) to[i] = sums[o]! + bias[o]!;
      }
    },
  };
}

function addProducts(sums: Float32Array, value: number, weights: Float32Array, from: number): void {
  for (let o = 0; o < sums.length; o++) sums[o]! += value * weights[from + o]!;
}

/**
 * A row times a matrix, plus a bias.
 * @param weights `[K,O]`
 */
export function gemm(input: Slot, output: Slot, weights: Float32Array, bias: Float32Array): Step {
  const size = sizeOf(input.shape);
  const outputs = bias.length;
  const sums = new Float64Array(outputs);
  const [from, to] = [input.data, output.data];
  return () => {
    sums.set(bias);
    for (let k = 0, i = 0; k < size; k++) {
      const value = from[k]!;
      for (let o = 0; o < outputs; o++, i++) sums[o]! += value * weights[i]!;
    }
    to.set(sums);
  };
}

export function relu(input: Slot, output: Slot): Pieces {
  const [from, to] = [input.data, output.data];
  return eachValue(input, (i, end) => {
    for (; i < end; i++) to[i] = from[i]! > 0 ? from[i]! : 0;
  });
}

/** An operator whose values each come from the one in the same place. */
export function eachValue(input: Slot, compute: Pieces['compute']): Pieces {
  return { input, inputValues: 1, reach: (at, use) => use(at), count: sizeOf(input.shape), compute };
}

/** A picture that lies channels last, copied so that it lies as its shape says. */
export function toChannelsFirst(input: Slot, output: Slot): Pieces {
  const [, channels = 1] = input.shape;
  const count = sizeOf(input.shape);
  const places = count / channels;
  const [from, to] = [input.data, output.data];
  return {
    input,
    inputValues: 1,
    reach: (at, use) => use((at % channels) * places + Math.floor(at / channels)),
    count,
    compute(i, end) {
      for (; i < end; i++) to[i] = from[(i % places) * channels + Math.floor(i / places)]!;
    },
  };
}

/** Of one row. */
export function softmax(input: Slot, output: Slot): Step {
  const size = sizeOf(input.shape);
  const [from, to] = [input.data, output.data];
  return () => {
    let largest = -Infinity;
    for (let i = 0; i < size; i++) largest = Math.max(largest, from[i]!);
    let sum = 0;
    for (let i = 0; i < size; i++) {
      to[i] = Math.exp(from[i]! - largest);
      sum += to[i]!;
    }
    for (let i = 0; i < size; i++) to[i]! /= sum;
  };
}
