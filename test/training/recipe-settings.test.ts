import { describe, expect, it } from 'vitest';
import { batchSizeFor, DEFAULT_RECIPE, microbatchOf, QUICK_RECIPE } from '../../src/training/recipe.js';
import { applySettings, otherSettings } from '../../src/training/recipe-settings.js';

describe('applySettings', () => {
  it('leaves a preset as it is where nothing is given', () => {
    expect(applySettings(QUICK_RECIPE, {})).toEqual(QUICK_RECIPE);
    expect(applySettings(QUICK_RECIPE, { augment: true })).toEqual(QUICK_RECIPE);
  });

  it('puts what is given in its place', () => {
    const given = {
      network: 'baseline',
      epochs: 3,
      batchSize: 64,
      learningRate: 0,
      weightDecay: 0,
      labelSmoothing: 0,
      outlierShare: 0,
      scenesPerEpoch: 1000,
      seed: 0,
    };
    const { network, ...rest } = applySettings(QUICK_RECIPE, { ...given, augment: false });
    expect({ ...rest, network: network.name }).toEqual({ ...QUICK_RECIPE, ...given, augmentation: null });
  });
});

describe('otherSettings', () => {
  it('finds none where the same is given, or nothing', () => {
    const { epochs, learningRate } = DEFAULT_RECIPE;
    expect(otherSettings(DEFAULT_RECIPE, { epochs, learningRate, augment: true })).toEqual([]);
    expect(otherSettings({ ...DEFAULT_RECIPE, augmentation: null }, { augment: false })).toEqual([]);
  });

  it('says what the recipe has', () => {
    expect(
      otherSettings(DEFAULT_RECIPE, {
        network: 'baseline',
        epochs: 1,
        batchSize: 8,
        seed: 0,
        augment: false,
      }),
    ).toEqual([
      `--network ${DEFAULT_RECIPE.network.name}`,
      `--epochs ${DEFAULT_RECIPE.epochs}`,
      `--batch-size ${DEFAULT_RECIPE.batchSize}`,
      '--seed 1',
      'no --no-augment',
    ]);
  });
});

describe('the quick recipe', () => {
  it('has fewer epochs', () => {
    expect(QUICK_RECIPE.epochs).toBeLessThan(DEFAULT_RECIPE.epochs / 2);
  });
});

describe('batchSizeFor', () => {
  it.each([
    [55_000, 128, 128],
    [1_024, 128, 128],
    [1_023, 128, 64],
    [360, 128, 32],
    [100, 128, 8],
    [36, 128, 8],
    [5, 128, 5],
    [1, 128, 1],
    [100, 96, 8],
    [700, 96, 64],
    [767, 96, 64],
    [768, 96, 96],
    [20, 4, 4],
  ])('for %i images and %i a step gives %i', (images, batchSize, expected) => {
    expect(batchSizeFor(images, batchSize)).toBe(expected);
    expect(() => microbatchOf(expected)).not.toThrow();
  });
});
