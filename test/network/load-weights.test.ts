import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { floatModelPath } from '../../src/model/model-paths.js';
import { loadFrameWeights, loadWeights } from '../../src/network/load-weights.js';
import { encodeNamedWeights } from '../helpers/models/named-weights.js';

describe('loadWeights', () => {
  it('finds beside the shipped model the weights that it was made from', async () => {
    const { network, weights } = await loadWeights(floatModelPath());
    expect(network).toBe('compact-guarded');
    expect(weights.parameters.every((value) => Number.isFinite(value))).toBe(true);
  });
});

describe('loadFrameWeights', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'inkdigit-weights-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['reader', 'views'],
    ['finder', 'overviews'],
  ])('refuses those of a network that is shown something else: %s', async (network, shown) => {
    const path = join(folder, `${network}.weights`);
    writeFileSync(path, encodeNamedWeights(network));
    await expect(loadFrameWeights(path, 'init')).rejects.toThrow(
      expect.objectContaining({
        code: 'invalid_option',
        message:
          `init: ${path} is of the network ${network}, which is shown ${shown}; ` +
          'expected one that reads frames.',
      }),
    );
  });
});
