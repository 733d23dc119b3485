import { describe, expect, it } from 'vitest';
import { answerFrames, answersOf } from '../../src/evaluation/answers.js';
import type { Reading } from '../../src/model/readings.js';
import { fakeClassifier } from '../helpers/models/fake-classifier.js';

describe('answers', () => {
  it('hold the probabilities of readings, and how many were taken for digits', () => {
    const reading = (digit: boolean): Reading => ({
      class: 2,
      probability: 1,
      probabilities: Float32Array.from({ length: 10 }, (_, i) => (i === 2 ? 1 : 0)),
      digit,
      threshold: 0.5,
    });
    const { probabilities, passing } = answersOf([reading(true), reading(false)]);
    expect(probabilities).toHaveLength(20);
    expect([probabilities[2], probabilities[12]]).toEqual([1, 1]);
    expect(passing).toBe(1);
  });

  it('to frames are those of a classifier, and a blank is none of its digits', async () => {
    const pixels = new Uint8Array(3 * 784);
    pixels.set([3], 0);
    pixels.set([9], 784);
    const { probabilities, passing } = await answerFrames(fakeClassifier(), { count: 3, pixels });
    expect(probabilities[3]).toBeGreaterThan(0.9);
    expect(probabilities[10 + 9]).toBeGreaterThan(0.9);
    expect(passing).toBe(2);
  });
});
