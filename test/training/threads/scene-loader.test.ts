import { describe, expect, it } from 'vitest';
import { planNetwork, SHOWN_SIDES } from '../../../src/network/network.js';
import { networkByName } from '../../../src/network/networks.js';
import { SceneLoader } from '../../../src/training/threads/scene-loader.js';
import { createSharedState, type SharedState } from '../../../src/training/threads/shared-state.js';
import { randomStream } from '../../../src/random-streams.js';
import { fakePainter } from '../../helpers/fake-painter.js';

const BATCH = 3;
const STEPS_PER_EPOCH = 4;
const STEPS_AHEAD = 3;

function create(shown: 'view' | 'overview' | 'thumbnail'): { shared: SharedState; loaders: SceneLoader[] } {
  const plan = planNetwork(
    networkByName({ view: 'reader', overview: 'finder', thumbnail: 'thumbnail' }[shown]),
  );
  const gradientIndices = Int32Array.from({ length: plan.parameterCount }, (_, i) => i);
  const shared = createSharedState(plan, null, {
    batchSize: BATCH,
    slots: 1,
    seed: 1,
    gradientIndices,
    stepsAhead: STEPS_AHEAD,
  });
  const settings = { shared, batchSize: BATCH, stepsPerEpoch: STEPS_PER_EPOCH, seed: 3, shown };
  return { shared, loaders: [0, 1].map(() => new SceneLoader(settings, fakePainter())) };
}

/** What lies at the places of a step. */
function partOf(all: Float32Array | Uint8Array, step: number): number[] {
  const length = all.length / STEPS_AHEAD;
  return [...all.subarray((step % STEPS_AHEAD) * length, ((step % STEPS_AHEAD) + 1) * length)];
}

describe('SceneLoader', () => {
  it.each(['view', 'thumbnail'] as const)(
    'draws each %s from its own stream, as levels of 0 to 1',
    (shown) => {
      const { shared, loaders } = create(shown);
      const step = STEPS_PER_EPOCH + 2;
      loaders[0]?.load(step);
      const expected = Array.from({ length: BATCH }, (_, i) => {
        const levels = new Uint8Array(SHOWN_SIDES[shown] ** 2);
        const label = fakePainter().drawToRead(
          shown,
          randomStream('trainedScenes', 3, 2, 2 * BATCH + i),
          levels,
        );
        return { label, levels };
      });
      expect(partOf(shared.batchLabels, step)).toEqual(expected.map(({ label }) => label));
      const levels = partOf(shared.batchImages, step).map((value) => Math.round(255 * value));
      expect(levels).toEqual(expected.flatMap((view) => [...view.levels]));
      expect(Math.max(...shared.batchImages)).toBe(1);
      expect(shared.batchTargets.length + shared.batchWeights.length).toBe(0);
    },
  );

  it('makes the same whichever loader does it', () => {
    const [alone, turns] = [create('overview'), create('overview')];
    for (let step = 0; step < STEPS_AHEAD; step++) {
      alone.loaders[0]?.load(step);
      turns.loaders[step % 2]?.load(step);
    }
    expect(turns.shared.batchImages).toEqual(alone.shared.batchImages);
    expect(turns.shared.batchTargets).toEqual(alone.shared.batchTargets);
    expect(turns.shared.batchWeights).toEqual(alone.shared.batchWeights);
    expect(turns.shared.batchTargets.some((value) => value === 1)).toBe(true);
  });

  it('makes other pictures for every step and epoch', () => {
    const { shared, loaders } = create('overview');
    const seen = Array.from({ length: 2 * STEPS_PER_EPOCH }, (_, step) => {
      loaders[0]?.load(step);
      return partOf(shared.batchImages, step).join();
    });
    expect(new Set(seen).size).toBe(seen.length);
  });
});
