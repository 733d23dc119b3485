import { describe, expect, it } from 'vitest';
import { floatModelPath } from '../../src/model/model-paths.js';
import { loadWeights } from '../../src/cli/training-files.js';

describe('loadWeights', () => {
  it('finds beside the shipped model the weights that it was made from', async () => {
    const { network, weights } = await loadWeights(floatModelPath());
    expect(network).toBe('compact-guarded');
    expect(weights.parameters.every((value) => Number.isFinite(value))).toBe(true);
  });
});
