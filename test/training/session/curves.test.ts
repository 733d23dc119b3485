import { describe, expect, it } from 'vitest';
import { measure } from '../../../src/evaluation/metrics.js';
import { trainingCurves } from '../../../src/training/session/curves.js';
import type { EpochReport } from '../../../src/training/reports.js';

/** Epochs of these losses, with every validation image correctly classified. */
function epochsOf(...losses: number[]): EpochReport[] {
  const answers = Float32Array.from({ length: 10 }, (_, digit) => (digit === 3 ? 0.91 : 0.01));
  return losses.map((loss, i) => ({
    epoch: i + 1,
    epochs: losses.length,
    loss,
    learningRate: 0.001,
    validation: measure(answers, Uint8Array.of(3)),
    temperature: 1,
    digitThreshold: 0,
    best: true,
    imagesPerSecond: 1000,
    seconds: 1,
  }));
}

describe('trainingCurves', () => {
  it.each([
    ['falls', [0.5, 0.1, 0.02]],
    ['falls to exactly 0', [0.5, 0.1, 0]],
    ['is 0 from the start', [0]],
  ])('draws a loss that %s', (_, losses) => {
    const picture = trainingCurves(epochsOf(...losses), 'a & b');
    expect(picture).toMatch(/^<svg[^]*a &amp; b[^]*<\/svg>\n$/);
    expect(picture).not.toMatch(/NaN|Infinity/);
    const [loss = '', errors = ''] = [...picture.matchAll(/points="([^"]*)"/g)].map(([, points]) => points);
    expect([loss, errors].map((points) => points.split(' ').length)).toEqual([losses.length, losses.length]);
  });
});
