import { describe, expect, it } from 'vitest';
import { measure } from '../../../src/evaluation/metrics.js';
import { DEFAULT_RECIPE, planOf } from '../../../src/training/recipe.js';
import { networkByName } from '../../../src/network/networks.js';
import { createSharedState } from '../../../src/training/threads/shared-state.js';
import { TrainingRun } from '../../../src/training/run/training-run.js';
import type { TrainingResult } from '../../../src/training/reports.js';
import { drawnSet } from '../../helpers/drawn-set.js';

const recipe = { ...DEFAULT_RECIPE, network: networkByName('small'), batchSize: 4 };
const plan = planOf(recipe);

interface Figures {
  readonly loss: number;
  readonly passing?: number;
}

/** A training whose epochs, of a step each, are validated as given and learn nothing. */
function runJudged(figures: readonly Figures[]): Promise<TrainingResult> {
  const gradientIndices = Int32Array.from({ length: plan.parameterCount }, (_, i) => i);
  const shared = createSharedState(plan, drawnSet(4, 1), {
    batchSize: 4,
    slots: 1,
    seed: 1,
    gradientIndices,
    stepsAhead: 4,
  });
  const idle = { run: async () => {}, close: async () => {} };
  let epoch = 0;
  return new TrainingRun({
    recipe: { ...recipe, epochs: figures.length },
    plan,
    shared,
    gradientIndices,
    loaders: [idle],
    workers: [idle],
    stepsPerEpoch: 1,
    hooks: {},
    resumeFrom: null,
    validate: async () => {
      const { loss, passing } = figures[epoch++]!;
      const parameters = Float32Array.of(epoch);
      return {
        validation: { ...measure(new Float32Array(0), new Uint8Array(0)), cappedLogLoss: loss },
        temperature: 1,
        digitThreshold: 0,
        ...(passing !== undefined && { outliersPassing: passing }),
        whole: { parameters, statistics: new Float32Array(0) },
      };
    },
  }).run();
}

describe('the epoch that is kept', () => {
  it.each<[string, readonly Figures[], number]>([
    ['the one of the smallest loss', [{ loss: 0.3 }, { loss: 0.1 }, { loss: 0.2 }], 2],
    ['the last of equal ones', [{ loss: 0.2 }, { loss: 0.1 }, { loss: 0.1 }, { loss: 0.3 }], 3],
    [
      'the last of those whose loss and passing outliers add up to the same',
      [
        { loss: 0.25, passing: 0.5 },
        { loss: 0.5, passing: 0.25 },
      ],
      2,
    ],
    [
      'the last of them the other way round',
      [
        { loss: 0.5, passing: 0.25 },
        { loss: 0.25, passing: 0.5 },
      ],
      2,
    ],
    [
      'one that accepts fewer outliers, at the same loss',
      [
        { loss: 0.5, passing: 0.25 },
        { loss: 0.5, passing: 0.125 },
        { loss: 0.5, passing: 0.25 },
      ],
      2,
    ],
  ])('is %s', async (_, figures, kept) => {
    const { best, weights } = await runJudged(figures);
    expect(best.epoch).toBe(kept);
    expect([...weights.parameters]).toEqual([kept]);
  });
});
