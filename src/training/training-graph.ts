import { Graph, type Value } from '../onnx/graph.js';
import * as gradients from '../onnx/gradients.js';
import * as ops from '../onnx/ops.js';
import * as pictureOps from '../onnx/picture-ops.js';
import { CLASS_COUNT } from '../model/contract.js';
import type { NetworkPlan, PlannedLayer, TensorSlot } from './network.js';

/** Added to a variance before its root is taken. Training and export share it. */
export const BATCH_NORM_EPSILON = 1e-5;

/** The names of a training graph's inputs and outputs; M is the microbatch's size. */
export const TRAINING_TENSORS = {
  /** in, `[M,1,28,28]` */
  image: 'image',
  /** in, `[M,10]`, each row adds up to 1 */
  target: 'target',
  /** in, `[parameterCount]`, as the plan lays them out */
  parameters: 'parameters',
  /** out, one number: the mean loss of the microbatch */
  loss: 'loss',
  /** out, `[M,10]` */
  logits: 'logits',
  /** out, `[parameterCount]`: gradient of the mean loss */
  gradients: 'gradients',
  /** out, `[statisticCount]`: what the batch norms measured (absent without batch norms) */
  statistics: 'statistics',
} as const;

/** A mask that a dropout layer multiplies by: 0, or 1/(1-rate). */
export interface DropoutMask {
  readonly name: string;
  /** With the microbatch in front. */
  readonly shape: readonly number[];
  readonly rate: number;
}

export interface TrainingGraph {
  /** The ONNX file: forward, loss and all gradients of one microbatch, in one graph. */
  readonly model: Uint8Array;
  readonly dropoutMasks: readonly DropoutMask[];
}

interface LayerStep {
  readonly y: Value;
  /**
   * From the gradient by y to those by the parameters and by x. `dx` is a function because the first layer's is
   * never asked for.
   */
  readonly backward: (dy: Value) => { readonly dx: () => Value; readonly dParameters: readonly Value[] };
  readonly statistics?: readonly Value[];
}

/** Writes the training step of a network for microbatches of `microbatch` images. */
export function buildTrainingGraph(plan: NetworkPlan, microbatch: number): TrainingGraph {
  const graph = new Graph(`${plan.name}_training`);
  const image = graph.input(TRAINING_TENSORS.image, [microbatch, ...(plan.layers[0]?.input ?? [])]);
  const target = graph.input(TRAINING_TENSORS.target, [microbatch, CLASS_COUNT]);
  const flat = graph.input(TRAINING_TENSORS.parameters, [plan.parameterCount]);
  const parameters = unpack(flat, plan.parameters);
  const dropoutMasks: DropoutMask[] = [];

  let activation = image;
  const steps = plan.layers.map((planned): LayerStep => {
    const own = planned.parameters.map((parameter) => parameters.get(parameter.name) ?? flat);
    const makeMask = (rate: number): Value => {
      const mask = { name: `dropout_${dropoutMasks.length}`, shape: [microbatch, ...planned.input], rate };
      dropoutMasks.push(mask);
      return graph.input(mask.name, mask.shape);
    };
    const step = forward(planned, activation, own, makeMask);
    activation = step.y;
    return step;
  });

  const { loss, dLogits } = gradients.softmaxCrossEntropy(activation, target);
  let dy = dLogits;
  const parameterGradients: Value[] = [];
  for (const [index, step] of [...steps.entries()].toReversed()) {
    const { dx, dParameters } = step.backward(dy);
    parameterGradients.unshift(...dParameters);
    if (index > 0) dy = dx();
  }

  graph.output(TRAINING_TENSORS.loss, loss);
  graph.output(TRAINING_TENSORS.logits, activation);
  graph.output(TRAINING_TENSORS.gradients, pack(parameterGradients));
  const statistics = steps.flatMap((step) => step.statistics ?? []);
  if (statistics.length > 0) graph.output(TRAINING_TENSORS.statistics, pack(statistics));
  return { model: graph.toModel(), dropoutMasks };
}

function forward(
  { layer, input }: PlannedLayer,
  x: Value,
  parameters: readonly Value[],
  makeMask: (rate: number) => Value,
): LayerStep {
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

/** One flat tensor as the named pieces of a plan. */
function unpack(flat: Value, slots: readonly TensorSlot[]): Map<string, Value> {
  const pieces = ops.split(
    flat,
    slots.map((slot) => slot.size),
    0,
  );
  return new Map(slots.map((slot, i) => [slot.name, ops.reshape(pieces[i] ?? flat, slot.shape)]));
}

/** Tensors one behind the other in one flat tensor. */
function pack(values: readonly Value[]): Value {
  const [first, ...others] = values.map((value) => ops.reshape(value, [gradients.sizeOf(value)]));
  if (!first) throw new Error('unreachable: a network has parameters');
  return ops.concat([first, ...others], 0);
}
