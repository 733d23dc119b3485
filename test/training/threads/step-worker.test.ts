import { describe, expect, it, onTestFinished } from 'vitest';
import { createRandom, normal } from '../../../src/random.js';
import { planNetwork } from '../../../src/network/network.js';
import { createSharedState, type SharedState } from '../../../src/training/threads/shared-state.js';
import { StepWorker } from '../../../src/training/threads/step-worker.js';
import { buildTrainingGraph } from '../../../src/training/graph/training-graph.js';
import { drawnSet } from '../../helpers/drawn-set.js';

/** One dense layer of zeros after dropout: its loss does not depend on the mask, its gradient does. */
const plan = planNetwork({
  name: 'linear',
  layers: [{ kind: 'flatten' }, { kind: 'dropout', rate: 0.5 }, { kind: 'dense', units: 10 }],
});
const MICROBATCH = 32;

async function startWorker(slots: number): Promise<{ worker: StepWorker; shared: SharedState }> {
  const { gradientIndices, ...graph } = buildTrainingGraph(plan, MICROBATCH, null);
  const settings = { batchSize: slots * MICROBATCH, slots, seed: 1, gradientIndices, stepsAhead: 4 };
  const shared = createSharedState(plan, drawnSet(MICROBATCH, 1), settings);
  const worker = await StepWorker.create({
    role: 'steps',
    device: 'cpu',
    ...graph,
    shared,
    microbatch: MICROBATCH,
    input: [1, 28, 28],
    outputs: 10,
    seed: 1,
    labelSmoothing: 0,
    distillation: null,
    weightDecay: 0,
    from: 0,
    to: plan.parameterCount,
  });
  onTestFinished(() => worker.close());
  return { worker, shared };
}

describe('a step', () => {
  it('leaves the mean of what goes through dropout as it is', async () => {
    const { worker, shared } = await startWorker(1);
    shared.parameters.fill(0);
    shared.batchImages.fill(1);
    shared.batchLabels.fill(3);
    await worker.run({ kind: 'gradients', step: 0 });
    expect(shared.losses[0]).toBeCloseTo(Math.log(10), 5);
    // By the weight of an input to the output of the label: (0.1 - 1) times the mean of its masks.
    const ofLabel = Array.from({ length: 784 }, (_, input) => shared.gradients[input * 10 + 3]! / -0.9);
    const mean = ofLabel.reduce((a, b) => a + b, 0) / 784;
    expect(Math.abs(mean - 1)).toBeLessThan(0.03);
    for (const value of ofLabel)
      expect(value * (MICROBATCH / 2)).toBeCloseTo(Math.round(value * (MICROBATCH / 2)), 3);
  });

  it('updates by the mean of the gradients of all microbatches', async () => {
    const { worker, shared } = await startWorker(3);
    const random = createRandom(1);
    for (let i = 0; i < shared.gradients.length; i++) shared.gradients[i] = normal(random);
    await worker.run({ kind: 'update', step: 1, learningRate: 0.01, averageDecay: 0.9 });
    const { parameterCount: count } = plan;
    for (let i = 0; i < count; i += 97) {
      const mean = [0, 1, 2].reduce((sum, slot) => sum + shared.gradients[slot * count + i]! / 3, 0);
      expect(shared.firstMoment[i]).toBeCloseTo(0.1 * mean, 6);
      expect(shared.secondMoment[i]).toBeCloseTo(0.001 * mean ** 2, 8);
    }
  });
});
