import * as gradients from '../../onnx/gradients.js';
import type { Value } from '../../onnx/graph.js';
import * as ops from '../../onnx/ops.js';
import * as pictureOps from '../../onnx/picture-ops.js';
import { BATCH_NORM_EPSILON } from '../../network/folded-network.js';
import type { PlannedLayer } from '../../network/network.js';

/** A layer's input, and whether it is in blocks of channels (`onnx/blocked-ops.ts`). */
export interface Activation {
  readonly value: Value;
  readonly inBlocks: boolean;
}

/** One layer of a training step. */
export interface LayerStep {
  readonly y: Activation;
  /**
   * Maps the gradient by y to those by the parameters and by x, each in its layout. `dx` is a function because that
   * of the first layer is never needed.
   */
  readonly backward: (dy: Value) => { readonly dx: () => Value; readonly dParameters: readonly Value[] };
  readonly statistics?: readonly Value[];
}

/**
 * What a layer is made of: its plan, its parameters in their input layouts (`parameter-layouts.ts`), and `makeMask`,
 * which adds an input for a dropout's mask.
 */
export interface LayerParts {
  readonly planned: PlannedLayer;
  readonly parameters: readonly Value[];
  readonly makeMask: (rate: number) => Value;
}

/** A layer's part of the training step with standard operators, in the plain layout. */
export function plainLayerStep(parts: LayerParts, x: Value): LayerStep {
  const { y, ...step } = plainStep(parts, x);
  return { ...step, y: { value: y, inBlocks: false } };
}

function plainStep(
  { planned: { layer, input }, parameters, makeMask }: LayerParts,
  x: Value,
): Omit<LayerStep, 'y'> & { readonly y: Value } {
  const [microbatch = 0] = x.shape;
  const shape = [Number(microbatch), ...input];
  switch (layer.kind) {
    case 'conv': {
      const [weights, bias] = parameters;
      if (!weights) throw new Error('unreachable: a convolution has weights');
      const [, height = 0, width = 0] = input;
      return {
        y: pictureOps.conv(x, weights, bias ? { ...layerOptions(layer), bias } : layerOptions(layer)),
        backward: (dy) => ({
          dx: () => gradients.convInputGradient(dy, weights, [height, width], layer),
          dParameters: [
            gradients.convWeightGradient(dy, x, layer.kernel, layer),
            ...(bias ? [gradients.channelSums(dy)] : []),
          ],
        }),
      };
    }
    case 'batchNorm': {
      const [scale, shift] = parameters;
      if (!scale || !shift) throw new Error('unreachable: a batch norm has a scale and a shift');
      const { y, mean, variance, gradient } = gradients.batchNormalize(x, scale, shift, BATCH_NORM_EPSILON);
      return {
        y,
        statistics: [mean, variance],
        backward: (dy) => {
          const { dx, dScale, dShift } = gradient(dy);
          return { dx: () => dx, dParameters: [dScale, dShift] };
        },
      };
    }
    case 'relu': {
      const y = ops.relu(x);
      return { y, backward: (dy) => ({ dx: () => gradients.reluGradient(dy, y), dParameters: [] }) };
    }
    case 'maxPool': {
      const { y, gradient } = gradients.maxPool2(x);
      return { y, backward: (dy) => ({ dx: () => gradient(dy), dParameters: [] }) };
    }
    case 'globalAveragePool': {
      const [, channels = 0, height = 1, width = 1] = shape;
      const each = x.graph.scalar(1 / (height * width));
      return {
        y: ops.reduceMean(x, [2, 3]),
        backward: (dy) => ({
          dx: () =>
            ops.expand(ops.reshape(ops.multiply(dy, each), [Number(microbatch), channels, 1, 1]), shape),
          dParameters: [],
        }),
      };
    }
    case 'flatten':
      return {
        y: ops.flatten(x),
        backward: (dy) => ({ dx: () => ops.reshape(dy, shape), dParameters: [] }),
      };
    case 'dropout': {
      const mask = makeMask(layer.rate);
      return {
        y: ops.multiply(x, mask),
        backward: (dy) => ({ dx: () => ops.multiply(dy, mask), dParameters: [] }),
      };
    }
    case 'dense': {
      const [weights, bias] = parameters;
      if (!weights || !bias) throw new Error('unreachable: a dense layer has weights and a bias');
      return {
        y: ops.gemm(x, weights, { bias }),
        backward: (dy) => ({
          dx: () => ops.gemm(dy, weights, { transposeB: true }),
          dParameters: [ops.gemm(x, dy, { transposeA: true }), ops.reduceSum(dy, [0])],
        }),
      };
    }
  }
}

function layerOptions({ stride, padding }: { stride: number; padding: number }): pictureOps.ConvOptions {
  return { stride, padding };
}
