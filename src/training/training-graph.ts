import { Graph, type Value } from '../onnx/graph.js';
import * as gradients from '../onnx/gradients.js';
import * as ops from '../onnx/ops.js';
import { CLASS_COUNT } from '../model/contract.js';
import { blockedLayerStep } from './blocked-layer-steps.js';
import { plainLayerStep, type Activation } from './layer-steps.js';
import type { NetworkPlan, TensorSlot } from './network.js';

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

/**
 * Writes the training step of a network for microbatches of `microbatch` images.
 * @param block channels a block of this machine's blocked operators (`findBlock`), or `null` for standard ones alone
 */
export function buildTrainingGraph(
  plan: NetworkPlan,
  microbatch: number,
  block: number | null = null,
): TrainingGraph {
  const makeStep = block !== null && microbatch % block === 0 ? blockedLayerStep(block) : plainLayerStep;
  const graph = new Graph(`${plan.name}_training`);
  const image = graph.input(TRAINING_TENSORS.image, [microbatch, ...(plan.layers[0]?.input ?? [])]);
  const target = graph.input(TRAINING_TENSORS.target, [microbatch, CLASS_COUNT]);
  const flat = graph.input(TRAINING_TENSORS.parameters, [plan.parameterCount]);
  const parameters = unpack(flat, plan.parameters);
  const dropoutMasks: DropoutMask[] = [];

  let activation: Activation = { value: image, inBlocks: false };
  const steps = plan.layers.map((planned) => {
    const own = planned.parameters.map((parameter) => parameters.get(parameter.name) ?? flat);
    const makeMask = (rate: number): Value => {
      const mask = { name: `dropout_${dropoutMasks.length}`, shape: [microbatch, ...planned.input], rate };
      dropoutMasks.push(mask);
      return graph.input(mask.name, mask.shape);
    };
    const step = makeStep({ planned, parameters: own, makeMask }, activation);
    activation = step.y;
    return step;
  });

  const { loss, dLogits } = gradients.softmaxCrossEntropy(activation.value, target);
  let dy = dLogits;
  const parameterGradients: Value[] = [];
  for (const [index, step] of [...steps.entries()].toReversed()) {
    const { dx, dParameters } = step.backward(dy);
    parameterGradients.unshift(...dParameters);
    if (index > 0) dy = dx();
  }

  graph.output(TRAINING_TENSORS.loss, loss);
  graph.output(TRAINING_TENSORS.logits, activation.value);
  graph.output(TRAINING_TENSORS.gradients, pack(parameterGradients));
  const statistics = steps.flatMap((step) => step.statistics ?? []);
  if (statistics.length > 0) graph.output(TRAINING_TENSORS.statistics, pack(statistics));
  return { model: graph.toModel(), dropoutMasks };
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
