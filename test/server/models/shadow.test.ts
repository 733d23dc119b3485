import { describe, expect, it, vi } from 'vitest';
import { contentOf } from '../../../src/image/picture.js';
import { readingOf, type Reading } from '../../../src/model/readings.js';
import { expositionOf } from '../../../src/server/metrics/exposition.js';
import { Recorder } from '../../../src/server/metrics/recorder.js';
import { ShadowMeter } from '../../../src/server/metrics/shadow-meter.js';
import { Totals } from '../../../src/server/metrics/totals.js';
import { Comparison, sumOfComparisons } from '../../../src/server/models/comparison.js';
import type { ShadowFigures } from '../../../src/server/models/model-messages.js';
import { Shadow } from '../../../src/server/models/shadow.js';
import { ShadowTotals } from '../../../src/server/models/shadow-totals.js';
import { classifierOf, fakeVersion } from '../../helpers/models/held-versions.js';
import { parseExposition, valueOf } from '../../helpers/surroundings/parse-exposition.js';

/** A reading that is sure of a digit. */
function readingOfDigit(digit: number, probability = 0.9, threshold = 0): Reading {
  const row = new Float32Array(10).fill((1 - probability) / 9);
  row[digit] = probability;
  return readingOf(row, 0, threshold, true);
}

/** A frame with ink. */
const FRAME = contentOf(new Uint8Array(784).fill(7));

describe('Comparison', () => {
  it('counts what agrees, how far probabilities lie apart, and what is taken for what', () => {
    const comparison = new Comparison();
    comparison.add(readingOfDigit(7), readingOfDigit(7, 0.8));
    comparison.add(readingOfDigit(7), readingOfDigit(1, 0.91));
    comparison.add(readingOfDigit(7), readingOfDigit(7, 0.9, 1.5));
    const { compared, agreed, probabilityDifference, disagreements } = comparison.figures;
    expect([compared, agreed]).toEqual([3, 1]);
    expect(probabilityDifference).toBeCloseTo(0.1 + (0.9 - 0.01) + 0, 6);
    expect(disagreements).toEqual({ '7>1': 1, '7>none': 1 });
    expect(sumOfComparisons([comparison.figures, comparison.figures])).toEqual({
      compared: 6,
      agreed: 2,
      probabilityDifference: 2 * probabilityDifference,
      disagreements: { '7>1': 2, '7>none': 2 },
    });
  });
});

describe('Shadow', () => {
  it('reads what it was offered once the queue is empty, and not before', async () => {
    const candidate = fakeVersion(2, classifierOf(1));
    const shadow = new Shadow(candidate.loaded, { share: 1 });
    let isIdle = false;
    for (let i = 0; i < 20; i++) shadow.offer(FRAME, readingOfDigit(i % 2));
    shadow.idle(() => isIdle);
    await vi.waitFor(() => expect(shadow.figures.compared).toBe(0));
    isIdle = true;
    await new Promise((resolve) => setImmediate(resolve));
    shadow.idle(() => isIdle);
    await vi.waitFor(() => expect(shadow.figures.compared).toBe(20));
    expect(shadow.figures).toMatchObject({ agreed: 10, disagreements: { '0>1': 10 } });
  });

  it('counts for good beside its figures, with the version that serves at the time', async () => {
    const recorder = new Recorder();
    const meter = new ShadowMeter(recorder);
    const shadow = new Shadow(fakeVersion(3, classifierOf(1)).loaded, {
      share: 1,
      capacity: 2,
      tally: meter.of(1, 3),
    });
    const compare = async (...digits: number[]): Promise<void> => {
      for (const digit of digits) shadow.offer(FRAME, readingOfDigit(digit));
      shadow.idle(() => true);
      await vi.waitFor(() => expect(shadow.figures.compared).toBe(Math.min(2, digits.length)));
    };
    await compare(7, 1, 7);
    shadow.restart(meter.of(2, 3));
    await compare(1);
    shadow.restart(meter.of(1, 3));
    await compare(1);
    const totals = new Totals();
    totals.add(recorder.takeDeltas());
    const families = parseExposition(expositionOf(totals.samples(), 'prometheus'));
    const of = (name: string, version: string, result?: string): number =>
      valueOf(families, `inkdigit_shadow_${name}`, { version, candidate: '3', ...(result && { result }) });
    expect(of('compared_images_total', '1', 'agreed')).toBe(2);
    expect(of('compared_images_total', '1', 'disagreed')).toBe(1);
    expect(of('dropped_images_total', '1')).toBe(1);
    // Sure of a 1 with 0.9, where the first is sure of a 7 with as much.
    expect(of('probability_difference_total', '1')).toBeCloseTo(0.9 - 0.1 / 9, 6);
    expect(of('compared_images_total', '2', 'agreed')).toBe(1);
    expect(of('dropped_images_total', '2')).toBe(0);
  });

  it('keeps the newest frames where more come than it has time for', async () => {
    const shadow = new Shadow(fakeVersion(2, classifierOf(3)).loaded, { share: 1, capacity: 4 });
    for (let i = 0; i < 10; i++) shadow.offer(FRAME, readingOfDigit(i < 6 ? 0 : 3));
    expect(shadow.dropped).toBe(6);
    shadow.idle(() => true);
    await vi.waitFor(() => expect(shadow.figures).toMatchObject({ compared: 4, agreed: 4 }));
  });

  it('takes the share of requests that it was told, and no pictures', () => {
    const numbers = [0.05, 0.1, 0.5, 0.09].values();
    const random = (): number => numbers.next().value ?? 1;
    const shadow = new Shadow(fakeVersion(2).loaded, { share: 0.1, random });
    expect(Array.from({ length: 4 }, () => shadow.samples())).toEqual([true, false, false, true]);
    const gray = { width: 1, height: 1, data: new Uint8Array(1) };
    const picture = { kind: 'picture', picture: { gray, reduction: 1, width: 1, height: 1 } } as const;
    shadow.offer(picture, readingOfDigit(1));
    shadow.idle(() => true);
    expect(shadow.figures.compared).toBe(0);
  });

  it('stops where its model fails, and is closed once', async () => {
    const failing = {
      ...classifierOf(1),
      probabilities: async (): Promise<never> => {
        throw new Error('broken');
      },
    };
    const candidate = fakeVersion(2, failing);
    const shadow = new Shadow(candidate.loaded, { share: 1 });
    shadow.offer(FRAME, readingOfDigit(1));
    shadow.idle(() => true);
    await vi.waitFor(() => expect(candidate.closed()).toBe(true));
    expect(candidate.faults).toHaveLength(1);
    expect(shadow.samples()).toBe(false);
    shadow.close();
    shadow.offer(FRAME, readingOfDigit(1));
    shadow.idle(() => true);
  });

  it('begins anew when another version serves', async () => {
    const shadow = new Shadow(fakeVersion(2, classifierOf(1)).loaded, { share: 1 });
    shadow.offer(FRAME, readingOfDigit(1));
    shadow.idle(() => true);
    await vi.waitFor(() => expect(shadow.figures.compared).toBe(1));
    shadow.restart();
    expect(shadow.figures.compared).toBe(0);
  });
});

describe('ShadowTotals', () => {
  const figures = (compared: number, serving = 1): ShadowFigures => ({
    serving,
    candidate: 2,
    share: 0.1,
    dropped: 1,
    compared,
    agreed: compared,
    probabilityDifference: 0,
    disagreements: {},
  });

  it('adds up all processes, those that have ended too, and never falls', () => {
    const totals = new ShadowTotals(1);
    expect(totals.figures).toBeUndefined();
    totals.add(1, figures(5));
    totals.add(1, figures(8));
    totals.add(2, figures(2));
    totals.left(1);
    totals.left(3);
    totals.add(3, figures(1));
    expect(totals.figures).toMatchObject({ compared: 11, dropped: 3, candidate: 2 });
  });

  it('begins anew with the version that serves, and passes over news of the one before', () => {
    const totals = new ShadowTotals(1);
    totals.add(1, figures(5));
    totals.restart(1);
    expect(totals.figures?.compared).toBe(5);
    totals.restart(3);
    totals.add(1, figures(9, 1));
    expect(totals.figures).toBeUndefined();
    totals.add(1, figures(2, 3));
    expect(totals.figures?.compared).toBe(2);
  });
});
