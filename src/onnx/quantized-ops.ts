/**
 * Operators over whole numbers that stand for real ones, real = scale * integer: activations are uint8, weights int8 with a scale for each
 * output channel. All are standard but `qGemm`. ONNX Runtime turns them into kernels of its own: channels last, products of 8 bits.
 */
import { knownShape, MICROSOFT_DOMAIN, shapeError, type Value } from './graph.js';
import { one } from './ops.js';
import { convAttributes, convShape, type ConvOptions } from './picture-ops.js';

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
 * Convolution of x (uint8 `[N,C,H,W]`) with `weights` (int8 `[O,C,K,L]`): uint8 `[N,O,H',W']`. Products are summed in 32 bits; the sum
 * times inputScale * weightScales[o] / outputScale is rounded, ties to the even number, and brought within 0…255: a relu as well.
 */
export function qLinearConv(
  x: Value,
  weights: Value,
  { bias, inputScale, weightScales, outputScale, stride = 1, padding = 0 }: QLinearConvOptions,
): Value {
  const shape = convShape('QLinearConv', x, weights, { bias, stride, padding });
  const { graph } = x;
  const inputs = [x, graph.scalar(inputScale), zeroOf(x), weights, weightScales] as const;
  const outputs = [graph.scalar(outputScale), zeroOf(x)];
  return one(
    'QLinearConv',
    [...inputs, zerosOf('QLinearConv', weights, weightScales), ...outputs, bias],
    shape,
    convAttributes(weights, { stride, padding }),
    'uint8',
  );
}

/**
 * x (uint8 `[N,K]`) times the transpose of `weights` (int8 `[O,K]`) plus the bias, as the real numbers that they stand for: float32 `[N,O]`.
 * Source: onnxruntime/docs/ContribOperators.md, com.microsoft.QGemm
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
  const [value] = graph.node(
    'QGemm',
    [...inputs, zerosOf('QGemm', weights, weightScales), bias],
    [{ shape: [n, o] }],
    { transB: { int: 1 } },
    MICROSOFT_DOMAIN,
  );
  if (!value) throw new Error('unreachable: one output was asked for');
  return value;
}

/** The activations' integer that stands for 0. */
function zeroOf(x: Value): Value {
  return x.graph.zeros('uint8', []);
}

/** The weights' integers that stand for 0, one an output channel. */
function zerosOf(opType: string, weights: Value, scales: Value): Value {
  const [outputs] = weights.shape;
  if (scales.shape.length !== 1 || scales.shape[0] !== outputs) {
    throw shapeError(opType, `scales [${outputs}]`, scales.shape);
  }
  return weights.graph.zeros('int8', knownShape(opType, scales.shape));
}
