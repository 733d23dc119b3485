import { describe, expect, it } from 'vitest';
import { measure } from '../../../src/evaluation/metrics.js';
import {
  recordCandidates,
  recordOutliers,
  recordSeeds,
  recordTest,
} from '../../../src/model/card/record-figures.js';
import { parseModelCard } from '../../../src/model/card/card.js';
import { fakeCard } from '../../helpers/models/fake-classifier.js';

const metrics = measure(
  Float32Array.of(
    0.9,
    ...Array.from({ length: 9 }, () => 0.1 / 9),
    0.8,
    ...Array.from({ length: 9 }, () => 0.2 / 9),
  ),
  Uint8Array.of(0, 4),
);

const robustness = {
  meanError: 0.25,
  corruptions: [
    { name: 'fog', count: 4, correct: 2, accuracy: 0.5, error: 0.5 },
    { name: 'scale', count: 4, correct: 4, accuracy: 1, error: 0 },
  ],
};

describe('recordTest', () => {
  it('writes a card that reads as one, with all that was measured', () => {
    const card = recordTest(fakeCard(), metrics, robustness);
    const { test, robustness: recorded } = parseModelCard(JSON.stringify(card), 'the card');
    expect(test).toEqual({
      accuracy: 0.5,
      correct: 1,
      count: 2,
      calibrationError: metrics.calibrationError,
      negativeLogLikelihood: metrics.negativeLogLikelihood,
    });
    expect(recorded).toEqual({ meanError: 0.25, errors: { fog: 0.5, scale: 0 } });
  });

  it('leaves what it knows nothing of', () => {
    const once = recordTest(fakeCard(), metrics, robustness);
    expect(recordTest(once, metrics, null)).toEqual(once);
    expect(recordTest(fakeCard(), metrics, null)).not.toHaveProperty('robustness');
    const { test: _, ...rest } = recordTest(fakeCard(), metrics, null);
    const { test: __, ...before } = fakeCard();
    expect(rest).toEqual(before);
  });
});

describe('recordOutliers', () => {
  it('writes a card that reads as one, with the figures of each kind', () => {
    const figures = { count: 8, auroc: 0.875, aupr: 0.75, falsePositiveRate: 0.5, passing: 0.25 };
    const all = { source: 'drawn', threshold: 0.4, ...figures, digitsPassing: 0.998 };
    const card = recordOutliers(fakeCard(), { ...all, kinds: [{ name: 'letters', ...figures }] });
    const { outliers, ...rest } = parseModelCard(JSON.stringify(card), 'the card');
    expect(outliers).toEqual({ ...all, kinds: { letters: figures } });
    expect(rest).toEqual(fakeCard());
  });
});

/** The card of a model that was evaluated. */
function of(seed: number, correct: number): ReturnType<typeof fakeCard> {
  return {
    ...fakeCard(),
    seed,
    file: { bytes: 1, sha256: `sha256 of ${seed}` },
    test: { accuracy: correct / 1000, correct, count: 1000 },
  };
}

describe('recordSeeds', () => {
  it('tells of each training, their mean and the deviation of one', () => {
    const { seeds } = parseModelCard(
      JSON.stringify(recordSeeds(of(1, 997), [of(2, 995), of(3, 999)])),
      'the card',
    );
    expect(seeds?.trainings.map(({ seed, sha256, test }) => [seed, sha256, test.correct])).toEqual([
      [1, 'sha256 of 1', 997],
      [2, 'sha256 of 2', 995],
      [3, 'sha256 of 3', 999],
    ]);
    expect(seeds?.meanAccuracy).toBeCloseTo(0.997, 10);
    expect(seeds?.deviation).toBeCloseTo(0.002, 10);
  });

  it.each([
    [
      'another network',
      { ...of(2, 1), network: { ...fakeCard().network, name: 'other' } },
      /network is other/,
    ],
    [
      'another form of the network',
      { ...of(2, 1), network: { ...fakeCard().network, layers: ['dense 9', 'dense 10'] } },
      /list of layers is dense 9, dense 10, not dense 10/,
    ],
    [
      'another number of parameters',
      { ...of(2, 1), network: { ...fakeCard().network, parameters: 7 } },
      /number of parameters is 7, not 0/,
    ],
    [
      'other data',
      { ...of(2, 1), data: { 'train-images': 'digest' } },
      /train-images is digest, not left out/,
    ],
    ['another recipe', { ...of(2, 1), recipe: { ...fakeCard().recipe, epochs: 99 } }, /epochs is 99/],
    ['the same seed', of(1, 1), /from the seed 1/],
    ['no figures', { ...of(2, 1), test: null }, /seed 2 .*was not evaluated.*evaluate --record/],
  ])('refuses %s', (_, other, message) => {
    expect(() => recordSeeds(of(1, 997), [other])).toThrow(message);
  });

  it('refuses a training that was stopped before its end', () => {
    const trained = (seed: number, epochs: number): ReturnType<typeof of> => ({
      ...of(seed, 997),
      recipe: { epochs: 60 },
      epochs,
    });
    expect(() => recordSeeds(trained(1, 60), [trained(2, 60)])).not.toThrow();
    const stopped = /seed 2 .* its training was stopped after 20 of 60 epochs\.$/;
    expect(() => recordSeeds(trained(1, 60), [trained(2, 20)])).toThrow(stopped);
  });
});

describe('a cascade', () => {
  const first = {
    ...fakeCard().network,
    name: 'small',
    layers: ['dense 5'],
    parameters: 3,
    multiplyAdds: 10,
  };
  const cascade = {
    first: { file: 'small.onnx', sha256: '', network: first, recipe: {}, seed: 1 },
    confidence: 0.98,
    answeredFirst: 0.75,
  };

  it('is no other seed of the network that it asks second', () => {
    expect(() => recordSeeds(of(1, 997), [{ ...of(2, 997), cascade }])).toThrow(
      /network is small, then fake, not fake/,
    );
    expect(() => recordSeeds({ ...of(1, 997), cascade }, [{ ...of(2, 997), cascade }])).not.toThrow();
  });

  it('is named with both networks, and what they cost on average', () => {
    const large = { ...fakeCard().network, multiplyAdds: 100 };
    const told = recordCandidates(fakeCard(), [{ ...of(2, 997), network: large, cascade }]);
    expect(told.candidates).toMatchObject([{ network: 'small, then fake', multiplyAdds: 35 }]);
  });
});

describe('recordCandidates', () => {
  it('tells of each model that was evaluated before, whatever its recipe', () => {
    const other = {
      ...fakeCard(),
      seed: 7,
      network: { ...fakeCard().network, name: 'other', multiplyAdds: 5 },
      test: { accuracy: 0.9, correct: 9, count: 10 },
    };
    const card = parseModelCard(JSON.stringify(recordCandidates(fakeCard(), [other])), 'the card');
    expect(card.candidates).toEqual([
      {
        network: 'other',
        multiplyAdds: 5,
        seed: 7,
        sha256: other.file.sha256,
        validation: other.validation,
        test: other.test,
      },
    ]);
    expect(() => recordCandidates(fakeCard(), [{ ...other, test: null }])).toThrow(/was not evaluated/);
  });
});
