import { InferenceSession, Tensor } from '../../model/runtime/onnx-runtime.js';
import { normal } from '../../random.js';
import { randomStream } from '../../random-streams.js';
import { convBlock, conv, planNetwork, type Network, type NetworkPlan } from '../../network/network.js';
import { scatter } from '../graph/parameter-layouts.js';
import { initialParameters } from '../threads/shared-state.js';
import { buildTrainingGraph, TRAINING_TENSORS } from '../graph/training-graph.js';

/** With AVX-512, and with AVX2. */
const BLOCKS = [16, 8];

/** Rounding errors are smaller by an order of magnitude, those of a wrong formula larger by two. */
const TOLERANCE = 1e-4;

/**
 * The channels per block of this machine's blocked (NCHWc) operators. They are internal to ONNX Runtime, so they are
 * tried first: a training step of a small network that uses all of them must give what standard operators give.
 * @returns `null` where none work; the trainer then uses standard operators alone
 */
export async function detectNchwcBlockSize(): Promise<number | null> {
  for (const block of BLOCKS) if (await worksInBlocksOf(block)) return block;
  return null;
}

/**
 * Every way in which a network uses blocked operators: with a stride from the image and after it, with and without
 * padding and bias.
 */
function probeOf(block: number): Network {
  return {
    name: 'probe',
    layers: [
      ...convBlock(block, 5, { stride: 4 }),
      conv(2 * block, 3),
      { kind: 'relu' },
      { kind: 'maxPool' },
      ...convBlock(block, 2, { padding: 0 }),
      ...convBlock(block, 3, { stride: 2 }),
      { kind: 'globalAveragePool' },
      { kind: 'dense', units: 10 },
    ],
  };
}

/** Whether this machine has blocked operators with this number of channels per block. */
export async function worksInBlocksOf(block: number): Promise<boolean> {
  const plan = planNetwork(probeOf(block));
  const standard = await gradientsOf(plan, block, null);
  // They may be missing, or built for another machine.
  const blocked = await gradientsOf(plan, block, block).catch(() => null);
  if (!blocked) return false;
  const largest = standard.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return standard.every((value, i) => Math.abs(value - (blocked[i] ?? NaN)) <= TOLERANCE * largest);
}

/** Gradients of one training step on random numbers, in the order of the plan, then the batch norms' statistics. */
async function gradientsOf(
  plan: NetworkPlan,
  microbatch: number,
  block: number | null,
): Promise<Float32Array> {
  const graph = buildTrainingGraph(plan, microbatch, block);
  const random = randomStream('operatorProbe');
  const parameters = initialParameters(plan, 1).map((value) => value + 0.1 * normal(random));
  const tensor = (shape: readonly number[], valueOf: (i: number) => number): Tensor =>
    new Tensor(
      'float32',
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => valueOf(i)),
      shape,
    );
  const session = await InferenceSession.create(graph.model, {
    intraOpNumThreads: 1,
    // Errors about missing operators are expected.
    logSeverityLevel: 4,
  });
  try {
    const outputs = await session.run({
      [TRAINING_TENSORS.image]: tensor([microbatch, ...(plan.layers[0]?.input ?? [])], random),
      [TRAINING_TENSORS.target]: tensor([microbatch, 10], (i) =>
        i % 10 === Math.floor(i / 10) % 10 ? 1 : 0,
      ),
      [TRAINING_TENSORS.parameters]: tensor(
        [graph.parameterNumbers.length],
        (i) => parameters[graph.gradientIndices[graph.parameterNumbers[i]!]!]!,
      ),
    });
    const [gradients, statistics] = [TRAINING_TENSORS.gradients, TRAINING_TENSORS.statistics].map(
      (name) => outputs[name]?.data,
    );
    if (!(gradients instanceof Float32Array) || !(statistics instanceof Float32Array)) {
      throw new Error('unreachable: the graph gives gradients and statistics');
    }
    return Float32Array.of(...scatter(gradients, graph.gradientIndices), ...statistics);
  } finally {
    await session.release();
  }
}
