import * as blockedGradients from '../onnx/blocked-gradients.js';
import * as blocked from '../onnx/blocked-ops.js';
import * as gradients from '../onnx/gradients.js';
import { knownShape, type Value } from '../onnx/graph.js';
import * as ops from '../onnx/ops.js';
import {
  BATCH_NORM_EPSILON,
  plainLayerStep,
  type Activation,
  type LayerParts,
  type LayerStep,
  type MakeLayerStep,
} from './layer-steps.js';

/**
 * Layers over pictures in blocks of `block` channels, the same numbers in about two thirds of the time. What has no
 * blocked form (a convolution whose channels do not fill blocks, a dense layer) is done plainly.
 */
export function blockedLayerStep(block: number): MakeLayerStep {
  return (parts, x) => {
    switch (parts.planned.layer.kind) {
      case 'conv':
        return convStep(parts, x, block) ?? plainly(parts, x);
      case 'batchNorm':
        return x.inBlocks ? batchNormStep(parts, x.value) : plainly(parts, x);
      case 'maxPool': {
        if (!x.inBlocks) return plainly(parts, x);
        const { y, gradient } = gradients.maxPool2(x.value, block);
        return stepOf(inBlocks(y), (dy) => ({ dx: () => gradient(dy), dParameters: [] }));
      }
      case 'relu': {
        const y = ops.relu(x.value);
        const dx = (dy: Value): Value => gradients.reluGradient(dy, y);
        return stepOf({ ...x, value: y }, (dy) => ({ dx: () => dx(dy), dParameters: [] }));
      }
      case 'globalAveragePool':
        return x.inBlocks ? globalAveragePoolStep(x.value, block) : plainly(parts, x);
      case 'flatten':
      case 'dropout':
      case 'dense':
        return plainly(parts, x);
    }
  };
}

function inBlocks(value: Value): Activation {
  return { value, inBlocks: true };
}

function stepOf(y: Activation, backward: LayerStep['backward']): LayerStep {
  return { y, backward };
}

/** A layer in the plain layout, whatever layout comes in. */
function plainly(parts: LayerParts, x: Activation): LayerStep {
  if (!x.inBlocks) return plainLayerStep(parts, x);
  const step = plainLayerStep(parts, { value: blocked.outOfBlocks(x.value), inBlocks: false });
  return {
    ...step,
    backward: (dy) => {
      const { dx, dParameters } = step.backward(dy);
      return { dx: () => blocked.intoBlocks(dx()), dParameters };
    },
  };
}

/** `undefined` where the convolution has no blocked form. */
function convStep({ planned, parameters }: LayerParts, x: Activation, block: number): LayerStep | undefined {
  const { layer, input } = planned;
  const [weights, bias] = parameters;
  const [channels = 0] = input;
  if (layer.kind !== 'conv' || !weights || bias || layer.channels % block !== 0) return undefined;
  const { stride, padding, kernel } = layer;
  // Where x is plain it is the image, or comes from a layer done plainly; its gradient would have to be plain too.
  if (!x.inBlocks && channels >= block) return undefined;
  if (x.inBlocks && stride !== 1) return undefined;
  const y = blocked.blockedConv(x.value, blocked.blockedWeights(weights, block), { stride, padding });
  return stepOf(inBlocks(y), (dy) => ({
    dx: () => {
      if (!x.inBlocks) {
        const size: [number, number] = [input[1] ?? 0, input[2] ?? 0];
        return gradients.convInputGradient(blocked.outOfBlocks(dy), weights, size, layer);
      }
      const turned = blocked.blockedTurnedWeights(weights, block);
      return blocked.blockedConv(dy, turned, { padding: kernel - 1 - padding });
    },
    dParameters: [
      blockedGradients.blockedConvWeightGradient(dy, x.value, kernel, { stride, padding, block }),
    ],
  }));
}

function batchNormStep({ parameters }: LayerParts, x: Value): LayerStep {
  const [scale, shift] = parameters;
  if (!scale || !shift) throw new Error('unreachable: a batch norm has a scale and a shift');
  const { y, mean, variance, gradient } = blockedGradients.blockedBatchNormalize(
    x,
    scale,
    shift,
    BATCH_NORM_EPSILON,
  );
  return {
    y: inBlocks(y),
    statistics: [mean, variance],
    backward: (dy) => {
      const { dx, dScale, dShift } = gradient(dy);
      return { dx: () => dx, dParameters: [dScale, dShift] };
    },
  };
}

function globalAveragePoolStep(x: Value, block: number): LayerStep {
  const [n = 0, c = 0, height = 0, width = 0] = knownShape('average pool', x.shape);
  const places = height * width;
  const y = ops.reshape(blocked.pictureMeans(x), [n, c]);
  return stepOf({ value: y, inBlocks: false }, (dy) => ({
    dx: () => {
      const each = ops.reshape(ops.multiply(dy, x.graph.scalar(1 / places)), [n, c / block, 1, block]);
      return ops.reshape(ops.expand(each, [n, c / block, places, block]), [n, c, height, width]);
    },
    dParameters: [],
  }));
}
