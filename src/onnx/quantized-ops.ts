/**
 * Operators over whole numbers that stand for real ones, real = scale * integer: activations are uint8, weights int8
 * with a scale for each output channel. Pictures have their channels last, `[N,H,W,C]`, as ONNX Runtime's kernels for
 * 8 bits read them. Source of those that are not standard: onnxruntime/docs/ContribOperators.md
 */
import { knownShape, MICROSOFT_DOMAIN, shapeError, type Value } from './graph.js';
import { one } from './ops.js';
import { convAttributes, convShape, type ConvOptions } from './picture-ops.js';
import type { Attribute, Dim } from './proto.js';

/** x as the nearest of 0…255 times `scale`, ties to the even one: uint8 */
export function quantizeLinear(x: Value, scale: number): Value {
  return one('QuantizeLinear', [x, x.graph.scalar(scale), zeroOf(x)], x.shape, {}, 'uint8');
}

/** The real numbers that x (uint8) stands for. */
export function dequantizeLinear(x: Value, scale: number): Value {
  return one('DequantizeLinear', [x, x.graph.scalar(scale), zeroOf(x)], x.shape, {}, 'float32');
}

/** What a layer of whole numbers has beside its weights. */
export interface IntegerLayerOptions {
  /** int32 `[O]`, in units of inputScale * weightScales[o] */
  readonly bias: Value;
  readonly inputScale: number;
  /** float32 `[O]`: of each output channel */
  readonly weightScales: Value;
}

export interface QLinearConvOptions extends Omit<ConvOptions, 'bias'>, IntegerLayerOptions {
  readonly outputScale: number;
}

/**
 * Convolution of x (uint8 `[N,H,W,C]`) with `weights` (int8 `[O,C,K,L]`): uint8 `[N,H',W',O]`. Products are summed in
 * 32 bits; the sum times inputScale * weightScales[o] / outputScale is rounded, ties to the even number, and brought
 * within 0…255: a relu as well.
 */
export function qLinearConv(
  x: Value,
  weights: Value,
  { bias, inputScale, weightScales, outputScale, stride = 1, padding = 0 }: QLinearConvOptions,
): Value {
  const { n, height, width, channels } = pictureOf('QLinearConv', x);
  const channelsFirst = { ...x, shape: [n, channels, height, width] };
  const [, o = 0, outHeight = 0, outWidth = 0] = convShape('QLinearConv', channelsFirst, weights, {
    bias,
    stride,
    padding,
  });
  const { graph } = x;
  const inputs = [x, graph.scalar(inputScale), zeroOf(x), weights, weightScales] as const;
  const outputs = [graph.scalar(outputScale), zeroOf(x)];
  return oneOfMicrosoft(
    'QLinearConv',
    [...inputs, zerosOf('QLinearConv', weights, weightScales), ...outputs, bias],
    [n, outHeight, outWidth, o],
    { ...convAttributes(weights, { stride, padding }), channels_last: { int: 1 } },
    'uint8',
  );
}

/**
 * Largest of each `size`x`size` square of x (uint8 `[N,H,W,C]`); rows and columns that do not fill a square are left
 * out.
 */
export function qMaxPool(x: Value, size: number): Value {
  const { n, height, width, channels } = pictureOf('NhwcMaxPool', x);
  if (Math.min(height, width) < size)
    throw shapeError('NhwcMaxPool', `a picture of at least ${size}x${size}`, x.shape);
  const shape = [n, Math.floor(height / size), Math.floor(width / size), channels];
  const square = { ints: [size, size] };
  return oneOfMicrosoft('NhwcMaxPool', [x], shape, { kernel_shape: square, strides: square }, 'uint8');
}

/**
 * x `[N,H,W,C]` with columns 2w and 2w + 1 as one of twice the channels, `[N,H,W/2,2C]`: the same numbers in the same
 * order.
 */
export function pairColumns(x: Value): Value {
  const { n, height, width, channels } = pictureOf('Reshape', x);
  if (width % 2 !== 0) throw shapeError('Reshape', 'an even width', x.shape);
  return reshape(x, [n, height, width / 2, 2 * channels]);
}

/** The other way. */
export function unpairColumns(x: Value): Value {
  const { n, height, width, channels } = pictureOf('Reshape', x);
  if (channels % 2 !== 0) throw shapeError('Reshape', 'an even number of channels', x.shape);
  return reshape(x, [n, height, 2 * width, channels / 2]);
}

function reshape(x: Value, [n, ...picture]: readonly [Dim, number, number, number]): Value {
  // 0 is whatever x has.
  return one('Reshape', [x, x.graph.integers([0, ...picture])], [n, ...picture], {}, x.type);
}

/**
 * x (uint8 `[N,K]`) times the transpose of `weights` (int8 `[O,K]`) plus the bias, as the real numbers that they
 * stand for: float32 `[N,O]`.
 */
export function qGemm(
  x: Value,
  weights: Value,
  { bias, inputScale, weightScales }: IntegerLayerOptions,
): Value {
  const [n, k] = x.shape;
  const [o, weightK] = weights.shape;
  if (
    x.shape.length !== 2 ||
    weights.shape.length !== 2 ||
    n === undefined ||
    o === undefined ||
    k !== weightK
  ) {
    throw shapeError('QGemm', 'matrices [N,K] and [O,K]', x.shape, weights.shape);
  }
  if (bias.shape.length !== 1 || bias.shape[0] !== o) throw shapeError('QGemm', `a bias [${o}]`, bias.shape);
  const { graph } = x;
  const inputs = [x, graph.scalar(inputScale), zeroOf(x), weights, weightScales] as const;
  return oneOfMicrosoft(
    'QGemm',
    [...inputs, zerosOf('QGemm', weights, weightScales), bias],
    [n, o],
    { transB: { int: 1 } },
    'float32',
  );
}

/** Adds a node of ONNX Runtime's own operators with one output. */
function oneOfMicrosoft(
  opType: string,
  inputs: readonly [Value, ...Value[]],
  shape: readonly Dim[],
  attributes: Readonly<Record<string, Attribute>>,
  type: 'uint8' | 'float32',
): Value {
  const [value] = inputs[0].graph.node(opType, inputs, [{ shape, type }], attributes, MICROSOFT_DOMAIN);
  if (!value) throw new Error('unreachable: one output was asked for');
  return value;
}

function pictureOf(
  opType: string,
  { shape }: Value,
): { n: Dim; height: number; width: number; channels: number } {
  const [n, ...sizes] = shape;
  const [height, width, channels] = knownShape(opType, sizes);
  if (
    shape.length !== 4 ||
    n === undefined ||
    height === undefined ||
    width === undefined ||
    channels === undefined
  ) {
    throw shapeError(opType, 'a picture [N,H,W,C]', shape);
  }
  return { n, height, width, channels };
}

/** The activations' integer that stands for 0. */
function zeroOf(x: Value): Value {
  return x.graph.allocZeroed('uint8', []);
}

/** The weights' integers that stand for 0, one an output channel. */
function zerosOf(opType: string, weights: Value, scales: Value): Value {
  const [outputs] = weights.shape;
  if (scales.shape.length !== 1 || scales.shape[0] !== outputs) {
    throw shapeError(opType, `scales [${outputs}]`, scales.shape);
  }
  return weights.graph.allocZeroed('int8', knownShape(opType, scales.shape));
}
