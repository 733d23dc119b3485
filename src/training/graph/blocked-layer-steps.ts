import * as blockedGradients from '../../onnx/blocked-gradients.js';
import * as blocked from '../../onnx/blocked-ops.js';
import * as gradients from '../../onnx/gradients.js';
import { knownShape, type Value } from '../../onnx/graph.js';
import * as ops from '../../onnx/ops.js';
import { BATCH_NORM_EPSILON } from '../../network/folded-network.js';
import { plainLayerStep, type Activation, type LayerParts, type LayerStep } from './layer-steps.js';
import type { Layout } from './layouts.js';
import { phasesOf } from './parameter-layouts.js';

/**
 * A layer's part of the training step in its layout. The blocked layout gives the same numbers in about half the
 * time.
 */
export function layerStep(parts: LayerParts, x: Activation, layout: Layout): LayerStep {
  if (layout === null) return plainly(parts, x);
  const block = layout;
  switch (parts.planned.layer.kind) {
    case 'conv':
      return convStep(parts, x, block);
    case 'batchNorm':
      return batchNormStep(parts, x.value);
    case 'relu': {
      const y = ops.relu(x.value);
      return stepOf(inBlocks(y), (dy) => ({ dx: () => gradients.reluGradient(dy, y), dParameters: [] }));
    }
    case 'maxPool': {
      const { y, gradient } = gradients.maxPool2(x.value, block);
      return stepOf(inBlocks(y), (dy) => ({ dx: () => gradient(dy), dParameters: [] }));
    }
    case 'globalAveragePool':
      return globalAveragePoolStep(x.value, block);
    case 'flatten':
    case 'dropout':
    case 'dense':
      return plainly(parts, x);
  }
}

function inBlocks(value: Value): Activation {
  return { value, inBlocks: true };
}

function stepOf(y: Activation, backward: LayerStep['backward']): LayerStep {
  return { y, backward };
}

/** A layer in the plain layout, whatever the layout of its input. */
function plainly(parts: LayerParts, x: Activation): LayerStep {
  if (!x.inBlocks) return plainLayerStep(parts, x.value);
  const step = plainLayerStep(parts, blocked.outOfBlocks(x.value));
  return {
    ...step,
    backward: (dy) => {
      const { dx, dParameters } = step.backward(dy);
      return { dx: () => blocked.intoBlocks(dx()), dParameters };
    },
  };
}

function convStep({ planned, parameters }: LayerParts, x: Activation, block: number): LayerStep {
  const { layer } = planned;
  const [weights, ...others] = parameters;
  if (layer.kind !== 'conv' || !weights) throw new Error('unreachable: a convolution has weights');
  // In the order of `inputLayouts`: flipped weights, if any, then the bias.
  const bias = layer.bias ? others.at(-1) : undefined;
  const turned = layer.bias ? others.slice(0, -1) : others;
  const { stride, padding, kernel } = layer;
  const y = blocked.blockedConv(x.value, weights, { bias, stride, padding });
  return stepOf(inBlocks(y), (dy) => ({
    dx: () => {
      const [backwards] = turned;
      if (!backwards) throw new Error('unreachable: the gradient of the image was asked for');
      if (stride === 1) return blocked.blockedConv(dy, backwards, { padding: kernel - 1 - padding });
      const phases = phasesOf(layer, planned.input, planned.output);
      if (!phases) throw new Error('unreachable: without phases a stride is done plainly');
      return blockedGradients.blockedStridedInputGradient(dy, turned, phases, block);
    },
    dParameters: [
      blockedGradients.blockedConvWeightGradient(dy, x.value, kernel, { stride, padding, block }),
      ...(bias ? [blockedGradients.blockedChannelSums(dy)] : []),
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
