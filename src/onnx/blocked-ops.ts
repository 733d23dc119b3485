/**
 * ONNX Runtime's own operators over pictures in blocks of channels: the tensor says [N,C,H,W], its memory is
 * [N, C/B, H, W, B], so that one vector instruction works on B channels. B is the machine's: 16 with AVX-512, 8
 * with AVX2. They are what ONNX Runtime turns a network with constant weights into; here they are written by hand, as
 * training has none. Operators that work value by value take such a tensor as it is.
 * Source: onnxruntime/contrib_ops/cpu/nchwc_ops.cc. Internal to ONNX Runtime: try them before use.
 */
import { BLOCKED_DOMAIN, knownShape, shapeError, type Value } from './graph.js';
import * as ops from './ops.js';
import { convOutputSize } from './picture-ops.js';
import type { Attribute } from './proto.js';

function blockedOp(
  opType: string,
  inputs: readonly [Value, ...Value[]],
  shape: readonly number[],
  attributes: Readonly<Record<string, Attribute>> = {},
): Value {
  const [value] = inputs[0].graph.node(opType, inputs, [{ shape }], attributes, BLOCKED_DOMAIN);
  if (!value) throw new Error('unreachable: one output was asked for');
  return value;
}

function pictureShape(opType: string, x: Value): [number, number, number, number] {
  const [n, c, height, width] = knownShape(opType, x.shape);
  if (n === undefined || c === undefined || height === undefined || width === undefined) {
    throw shapeError(opType, 'a picture [N,C,H,W]', x.shape);
  }
  return [n, c, height, width];
}

/** From the plain layout to blocks; C is a multiple of the block. */
export function intoBlocks(x: Value): Value {
  return blockedOp('ReorderInput', [x], pictureShape('ReorderInput', x));
}

/** From blocks to the plain layout. */
export function outOfBlocks(x: Value): Value {
  const shape = pictureShape('ReorderOutput', x);
  return blockedOp('ReorderOutput', [x], shape, { channels: { int: shape[1] } });
}

/**
 * Convolution of x in blocks (or of a plain x with fewer channels than a block) with weights [O,C,K,K] whose memory
 * is [O/B, C/B, K·K, B of C, B of O], or [O/B, C, K·K, B of O] for the plain x: [N,O,H',W'] in blocks.
 * @param options.dilation distance of the kernel's taps on both axes, 1 if unsaid
 */
export function blockedConv(
  x: Value,
  weights: Value,
  options: {
    bias?: Value | undefined;
    stride?: number;
    padding?: number | readonly [top: number, left: number, bottom: number, right: number];
    dilation?: number;
  } = {},
): Value {
  const { bias, stride = 1, padding = 0, dilation = 1 } = options;
  const pads = typeof padding === 'number' ? [padding, padding, padding, padding] : padding;
  const [top = 0, left = 0, bottom = 0, right = 0] = pads;
  const [n, c, height, width] = pictureShape('blocked Conv', x);
  const [o, weightC, kernelHeight, kernelWidth] = pictureShape('blocked Conv', weights);
  if (c !== weightC)
    throw shapeError('blocked Conv', 'weights [O,C,K,K] of the picture', x.shape, weights.shape);
  const sizes = [
    convOutputSize(height + top + bottom, dilation * (kernelHeight - 1) + 1, stride, 0),
    convOutputSize(width + left + right, dilation * (kernelWidth - 1) + 1, stride, 0),
  ];
  if (sizes.some((size) => size < 1)) {
    throw shapeError('blocked Conv', 'a kernel no larger than the padded picture', x.shape, weights.shape);
  }
  return blockedOp('Conv', bias ? [x, weights, bias] : [x, weights], [n, o, ...sizes], {
    kernel_shape: { ints: [kernelHeight, kernelWidth] },
    strides: { ints: [stride, stride] },
    dilations: { ints: [dilation, dilation] },
    pads: { ints: pads },
  });
}

/**
 * factor * x + offset + addend, with a factor and an offset `[C]` a channel: a convolution of each channel by itself
 * with a kernel of one number, several times faster than operators that broadcast.
 */
export function scaleChannels(x: Value, factor: Value, offset?: Value, addend?: Value): Value {
  const [n, c, height, width] = pictureShape('blocked Conv', x);
  const more = [offset, addend].filter((value) => value !== undefined);
  if (addend && !offset) throw shapeError('blocked Conv', 'an offset where there is an addend', x.shape);
  return blockedOp('Conv', [x, ops.reshape(factor, [c, 1, 1, 1]), ...more], [n, c, height, width], {
    kernel_shape: { ints: [1, 1] },
    group: { int: c },
  });
}

/** The mean of each channel over all pictures, `[C]`. */
export function channelMeans(x: Value): Value {
  const [n, c] = pictureShape('blocked GlobalAveragePool', x);
  return ops.reduceMean(ops.reshape(pictureMeans(x), [n, c]), [0]);
}

/** The mean of each channel of each picture, `[N,C,1,1]`, the same in blocks and plain. */
export function pictureMeans(x: Value): Value {
  const [n, c] = pictureShape('blocked GlobalAveragePool', x);
  return blockedOp('GlobalAveragePool', [x], [n, c, 1, 1]);
}
