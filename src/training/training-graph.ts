import { elementCount, Graph, type Value } from '../onnx/graph.js';
import * as gradients from '../onnx/gradients.js';
import * as ops from '../onnx/ops.js';
import { layerStep } from './blocked-layer-steps.js';
import type { Activation } from './layer-steps.js';
import { planLayouts } from './layouts.js';
import type { NetworkPlan } from './network.js';
import { givenForms, invertPlaces, joinPlaces, takenForms } from './parameter-forms.js';

/** The names of a training graph's inputs and outputs; M is the microbatch's size. */
export const TRAINING_TENSORS = {
  /** in, `[M,1,28,28]` */
  image: 'image',
  /** in, `[M,outputs]`, each row adds up to 1 */
  target: 'target',
  /** in, one behind the other, as `TrainingGraph.parameterNumbers` says */
  parameters: 'parameters',
  /** out, one number: the mean loss of the microbatch */
  loss: 'loss',
  /** out, `[M,outputs]` */
  logits: 'logits',
  /** out, `[parameterCount]`: gradient of the mean loss, in the order of `TrainingGraph.gradientPlaces` */
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
  /** For each number that the graph gives: its place among the parameters of the plan. */
  readonly gradientPlaces: Int32Array;
  /** For each number that the graph takes: which of those that it gives is the gradient by it. */
  readonly parameterNumbers: Int32Array;
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
  const layouts = planLayouts(plan, microbatch % (block ?? 1) === 0 ? block : null);
  const forms = plan.layers.map((planned, i) => takenForms(planned, layouts[i] ?? null));
  const graph = new Graph(`${plan.name}_training`);
  const image = graph.input(TRAINING_TENSORS.image, [microbatch, ...(plan.layers[0]?.input ?? [])]);
  const target = graph.input(TRAINING_TENSORS.target, [microbatch, plan.outputs]);
  const parameterPlaces = joinPlaces(forms.flat());
  const parameters = unpack(
    graph.input(TRAINING_TENSORS.parameters, [parameterPlaces.length]),
    forms.flat().map(({ shape }) => shape),
  );
  const dropoutMasks: DropoutMask[] = [];

  let activation: Activation = { value: image, inBlocks: false };
  const steps = plan.layers.map((planned, i) => {
    const makeMask = (rate: number): Value => {
      const mask = { name: `dropout_${dropoutMasks.length}`, shape: [microbatch, ...planned.input], rate };
      dropoutMasks.push(mask);
      return graph.input(mask.name, mask.shape);
    };
    const own = parameters.splice(0, forms[i]?.length);
    const step = layerStep({ planned, parameters: own, makeMask }, activation, layouts[i] ?? null);
    activation = step.y;
    return step;
  });

  const { loss, dLogits } = gradients.softmaxCrossEntropy(activation.value, target);
  let dy = dLogits;
  const parameterGradients: Value[] = [];
  for (const [index, step] of [...steps.entries()].toReversed()) {
    const { dx, dParameters } = step.backward(dy);
    parameterGradients.unshift(...dParameters);
    if (plan.layers.slice(0, index).some((earlier) => earlier.parameters.length > 0)) dy = dx();
  }

  graph.output(TRAINING_TENSORS.loss, loss);
  graph.output(TRAINING_TENSORS.logits, activation.value);
  graph.output(TRAINING_TENSORS.gradients, pack(parameterGradients));
  const statistics = steps.flatMap((step) => step.statistics ?? []);
  if (statistics.length > 0) graph.output(TRAINING_TENSORS.statistics, pack(statistics));
  const gradientPlaces = joinPlaces(
    plan.layers.flatMap((planned, i) => givenForms(planned, layouts[i] ?? null)),
  );
  const numberOf = invertPlaces(gradientPlaces);
  const parameterNumbers = parameterPlaces.map((place) => numberOf[place]!);
  return { model: graph.toModel(), dropoutMasks, gradientPlaces, parameterNumbers };
}

/** One flat tensor as pieces of the given shapes. */
function unpack(flat: Value, shapes: readonly (readonly number[])[]): Value[] {
  return ops.split(flat, shapes.map(elementCount), 0).map((piece, i) => ops.reshape(piece, shapes[i] ?? []));
}

/** Tensors one behind the other in one flat tensor. */
function pack(values: readonly Value[]): Value {
  const [first, ...others] = values.map((value) => ops.reshape(value, [gradients.sizeOf(value)]));
  if (!first) throw new Error('unreachable: a network has parameters');
  return ops.concat([first, ...others], 0);
}
