import { floatConv, gemm, relu, softmax, toChannelsFirst } from './float-layers.js';
import { dequantize, maxPool, quantize, type IntegerLayer } from './integer-layers.js';
import { inPieces, likeSlot, summed, type Operation } from './operation.js';
import { sizeOf, type Presence, type Slot } from './slot.js';
import {
  floatOf,
  ofType,
  OTHER_FORM,
  outputSize,
  requireZeros,
  stridesOf,
  type Surroundings,
} from './surroundings.js';

type Operator = (around: Surroundings) => Operation;

/** The operators that `inkdigit quantize` writes, by their names. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['Conv', conv],
  ['QLinearConv', qLinearConv],
  ['QGemm', qGemm],
  ['Gemm', floatGemm],
  ['NhwcMaxPool', nhwcMaxPool],
  ['QuantizeLinear', (around) => scaled(around, true)],
  ['DequantizeLinear', (around) => scaled(around, false)],
  ['Relu', reluOfAll],
  ['Softmax', softmaxOfRow],
  ['Identity', ({ slot }) => ({ output: slot(0) })],
  ['Transpose', transpose],
  ['Flatten', flatten],
  ['Reshape', reshape],
  ['Slice', slice],
  ['ReduceMax', reduceMax],
  ['Less', less],
  ['NonZero', nonZero],
  ['GatherND', gatherRows],
  ['ScatterND', scatterRows],
]);

function scaled(around: Surroundings, isQuantizing: boolean): Operation {
  const input = around.slot(0);
  requireZeros(around, 2);
  const scale = floatOf(around, 1);
  const output = likeSlot(input, input.shape, isQuantizing ? 'levels' : 'floats', input.isChannelsLast);
  return inPieces(output, (isQuantizing ? quantize : dequantize)(input, output, scale));
}

function reluOfAll({ slot }: Surroundings): Operation {
  const input = slot(0);
  const output = likeSlot(input, input.shape, 'floats', input.isChannelsLast);
  return inPieces(output, relu(input, output));
}

function softmaxOfRow({ slot }: Surroundings): Operation {
  const input = slot(0);
  const output = likeSlot(input, input.shape, 'floats');
  return { output, step: softmax(input, output) };
}

function conv(around: Surroundings): Operation {
  const input = around.slot(0);
  const { shape, values } = around.constant(1);
  const [outputs = 0, ofChannels, kernelHeight = 0, kernelWidth = 0] = shape;
  const [, channels, height = 0, width = 0] = input.shape;
  const { stride, padding } = stridesOf(around);
  const isPicture = input.shape.length === 4 && input.isChannelsLast && ofChannels === channels;
  if (!isPicture) throw around.refuse(OTHER_FORM);
  const output = likeSlot(
    input,
    [
      1,
      outputs,
      outputSize(height, kernelHeight, stride, padding),
      outputSize(width, kernelWidth, stride, padding),
    ],
    'floats',
    true,
  );
  const pieces = floatConv({
    input,
    output,
    weights: ofType(values, Float32Array, around),
    kernel: [kernelHeight, kernelWidth],
    stride,
    padding,
    bias: ofType(around.constant(2).values, Float32Array, around),
  });
  return inPieces(output, pieces);
}

function qLinearConv(around: Surroundings): Operation {
  const input = around.slot(0);
  const { shape, values } = around.constant(3);
  const [outputs = 0, ofChannels, kernelHeight = 0, kernelWidth = 0] = shape;
  const [, height = 0, width = 0, channels] = input.shape;
  const { stride, padding } = stridesOf(around);
  for (const place of [2, 5, 7]) requireZeros(around, place);
  if (around.attributes.get('channels_last')?.[0] !== 1 || ofChannels !== channels) {
    throw around.refuse(OTHER_FORM);
  }
  const output = likeSlot(
    input,
    [
      1,
      outputSize(height, kernelHeight, stride, padding),
      outputSize(width, kernelWidth, stride, padding),
      outputs,
    ],
    'levels',
  );
  const outputScale = floatOf(around, 6);
  const layer: IntegerLayer = {
    input,
    output,
    weights: ofType(values, Int8Array, around),
    kernel: [kernelHeight, kernelWidth],
    stride,
    padding,
    bias: ofType(around.constant(8).values, Int32Array, around),
    scales: scalesOf(around).map((scale) => Math.fround(scale / outputScale)),
    isRounded: true,
  };
  return summed(layer, output, around);
}

function qGemm(around: Surroundings): Operation {
  const input = around.slot(0);
  const { shape, values } = around.constant(3);
  const [outputs = 0, depth = 0] = shape;
  requireZeros(around, 2);
  requireZeros(around, 5);
  if (input.shape[1] !== depth || around.attributes.get('transB')?.[0] !== 1) {
    throw around.refuse(OTHER_FORM);
  }
  const output = likeSlot(input, [1, outputs], 'floats');
  const layer: IntegerLayer = {
    input: { ...input, shape: [1, 1, 1, depth] },
    output: { ...output, shape: [1, 1, 1, outputs] },
    weights: ofType(values, Int8Array, around),
    kernel: [1, 1],
    stride: 1,
    padding: 0,
    bias: ofType(around.constant(6).values, Int32Array, around),
    scales: scalesOf(around),
    isRounded: false,
  };
  return summed(layer, output, around);
}

/** The input's scale times those of the weights (the inputs 1 and 4), each product rounded as floats are. */
function scalesOf(around: Surroundings): Float32Array {
  const inputScale = floatOf(around, 1);
  return ofType(around.constant(4).values, Float32Array, around).map((scale) => inputScale * scale);
}

function floatGemm(around: Surroundings): Operation {
  const input = around.slot(0);
  const { shape, values } = around.constant(1);
  const [depth, outputs = 0] = shape;
  const isTransposed = ['transA', 'transB'].some((name) => around.attributes.get(name)?.[0] === 1);
  if (input.shape[1] !== depth || isTransposed) throw around.refuse(OTHER_FORM);
  const output = likeSlot(input, [1, outputs], 'floats');
  const bias = ofType(around.constant(2).values, Float32Array, around);
  return { output, step: gemm(input, output, ofType(values, Float32Array, around), bias) };
}

function nhwcMaxPool(around: Surroundings): Operation {
  const input = around.slot(0);
  const sizes = ['kernel_shape', 'strides'].flatMap((name) => around.attributes.get(name) ?? []);
  if (sizes.join() !== '2,2,2,2') throw around.refuse(OTHER_FORM);
  const [, height = 0, width = 0, channels = 0] = input.shape;
  const output = likeSlot(input, [1, height >> 1, width >> 1, channels], 'levels');
  return inPieces(output, maxPool(input, output));
}

/** Nothing moves: a picture's channels are last in memory, whichever axis they are. */
function transpose(around: Surroundings): Operation {
  const input = around.slot(0);
  const permutation = around.attributes.get('perm') ?? [];
  const shape = permutation.map((axis) => input.shape[axis] ?? 0);
  const order = permutation.join();
  if (order === '0,2,3,1' && input.isChannelsLast) {
    return { output: { ...input, shape, isChannelsLast: false } };
  }
  if (order === '0,3,1,2' && !input.isChannelsLast) {
    return { output: { ...input, shape, isChannelsLast: true } };
  }
  if (order === '1,0' && input.shape.includes(1)) return { output: { ...input, shape } };
  throw around.refuse(OTHER_FORM);
}

function flatten({ slot }: Surroundings): Operation {
  const input = slot(0);
  const shape = [1, sizeOf(input.shape)];
  if (!input.isChannelsLast) return { output: { ...input, shape } };
  const output = likeSlot(input, shape, input.data instanceof Float64Array ? 'levels' : 'floats');
  return inPieces(output, toChannelsFirst(input, output));
}

function reshape(around: Surroundings): Operation {
  const input = around.slot(0);
  // 0 is whatever the input has.
  const shape = Array.from(around.constant(1).values, (size, axis) => size || (input.shape[axis] ?? 0));
  if (input.isChannelsLast || sizeOf(shape) !== sizeOf(input.shape)) throw around.refuse(OTHER_FORM);
  return { output: { ...input, shape } };
}

function slice(around: Surroundings): Operation {
  const input = around.slot(0);
  const [from = -1, to = -1, axis, step] = [1, 2, 3, 4].map((place) => around.constant(place).values[0]);
  if (input.shape.length !== 2 || axis !== 1 || step !== 1 || from < 0 || to > sizeOf(input.shape)) {
    throw around.refuse(OTHER_FORM);
  }
  return { output: { ...input, shape: [1, to - from], data: input.data.subarray(from, to) } };
}

function reduceMax(around: Surroundings): Operation {
  const input = around.slot(0);
  if (input.shape.length !== 2 || around.attributes.get('axes')?.join() !== '1') {
    throw around.refuse(OTHER_FORM);
  }
  const output = likeSlot(input, [1], 'floats');
  const [from, to] = [input.data, output.data];
  return { output, step: () => void (to[0] = Math.max(...from)) };
}

function less(around: Surroundings): Operation {
  const input = around.slot(0);
  const limit = floatOf(around, 1);
  const output = likeSlot(input, input.shape, 'floats');
  const [from, to] = [input.data, output.data];
  const step = (): void => {
    for (let i = 0; i < to.length; i++) to[i] = from[i]! < limit ? 1 : 0;
  };
  return { output, step };
}

/** Of one image: whether it is among those that its condition holds for. */
function nonZero(around: Surroundings): Operation {
  const input = around.slot(0);
  if (input.shape.join() !== '1') throw around.refuse(OTHER_FORM);
  const presence: Presence = { isThere: false };
  const output: Slot = { shape: [1, 1], data: new Float32Array(1), isChannelsLast: false, presence };
  const { data, presence: ofInput } = input;
  return {
    output,
    step: () => void (presence.isThere = ofInput.isThere && data[0] !== 0),
    isAlwaysRun: true,
  };
}

/** The image itself, where it is among those that are taken. */
function gatherRows({ slot }: Surroundings): Operation {
  return { output: { ...slot(0), presence: slot(1).presence } };
}

/** What was computed of those that were taken, in the place of what was there. */
function scatterRows({ slot, refuse }: Surroundings): Operation {
  const [all, places, rows] = [slot(0), slot(1), slot(2)];
  if (all.shape.join() !== rows.shape.join()) throw refuse(OTHER_FORM);
  const output = likeSlot(all, all.shape, 'floats');
  return { output, step: () => output.data.set(places.presence.isThere ? rows.data : all.data) };
}
