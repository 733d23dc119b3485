import { describe, expect, it } from 'vitest';
import { convBlock, planNetwork } from '../../../src/network/network.js';
import { createSharedState, initialParameters } from '../../../src/training/threads/shared-state.js';
import { drawnSet } from '../../helpers/drawn-set.js';

const plan = planNetwork({
  name: 'tiny',
  layers: [...convBlock(2, 5, { stride: 2 }), { kind: 'flatten' }, { kind: 'dense', units: 10 }],
});

describe('the shared state', () => {
  it('keeps what belongs to a parameter, whether it decays as well, in the order of the gradients', () => {
    const { parameterCount: count } = plan;
    const gradientIndices = Int32Array.from({ length: count }, (_, i) => count - 1 - i);
    const settings = { batchSize: 4, slots: 1, seed: 3, gradientIndices, stepsAhead: 4 };
    const { parameters, averageParameters, decays } = createSharedState(plan, drawnSet(4, 1), settings);
    const planned = initialParameters(plan, 3);
    const ofWeights = plan.parameters.filter(({ shape }) => shape.length > 1);
    expect(ofWeights.length).toBe(2);
    for (let i = 0; i < count; i++) {
      const place = gradientIndices[i]!;
      expect(parameters[i]).toBe(planned[place]);
      expect(averageParameters[i]).toBe(planned[place]);
      const isWeight = ofWeights.some(({ offset, size }) => place >= offset && place < offset + size);
      expect(decays[i]).toBe(isWeight ? 1 : 0);
    }
  });
});
