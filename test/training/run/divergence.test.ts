import { describe, expect, it } from 'vitest';
import { createRandom, normal } from '../../../src/random.js';
import { diverged, DivergenceWatch } from '../../../src/training/run/divergence.js';

/** Feeds losses. @returns the step, 1 for the first, at which the watch spoke, and what it said; or null. */
function watch(
  losses: readonly number[],
  before: readonly number[] = [],
  totalSteps = 5000,
): [number, string] | null {
  const divergence = new DivergenceWatch(totalSteps, before);
  for (const [i, loss] of losses.entries()) {
    const said = divergence.observe(loss);
    if (said !== null) return [i + 1, said];
  }
  return null;
}

const series = (steps: number, loss: (step: number) => number): number[] =>
  Array.from({ length: steps }, (_, step) => loss(step));

/** As trainings go: from chance down to a floor, with the noise of batches in proportion. */
function healthy(steps: number, floor: number, noise: number, seed: number): number[] {
  const random = createRandom(seed);
  return series(steps, (step) => (floor + 2.3 * Math.exp(-step / 150)) * Math.exp(noise * normal(random)));
}

describe('DivergenceWatch', () => {
  it.each([1, 2, 3, 4])('says nothing of healthy curves, however noisy (seed %i)', (seed) => {
    expect(watch(healthy(3000, 0.15, 0.3, seed))).toBeNull();
    expect(watch(healthy(3000, 0.15, 0.8, seed))).toBeNull();
    // Little data learned by heart: the loss is tiny, and many times that at some images.
    expect(watch(healthy(3000, 0.0005, 1.5, seed))).toBeNull();
  });

  it('says nothing of a loss that stays where it began, or starts high and falls', () => {
    expect(watch(series(2000, () => 2.3))).toBeNull();
    expect(watch(series(2000, (step) => 40 * 0.99 ** step + 0.2))).toBeNull();
  });

  it('waits for no guess where it is not known what one costs', () => {
    const divergence = new DivergenceWatch(5000, [], Infinity);
    const said = series(2000, (step) => 60 * 0.9995 ** step).map((loss) => divergence.observe(loss));
    expect(said.find((words) => words !== null)).toBeUndefined();
    const risen = series(1000, () => 200).map((loss) => divergence.observe(loss));
    expect(risen.find((words) => words !== null)).toMatch(/^the loss rose from 22\.\d to 200/);
  });

  it('gives a loss time that jumps up and comes back, fast or slowly', () => {
    const after = (decay: number): number[] => [
      ...healthy(1000, 0.2, 0.2, 1),
      ...series(2000, (step) => 0.2 + 4 * decay ** step),
    ];
    expect(watch(after(0.9))).toBeNull();
    expect(watch(after(0.997))).toBeNull();
  });

  it('says nothing of a small loss that becomes many times as large and is small still', () => {
    expect(
      watch(
        series(1000, () => 0.5),
        [0.9, 0.01],
      ),
    ).toBeNull();
  });

  it('is not told by creeping down that a loss is on its way back', () => {
    const creeping = [...healthy(1000, 0.2, 0.2, 1), ...series(1000, (step) => 10 * 0.9995 ** step)];
    expect(watch(creeping)?.[1]).toMatch(/^the loss rose from .* and did not come down in 300 steps$/);
  });

  it('speaks up when the loss rises without end', () => {
    const rising = [...healthy(1000, 0.2, 0.2, 1), ...series(1000, (step) => 0.2 * 1.01 ** step)];
    const [step, said] = watch(rising) ?? [];
    expect(step).toBeGreaterThan(1400);
    expect(step).toBeLessThan(1700);
    expect(said).toMatch(/^the loss rose from 0\.\d+ to [\d.]+ and did not come down in 300 steps$/);
  });

  it('speaks up when the network falls back to knowing nothing', () => {
    const collapsed = [...healthy(1000, 0.2, 0.2, 1), ...series(500, () => 2.3)];
    expect(watch(collapsed)?.[0]).toBeGreaterThan(1300);
    expect(watch(collapsed)?.[0]).toBeLessThan(1400);
  });

  it('speaks up when a training does not even begin to learn', () => {
    const [step, said] = watch(series(2000, () => 500)) ?? [];
    expect(step).toBe(319);
    expect(said).toBe('the loss is 500, where a guess costs 2.30, and did not come down in 300 steps');
  });

  it('has less patience in a short training', () => {
    const collapsed = [...healthy(300, 0.2, 0.2, 1), ...series(200, () => 2.3)];
    expect(watch(collapsed, [], 5000)).toBeNull();
    expect(watch(collapsed, [], 400)?.[1]).toMatch(/did not come down in 40 steps$/);
    expect(watch(collapsed, [], 100)?.[1]).toMatch(/did not come down in 30 steps$/);
  });

  it('remembers the epochs before where a training is continued', () => {
    const collapsed = series(500, () => 2.3);
    expect(watch(collapsed)).toBeNull();
    expect(watch(collapsed, [0.9, 0.3, 0.25])?.[1]).toMatch(/^the loss rose from 0\.250 to/);
    expect(watch(healthy(2000, 0.2, 0.2, 1).slice(800), [0.5, 0.25])).toBeNull();
  });

  it.each([NaN, Infinity, -Infinity])('speaks up at once when the loss is %d', (loss) => {
    expect(watch([2.3, 2.2, loss])).toEqual([3, `the loss became ${loss}`]);
  });

  it('becomes an error that says where it was and what to try', () => {
    expect(diverged('the loss became NaN', 3, 431, 0.004)).toMatchObject({
      code: 'training_failed',
      message:
        'The training diverged in epoch 3, step 431: the loss became NaN. Try a smaller learning rate than 0.004, ' +
        'as --learning-rate 0.001. Where none helps, look for images with wrong labels.',
    });
  });
});
