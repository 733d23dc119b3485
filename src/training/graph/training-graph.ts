import { FRAME_SIDE } from '../../image/frame.js';
import { logitCount, outputCount, type CellGrid } from '../../image/view/cell-grid.js';
import { GRIDS, isGridShown } from '../../model/contract.js';
import { elementCount, Graph, knownShape, type Value } from '../../onnx/graph.js';
import * as gradients from '../../onnx/gradients.js';
import * as ops from '../../onnx/ops.js';
import * as weightedLosses from '../../onnx/weighted-losses.js';
import { layerStep } from './blocked-layer-steps.js';
import { appendLayer, type WriteWeights } from '../../network/export.js';
import type { FoldedLayer } from '../../network/folded-network.js';
import type { Activation } from './layer-steps.js';
import { planLayouts } from './layouts.js';
import type { NetworkPlan } from '../../network/network.js';
import { outputLayouts, invertIndices, joinIndices, inputLayouts } from './parameter-layouts.js';

/** The names of a training graph's inputs and outputs; M is the microbatch's size. */
export const TRAINING_TENSORS = {
  /** in, `[M,1,side,side]` */
  image: 'image',
  /** in, `[M,outputs]`; of classes each row adds up to 1 */
  target: 'target',
  /** in, `[M,outputs]`: the weight of each output in the loss, where answers are cells (absent for classes) */
  weight: 'weight',
  /** in, in the order of `TrainingGraph.parameterNumbers` */
  parameters: 'parameters',
  /** out, one number: the mean loss of the microbatch */
  loss: 'loss',
  /** out, `[M,outputs]` */
  logits: 'logits',
  /** out, `[parameterCount]`: gradient of the mean loss, in the order of `TrainingGraph.gradientIndices` */
  gradients: 'gradients',
  /** out, `[statisticCount]`: mean and variance that the batch norms measured (absent without batch norms) */
  statistics: 'statistics',
} as const;

/** A mask that a dropout layer multiplies by: 0, or 1/(1-rate). */
export interface DropoutMask {
  readonly name: string;
  /** The microbatch is its first axis. */
  readonly shape: readonly number[];
  readonly rate: number;
}

export interface TrainingGraph {
  /** The ONNX file: forward, loss and all gradients of one microbatch, in one graph. */
  readonly model: Uint8Array;
  readonly dropoutMasks: readonly DropoutMask[];
  /** For each gradient that the graph gives: the index of its parameter in the plan. */
  readonly gradientIndices: Int32Array;
  /** For each parameter that the graph takes: the index of its gradient among those it gives. */
  readonly parameterNumbers: Int32Array;
}

/** A trained network that stays unchanged while a part beside it is trained. */
export interface FrozenNetwork {
  readonly layers: readonly FoldedLayer[];
  /**
   * Layer of the trained part -> number of frozen layers whose output it also reads, in front of the output of the
   * layer before it. The first layer reads the frozen output alone.
   */
  readonly joins: ReadonlyMap<number, number>;
}

/**
 * Writes the training step of a network for microbatches of `microbatch` images.
 * @param block channels per block of this machine's blocked operators (`detectNchwcBlockSize`), or `null` for
 * standard operators alone
 * @param frozen a network that `plan` branches off: it alone reads the images, and the logits of `plan` follow its
 * own. Its weights are constants of the graph and have no gradients.
 */
export function buildTrainingGraph(
  plan: NetworkPlan,
  microbatch: number,
  block: number | null = null,
  frozen: FrozenNetwork | null = null,
): TrainingGraph {
  const inBlocks = !frozen && microbatch % (block ?? 1) === 0;
  const layouts = planLayouts(plan, inBlocks ? block : null);
  const parameterLayouts = plan.layers.map((planned, i) => inputLayouts(planned, layouts[i] ?? null));
  const graph = new Graph(`${plan.name}_training`);
  const image = graph.input(TRAINING_TENSORS.image, [
    microbatch,
    ...(frozen ? [1, FRAME_SIDE, FRAME_SIDE] : plan.input),
  ]);
  const known = frozen && runFrozen(image, frozen);
  const parameterIndices = joinIndices(parameterLayouts.flat());
  const parameters = unpack(
    graph.input(TRAINING_TENSORS.parameters, [parameterIndices.length]),
    parameterLayouts.flat().map(({ shape }) => shape),
  );
  const dropoutMasks: DropoutMask[] = [];

  let activation = plainly(image);
  const steps = plan.layers.map((planned, i) => {
    const makeMask = (rate: number): Value => {
      const mask = { name: `dropout_${dropoutMasks.length}`, shape: [microbatch, ...planned.input], rate };
      dropoutMasks.push(mask);
      return graph.input(mask.name, mask.shape);
    };
    const own = parameters.splice(0, parameterLayouts[i]?.length);
    const joining = known?.joining.get(i);
    if (joining)
      activation = i === 0 ? plainly(joining) : plainly(ops.concat([joining, activation.value], 1));
    const step = layerStep({ planned, parameters: own, makeMask }, activation, layouts[i] ?? null);
    activation = step.y;
    return step;
  });

  const logits = known ? ops.concat([known.logits, activation.value], 1) : activation.value;
  const target = graph.input(TRAINING_TENSORS.target, knownShape('target', logits.shape));
  const { loss, dLogits } = isGridShown(plan.shown)
    ? gridLoss(GRIDS[plan.shown], logits, target, graph.input(TRAINING_TENSORS.weight, target.shape))
    : gradients.softmaxCrossEntropy(logits, target);
  let dy = known ? channelsFrom(dLogits, Number(known.logits.shape[1])) : dLogits;
  const parameterGradients: Value[] = [];
  for (const [index, step] of [...steps.entries()].toReversed()) {
    const { dx, dParameters } = step.backward(dy);
    parameterGradients.unshift(...dParameters);
    if (plan.layers.slice(0, index).some((earlier) => earlier.parameters.length > 0)) {
      const joined = known?.joining.get(index)?.shape[1];
      dy = joined === undefined ? dx() : channelsFrom(dx(), Number(joined));
    }
  }

  graph.output(TRAINING_TENSORS.loss, loss);
  graph.output(TRAINING_TENSORS.logits, logits);
  graph.output(TRAINING_TENSORS.gradients, pack(parameterGradients));
  const statistics = steps.flatMap((step) => step.statistics ?? []);
  if (statistics.length > 0) graph.output(TRAINING_TENSORS.statistics, pack(statistics));
  const gradientIndices = joinIndices(
    plan.layers.flatMap((planned, i) => outputLayouts(planned, layouts[i] ?? null)),
  );
  const numberOf = invertIndices(gradientIndices);
  const parameterNumbers = parameterIndices.map((index) => numberOf[index]!);
  return { model: graph.toModel(), dropoutMasks, gradientIndices, parameterNumbers };
}

function plainly(value: Value): Activation {
  return { value, inBlocks: false };
}

/** The logits of a frozen network, and the outputs that layers of the trained part read. */
function runFrozen(
  image: Value,
  { layers, joins }: FrozenNetwork,
): { logits: Value; joining: ReadonlyMap<number, Value> } {
  const asConstant: WriteWeights = (_layer, name, shape, values) => image.graph.constant(name, shape, values);
  const values = [image];
  let logits = image;
  for (const layer of layers) {
    logits = appendLayer(logits, { ...layer, name: `frozen_${layer.name}` }, asConstant);
    values.push(logits);
  }
  const joining = [...joins].map(([layer, behind]): [number, Value] => [layer, values[behind] ?? image]);
  return { logits, joining: new Map(joining) };
}

/** Logits come first, then coordinates of boxes. */
function gridLoss(grid: CellGrid, z: Value, target: Value, weight: Value): { loss: Value; dLogits: Value } {
  const ranges = [
    { axis: 1, from: 0, to: logitCount(grid) },
    { axis: 1, from: logitCount(grid), to: outputCount(grid) },
  ] as const;
  const logits = weightedLosses.sigmoidCrossEntropy(...pick(ranges[0]));
  const boxes = weightedLosses.huber(...pick(ranges[1]));
  return {
    loss: ops.add(logits.loss, boxes.loss),
    dLogits: ops.concat([logits.gradient, boxes.gradient], 1),
  };

  function pick(range: ops.SliceRange): [Value, Value, Value] {
    return [ops.slice(z, [range]), ops.slice(target, [range]), ops.slice(weight, [range])];
  }
}

/** x `[N, …]` without its first `from` channels, or columns. */
function channelsFrom(x: Value, from: number): Value {
  const [, channels = 0] = knownShape('channels', x.shape);
  return ops.slice(x, [{ axis: 1, from, to: channels }]);
}

/** Splits one flat tensor into pieces of the given shapes. */
function unpack(flat: Value, shapes: readonly (readonly number[])[]): Value[] {
  let from = 0;
  return shapes.map((shape) => {
    const range = { axis: 0, from, to: (from += elementCount(shape)) };
    return ops.reshape(ops.slice(flat, [range]), shape);
  });
}

/** Concatenates tensors into one flat tensor. */
function pack(values: readonly Value[]): Value {
  const [first, ...others] = values.map((value) => ops.reshape(value, [gradients.sizeOf(value)]));
  if (!first) throw new Error('unreachable: a network has parameters');
  return ops.concat([first, ...others], 0);
}
