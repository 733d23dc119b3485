import { describe, expect, it } from 'vitest';
import { multiplyAddsOf, networksOf } from '../../../src/model/card/card.js';
import { describeCost } from '../../../src/evaluation/report.js';
import { fakeCard } from '../../helpers/models/fake-classifier.js';

const alone = { ...fakeCard(), network: { ...fakeCard().network, name: 'large', multiplyAdds: 4_000_000 } };
const cascade = {
  ...alone,
  cascade: {
    first: {
      file: 'small.onnx',
      sha256: '',
      network: { ...alone.network, name: 'small', multiplyAdds: 500_000 },
      recipe: {},
      seed: 1,
    },
    confidence: 0.98,
    answeredFirst: 0.9,
  },
};

describe('multiplyAddsOf', () => {
  it('is what the network costs, or, of a cascade, what both do and how often', () => {
    expect(multiplyAddsOf(alone)).toEqual({ mean: 4_000_000, most: 4_000_000 });
    expect(multiplyAddsOf(cascade)).toEqual({ mean: 900_000, most: 4_500_000 });
  });
});

describe('describeCost and networksOf', () => {
  it('say it in words', () => {
    expect([networksOf(alone), describeCost(alone)]).toEqual(['large', '4,000,000 multiply-adds an image']);
    expect([networksOf(cascade), describeCost(cascade)]).toEqual([
      'small, then large',
      '900,000 multiply-adds an image on average, 4,500,000 at most',
    ]);
  });
});
