/**
 * Gradients written with standard operators: given the gradient of a loss by an operator's output (`dy`), the
 * gradient by each of its inputs. Which formulation is fastest on ONNX Runtime's CPU kernels was measured; the
 * two weight gradients of a convolution give the same numbers at different cost.
 */
import { elementCount, knownShape, shapeError, type Value } from './graph.js';
import * as ops from './ops.js';
import * as pictureOps from './picture-ops.js';

/** dL/dx of `conv(x, weights)`: x `[N,C,H,W]`, weights `[O,C,K,K]`, dy `[N,O,H',W']`. */
export function convInputGradient(
  dy: Value,
  weights: Value,
  inputSize: readonly [number, number],
  { stride, padding }: { stride: number; padding: number },
): Value {
  if (stride !== 1) return pictureOps.convTranspose(dy, weights, { stride, padding, outputSize: inputSize });
  const kernel = knownShape('conv gradient', weights.shape)[2] ?? 1;
  // Twice as fast as ConvTranspose, whose kernel does not use the blocked matrix product well.
  const turned = ops.transpose(ops.reverse(weights, [2, 3]), [1, 0, 2, 3]);
  return pictureOps.conv(dy, turned, { padding: kernel - 1 - padding });
}

/** dL/dweights of `conv(x, weights)`, `[O,C,K,K]`. */
export function convWeightGradient(
  dy: Value,
  x: Value,
  kernel: number,
  { stride, padding }: { stride: number; padding: number },
): Value {
  const channels = knownShape('conv gradient', x.shape)[1] ?? 1;
  const separable = stride === 1 && kernel === 2 * padding + 1 && kernel > 1 && channels > 1;
  return separable
    ? convWeightGradientBySeparableShifts(dy, x, kernel)
    : convWeightGradientByPatches(dy, x, kernel, { stride, padding });
}

/**
 * Every tap of the kernel as a strided slice of x, one matrix product over all of them: any stride and padding,
 * K·K copies of x.
 */
function convWeightGradientByPatches(
  dy: Value,
  x: Value,
  kernel: number,
  { stride, padding }: { stride: number; padding: number },
): Value {
  const [, channels = 0] = knownShape('conv gradient', x.shape);
  const [n = 0, outputs = 0, height = 0, width = 0] = knownShape('conv gradient', dy.shape);
  const padded = padding > 0 ? ops.pad(x, [0, 0, padding, padding], [0, 0, padding, padding]) : x;
  const taps = Array.from({ length: kernel * kernel }, (_, tap) => {
    const [down, right] = [Math.floor(tap / kernel), tap % kernel];
    return ops.slice(padded, [
      { axis: 2, from: down, to: down + stride * (height - 1) + 1, step: stride },
      { axis: 3, from: right, to: right + stride * (width - 1) + 1, step: stride },
    ]);
  });
  const positions = n * height * width;
  const patches = channelsFirst(ops.concat(asNonEmpty(taps), 1), kernel * kernel * channels, positions);
  const product = ops.gemm(channelsFirst(dy, outputs, positions), patches, { transposeB: true });
  return ops.transpose(ops.reshape(product, [outputs, kernel, kernel, channels]), [0, 3, 1, 2]);
}

/**
 * For stride 1 and a picture that keeps its size. With p = K>>1, p columns and p rows of zeros behind each picture
 * make every shift of a picture a shift of one long row of numbers, and a shift by (row, column) falls apart into
 * a shift of dy by the rows and one of x by the columns: 2·K copies instead of K·K. The zeros also keep what is
 * shifted over a picture's or a channel's edge from meeting anything but zeros.
 */
function convWeightGradientBySeparableShifts(dy: Value, x: Value, kernel: number): Value {
  const [n = 0, channels = 0, height = 0, width = 0] = knownShape('conv gradient', x.shape);
  const [, outputs = 0] = knownShape('conv gradient', dy.shape);
  const p = kernel >> 1;
  const rowLength = width + p;
  const positions = n * (height + p) * rowLength;
  const rows = (value: Value, count: number): Value =>
    ops.reshape(ops.pad(ops.transpose(value, [1, 0, 2, 3]), [0, 0, 0, 0], [0, 0, p, p]), [count * positions]);
  const shifts = (value: Value, count: number, step: number): Value =>
    ops.reshape(
      ops.concat(
        asNonEmpty(
          Array.from({ length: kernel }, (_, i) => {
            const shift = (i - p) * step;
            return shift === 0 ? value : ops.pad(value, [-shift], [shift]);
          }),
        ),
        0,
      ),
      [kernel * count, positions],
    );
  const shiftedDy = shifts(rows(dy, outputs), outputs, -rowLength);
  const shiftedX = shifts(rows(x, channels), channels, 1);
  const product = ops.gemm(shiftedDy, shiftedX, { transposeB: true });
  return ops.transpose(ops.reshape(product, [kernel, outputs, kernel, channels]), [1, 3, 0, 2]);
}

/** `[N,C,H,W]` -> `[C, N·H·W]` */
function channelsFirst(value: Value, channels: number, positions: number): Value {
  return ops.reshape(ops.transpose(value, [1, 0, 2, 3]), [channels, positions]);
}

function asNonEmpty(values: readonly Value[]): readonly [Value, ...Value[]] {
  const [first, ...others] = values;
  if (!first) throw new Error('unreachable: a kernel has at least one tap');
  return [first, ...others];
}

/** dL/dx of `relu`, from its output y. */
export function reluGradient(dy: Value, y: Value): Value {
  const zero = y.graph.scalar(0);
  return ops.where(ops.greater(y, zero), dy, zero);
}

/** The sum of dy over all but the channels' axis: dL/dbias of a convolution, `[O]`. */
export function channelSums(dy: Value): Value {
  return ops.reduceSum(dy, [0, 2, 3]);
}

/**
 * Max pooling by 2x2 that keeps what its gradient needs. Each gradient goes to exactly one of the four, even
 * between equals: a mask of "is the maximum" would copy it over a whole blank background.
 * @param block channels a block where x lies in blocks (`blocked-ops.ts`): each place is that many numbers wide
 * @returns y `[N,C,H>>1,W>>1]` and the function from dy to dx.
 */
export function maxPool2(x: Value, block = 1): { y: Value; gradient: (dy: Value) => Value } {
  const [n = 0, c = 0, height = 0, width = 0] = knownShape('max pool', x.shape);
  const [h, w] = [height >> 1, width >> 1];
  const pictures = (n * c) / block;
  const all = ops.reshape(x, [pictures, height, width * block]);
  const isEven = height === 2 * h && width === 2 * w;
  const even = isEven
    ? all
    : ops.slice(all, [
        { axis: 1, from: 0, to: 2 * h },
        { axis: 2, from: 0, to: 2 * w * block },
      ]);
  const zero = x.graph.scalar(0);
  const [top, bottom] = pair(ops.split(ops.reshape(even, [pictures * h, 2, 2 * w * block]), [1, 1], 1));
  const higher = ops.maximum(top, bottom);
  // As one long row: element-wise operators are several times slower on a short last axis.
  const places = pictures * h * w;
  const [left, right] = pair(
    ops
      .split(ops.reshape(higher, [places, 2, block]), [1, 1], 1)
      .map((half) => ops.reshape(half, [places * block])),
  );
  const y = ops.reshape(ops.maximum(left, right), [n, c, h, w]);

  const gradient = (dy: Value): Value => {
    const column = (row: Value): Value => ops.reshape(row, [places, 1, block]);
    const d = ops.reshape(dy, [places * block]);
    const dLeft = ops.where(ops.greaterOrEqual(left, right), d, zero);
    const dHigher = ops.reshape(ops.concat([column(dLeft), column(ops.subtract(d, dLeft))], 1), [
      pictures * h,
      1,
      2 * w * block,
    ]);
    const dTop = ops.where(ops.greaterOrEqual(top, bottom), dHigher, zero);
    const dEven = ops.reshape(ops.concat([dTop, ops.subtract(dHigher, dTop)], 1), [
      pictures,
      2 * h,
      2 * w * block,
    ]);
    const dAll = isEven ? dEven : ops.pad(dEven, [0, 0, 0], [0, height - 2 * h, (width - 2 * w) * block]);
    return ops.reshape(dAll, [n, c, height, width]);
  };
  return { y, gradient };
}

function pair(values: readonly Value[]): [Value, Value] {
  const [a, b] = values;
  if (!a || !b) throw new Error('unreachable: two pieces were asked for');
  return [a, b];
}

/**
 * Batch normalisation with the batch's own statistics (Ioffe and Szegedy, 2015), and its gradients.
 * x `[N,C,H,W]`, scale and shift `[C]`; the variance is the biased one, as the formula has it.
 */
export function batchNormalize(
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
  const [n = 0, c = 0, height = 0, width = 0] = knownShape('batch norm', x.shape);
  if (n * height * width < 2) throw shapeError('batch norm', 'at least two values a channel', x.shape);
  const { graph } = x;
  const perChannel = (value: Value): Value => ops.reshape(value, [1, c, 1, 1]);
  const mean = ops.reduceMean(x, [0, 2, 3], true);
  const centred = ops.subtract(x, mean);
  const variance = ops.reduceMean(ops.multiply(centred, centred), [0, 2, 3], true);
  const inverseDeviation = ops.reciprocal(ops.squareRoot(ops.add(variance, graph.scalar(epsilon))));
  const factor = ops.multiply(perChannel(scale), inverseDeviation);
  const y = ops.add(ops.multiply(centred, factor), perChannel(shift));

  const gradient = (dy: Value): { dx: Value; dScale: Value; dShift: Value } => {
    const dShift = ops.reduceSum(dy, [0, 2, 3], true);
    const dScale = ops.multiply(ops.reduceSum(ops.multiply(dy, centred), [0, 2, 3], true), inverseDeviation);
    // dx = factor * (dy - mean(dy) - xhat * mean(dy * xhat)), with one multiplication and two additions a value.
    const perValue = graph.scalar(1 / (n * height * width));
    const slope = ops.negate(
      ops.multiply(ops.multiply(ops.multiply(factor, inverseDeviation), dScale), perValue),
    );
    const offset = ops.negate(ops.multiply(ops.multiply(factor, dShift), perValue));
    const dx = ops.add(ops.add(ops.multiply(dy, factor), ops.multiply(centred, slope)), offset);
    return { dx, dScale: ops.reshape(dScale, [c]), dShift: ops.reshape(dShift, [c]) };
  };
  return { y, mean: ops.reshape(mean, [c]), variance: ops.reshape(variance, [c]), gradient };
}

/**
 * Mean over the batch of the cross-entropy between `target` `[N,K]` (each row adds up to 1) and the softmax of
 * `logits` `[N,K]`; its gradient by the logits is (softmax - target) / N.
 */
export function softmaxCrossEntropy(logits: Value, target: Value): { loss: Value; dLogits: Value } {
  const [n = 1] = knownShape('cross-entropy', logits.shape);
  const { graph } = logits;
  const logProbabilities = ops.logSoftmax(logits);
  const sum = ops.reduceSum(ops.multiply(logProbabilities, target), [0, 1]);
  const loss = ops.multiply(sum, graph.scalar(-1 / n));
  const difference = ops.subtract(ops.exponential(logProbabilities), target);
  return { loss, dLogits: ops.multiply(difference, graph.scalar(1 / n)) };
}

/** Number of values in a tensor whose sizes are known. */
export function sizeOf(value: Value): number {
  return elementCount(knownShape('size', value.shape));
}
