/** As `gradients.ts`, for pictures in blocks of channels (`blocked-ops.ts`). */
import * as blocked from './blocked-ops.js';
import type { Phase } from './stride-phases.js';
import { knownShape, type Value } from './graph.js';
import * as ops from './ops.js';

/**
 * dL/dweights of `blockedConv(x, weights)`, in memory `[C, O/B, K·K, B of O]`: itself a convolution, in which
 * pictures and channels change places. Each channel of x becomes a picture whose channels are the batch, dy becomes
 * the weights, and a stride becomes a dilation. N must be a multiple of the block.
 * @param x in blocks, or plain with fewer channels than a block
 * @param dy in blocks
 */
export function blockedConvWeightGradient(
  dy: Value,
  x: Value,
  kernel: number,
  { stride, padding, block }: { stride: number; padding: number; block: number },
): Value {
  const [n = 0, channels = 0, height = 0, width = 0] = knownShape('conv gradient', x.shape);
  const [, outputs = 0, outHeight = 0, outWidth = 0] = knownShape('conv gradient', dy.shape);
  // Exactly what the kernel's taps meet: rows behind the last tap are cut off, so that K·K numbers come out.
  const paddedHeight = stride * (outHeight - 1) + kernel;
  const paddedWidth = stride * (outWidth - 1) + kernel;
  const behindHeight = paddedHeight - height - padding;
  const behindWidth = paddedWidth - width - padding;
  const isPlain = channels < block;
  const b = isPlain ? 1 : block;
  const padded = ops.pad(
    ops.reshape(x, [(n * channels) / b, height, width * b]),
    [0, padding, padding * b],
    [0, behindHeight, behindWidth * b],
  );
  const blockedX = ops.reshape(padded, [n, channels, paddedHeight, paddedWidth]);
  const plain = isPlain ? blockedX : blocked.outOfBlocks(blockedX);
  const channelFirst = ops.transpose(
    ops.reshape(plain, [n, channels, paddedHeight * paddedWidth]),
    [1, 0, 2],
  );
  const pictures = blocked.intoBlocks(ops.reshape(channelFirst, [channels, n, paddedHeight, paddedWidth]));
  const weights = ops.transpose(
    ops.reshape(dy, [n / block, block, outputs / block, outHeight * outWidth, block]),
    [2, 0, 3, 1, 4],
  );
  return blocked.blockedConv(pictures, ops.reshape(weights, [outputs, n, outHeight, outWidth]), {
    dilation: stride,
  });
}

/**
 * dL/dx of `blockedConv(x, weights)` with a stride, from the gradients of its phases.
 * @param weights of each phase, `[C,O,rows,columns]` as `blockedConv` reads them, those of the first phase down first
 * @param phases down and across (`stride-phases.ts`)
 */
export function blockedStridedInputGradient(
  dy: Value,
  weights: readonly Value[],
  [down, across]: readonly [readonly Phase[], readonly Phase[]],
  block: number,
): Value {
  const [n = 0, , height = 0, width = 0] = knownShape('conv gradient', dy.shape);
  const [channels = 0] = knownShape('conv gradient', weights[0]?.shape ?? []);
  const rows = (n * channels * height) / block;
  const behind = ({ taps, before }: Phase): number => taps.length - 1 - before;
  const rowPhases = down.map((row, i) => {
    const columnPhases = across.map((column, j) => {
      const own = weights[i * across.length + j];
      if (!own) throw new Error('unreachable: there are weights for every phase');
      const padding = [row.before, column.before, behind(row), behind(column)] as const;
      return ops.reshape(blocked.blockedConv(dy, own, { padding }), [rows * width, block]);
    });
    return ops.reshape(sideBySide(columnPhases), [rows, width * across.length * block]);
  });
  return ops.reshape(sideBySide(rowPhases), [n, channels, height * down.length, width * across.length]);
}

function sideBySide(values: readonly Value[]): Value {
  const [first, ...others] = values;
  if (!first) throw new Error('unreachable: a stride has phases');
  return ops.concat([first, ...others], 1);
}

/** As `channelSums` of `gradients.ts`: dL/dbias of a convolution, `[O]`. */
export function blockedChannelSums(dy: Value): Value {
  const [n = 0, , height = 0, width = 0] = knownShape('channel sums', dy.shape);
  return ops.multiply(blocked.channelMeans(dy), dy.graph.scalar(n * height * width));
}

/** As `batchNormalize` of `gradients.ts`, with a single pass over x and dy for each sum and each result. */
export function blockedBatchNormalize(
  x: Value,
  scale: Value,
  shift: Value,
  epsilon: number,
): {
  y: Value;
  mean: Value;
  variance: Value;
  gradient: (dy: Value) => { dx: Value; dScale: Value; dShift: Value };
} {
  const [n = 0, , height = 0, width = 0] = knownShape('batch norm', x.shape);
  const { graph } = x;
  const mean = blocked.channelMeans(x);
  const meanSquare = blocked.channelMeans(ops.multiply(x, x));
  // The difference of two large numbers may come out below zero.
  const variance = ops.maximum(ops.subtract(meanSquare, ops.multiply(mean, mean)), graph.scalar(0));
  const inverseDeviation = ops.reciprocal(ops.squareRoot(ops.add(variance, graph.scalar(epsilon))));
  const factor = ops.multiply(scale, inverseDeviation);
  const y = blocked.scaleChannels(x, factor, ops.subtract(shift, ops.multiply(mean, factor)));

  const gradient = (dy: Value): { dx: Value; dScale: Value; dShift: Value } => {
    const count = graph.scalar(n * height * width);
    const meanDy = blocked.channelMeans(dy);
    const meanDyX = blocked.channelMeans(ops.multiply(dy, x));
    // The mean of dy * xhat, where xhat = (x - mean) / deviation.
    const meanDyXhat = ops.multiply(ops.subtract(meanDyX, ops.multiply(mean, meanDy)), inverseDeviation);
    // dx = factor * (dy - mean(dy) - xhat * mean(dy * xhat))
    const slope = ops.negate(ops.multiply(ops.multiply(factor, inverseDeviation), meanDyXhat));
    const offset = ops.negate(ops.add(ops.multiply(factor, meanDy), ops.multiply(slope, mean)));
    const dx = blocked.scaleChannels(dy, factor, offset, blocked.scaleChannels(x, slope));
    return { dx, dScale: ops.multiply(meanDyXhat, count), dShift: ops.multiply(meanDy, count) };
  };
  return { y, mean, variance, gradient };
}
