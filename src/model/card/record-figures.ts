import { InkdigitError } from '../../errors.js';
import { accuracyOf, type AccuracyFigures } from './card-figures.js';
import { multiplyAddsOf, networksOf, type ModelCard } from './card.js';

/** How a model does on corrupted images. */
export interface RobustnessFigures {
  readonly meanError: number;
  readonly corruptions: readonly { readonly name: string; readonly error: number }[];
}

type CardOfOutliers = NonNullable<ModelCard['outliers']>;

/** How a model tells digits from non-digits, in all and kind by kind. */
export interface OutlierFiguresByKind extends Omit<CardOfOutliers, 'kinds'> {
  readonly kinds: readonly ({ readonly name: string } & CardOfOutliers['kinds'][string])[];
}

/** A card with the figures of its test images; what is said of robustness stays where that was not measured anew. */
export function recordTest(
  card: ModelCard,
  figures: AccuracyFigures,
  robustness: RobustnessFigures | null,
): ModelCard {
  const recorded = { ...card, test: accuracyOf(figures) };
  if (!robustness) return recorded;
  const errors = Object.fromEntries(robustness.corruptions.map(({ name, error }) => [name, error]));
  return { ...recorded, robustness: { meanError: robustness.meanError, errors } };
}

/** A card that also tells how the model does on non-digits. */
export function recordOutliers(card: ModelCard, { kinds, ...report }: OutlierFiguresByKind): ModelCard {
  const ofKinds = Object.fromEntries(kinds.map(({ name, ...figures }) => [name, figures]));
  return { ...card, outliers: { ...report, kinds: ofKinds } };
}

/**
 * Makes sure, before the test images are read, that models go together: one recipe, each from a seed of its own.
 * @throws InkdigitError `invalid_model` for one of another recipe or network, one of the same seed, or one that was
 * not evaluated
 */
export function requireSeeds(card: ModelCard, others: readonly ModelCard[]): void {
  for (const each of [card, ...others]) {
    const differs = differenceOf(card, each);
    if (differs !== null) {
      throw new InkdigitError(
        'invalid_model',
        `${modelOf(each)} is no other seed of the same recipe: its ${differs}.`,
      );
    }
  }
  for (const other of others) testOf(other);
  const seeds = [card, ...others].map(({ seed }) => seed);
  const repeated = seeds.find((seed, i) => seeds.indexOf(seed) < i);
  if (repeated !== undefined) {
    throw new InkdigitError('invalid_model', `Two of the models were trained from the seed ${repeated}.`);
  }
}

/**
 * A card that also tells of other trainings of its recipe, each from a seed of its own.
 * @throws InkdigitError as `requireSeeds`, and where `card` itself was not evaluated
 */
export function recordSeeds(card: ModelCard, others: readonly ModelCard[]): ModelCard {
  requireSeeds(card, others);
  const trainings = [card, ...others].map((each) => {
    const { accuracy, correct, count } = testOf(each);
    return {
      seed: each.seed,
      sha256: each.file.sha256,
      validation: each.validation,
      test: { accuracy, correct, count },
    };
  });
  const accuracies = trainings.map(({ test }) => test.accuracy);
  const meanAccuracy = accuracies.reduce((a, b) => a + b, 0) / accuracies.length;
  const squares = accuracies.reduce((sum, accuracy) => sum + (accuracy - meanAccuracy) ** 2, 0);
  const deviation = Math.sqrt(squares / Math.max(1, accuracies.length - 1));
  return { ...card, seeds: { trainings, meanAccuracy, deviation } };
}

/**
 * A card that also tells of the models that were evaluated on the test images before this one.
 * @throws InkdigitError `invalid_model` for one that was not evaluated
 */
export function recordCandidates(card: ModelCard, candidates: readonly ModelCard[]): ModelCard {
  const told = candidates.map((each) => ({
    network: networksOf(each),
    multiplyAdds: multiplyAddsOf(each).mean,
    seed: each.seed,
    sha256: each.file.sha256,
    validation: each.validation,
    test: testOf(each),
  }));
  return { ...card, candidates: told };
}

function testOf(card: ModelCard): NonNullable<ModelCard['test']> {
  if (card.test) return card.test;
  throw new InkdigitError(
    'invalid_model',
    `${modelOf(card)} was not evaluated: expected test figures in its card. Run inkdigit evaluate --record on it ` +
      'first.',
  );
}

function modelOf({ seed, file }: ModelCard): string {
  return `The model of seed ${seed} (SHA-256 ${file.sha256})`;
}

function differenceOf(a: ModelCard, b: ModelCard): string | null {
  const differs =
    firstDifference(networkFacts(a), networkFacts(b)) ??
    firstDifference(a.recipe, b.recipe) ??
    firstDifference(a.data, b.data);
  if (differs !== null) return differs;
  const { epochs } = b.recipe;
  if (epochs === undefined || epochs === b.epochs) return null;
  return `training was stopped after ${b.epochs} of ${epochs} epochs`;
}

type Facts = ModelCard['recipe'];

function networkFacts(card: ModelCard): Facts {
  const all = card.cascade ? [card.cascade.first.network, card.network] : [card.network];
  return {
    network: networksOf(card),
    'list of layers': all.flatMap(({ layers }) => layers).join(', '),
    'number of parameters': all.reduce((sum, { parameters }) => sum + parameters, 0),
  };
}

function firstDifference(a: Facts, b: Facts): string | null {
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (a[key] !== b[key]) return `${key} is ${b[key] ?? 'not given'}, not ${a[key] ?? 'left out'}`;
  }
  return null;
}
