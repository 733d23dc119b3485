import { Type, Value, type Static } from '../../typebox.js';
import { InkdigitError } from '../../errors.js';

const Share = Type.Number({ minimum: 0, maximum: 1 });

/** Name -> value. */
const Settings = Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]));

const Accuracy = Type.Object({
  /** Share of right answers, 0..1. */
  accuracy: Share,
  correct: Type.Integer({ minimum: 0 }),
  count: Type.Integer({ minimum: 1 }),
  /** Expected calibration error, 0..1, of 15 bins. */
  calibrationError: Type.Optional(Share),
  /** Mean, in nats. */
  negativeLogLikelihood: Type.Optional(Type.Number({ minimum: 0 })),
});

/** On the test images, corrupted by the corruptions of MNIST-C. */
const Robustness = Type.Object({
  /** Mean of `errors`, 0..1. */
  meanError: Share,
  /** Corruption -> share of wrong answers. */
  errors: Type.Record(Type.String(), Share),
});

const OutlierFigures = Type.Object({
  count: Type.Integer({ minimum: 1 }),
  /** Probability that a digit is found more probably a digit than a non-digit. */
  auroc: Share,
  /** Average precision of finding non-digits. */
  aupr: Share,
  /** Share of non-digits accepted where 95 % of the digits are. */
  falsePositiveRate: Share,
  /** Share of non-digits accepted at the threshold. */
  passing: Share,
});

/** How the model tells the test images from non-digits. */
const Outliers = Type.Object({
  /** Which pictures those are. */
  source: Type.String(),
  threshold: Share,
  ...OutlierFigures.properties,
  /** Share of the test images accepted at the threshold. */
  digitsPassing: Share,
  /** Kind -> its figures. */
  kinds: Type.Record(Type.String(), OutlierFigures),
});

/** The same recipe trained from several seeds, this model among them; each was evaluated once. */
const Seeds = Type.Object({
  trainings: Type.Array(
    Type.Object({ seed: Type.Integer(), sha256: Type.String(), validation: Accuracy, test: Accuracy }),
  ),
  /** Of their accuracies on the test images, and the standard deviation from one seed to another. */
  meanAccuracy: Share,
  deviation: Type.Number({ minimum: 0 }),
});

/** A model that was evaluated on the test images before this one was chosen to ship. */
const Candidate = Type.Object({
  network: Type.String(),
  /** Of one image, on average. */
  multiplyAdds: Type.Integer(),
  seed: Type.Integer(),
  sha256: Type.String(),
  validation: Accuracy,
  test: Accuracy,
});

/** How a model was quantized to int8; recipe and training are those of the float model. */
const Quantization = Type.Object({
  bits: Type.Integer(),
  /** The file of that model and its SHA-256. */
  from: Type.String(),
  sha256: Type.String(),
  /**
   * The first training images, or pictures of training glyphs, that the ranges of activations were calibrated on.
   */
  calibrationImages: Type.Integer({ minimum: 1 }),
  /**
   * Share of the validation images that both models classify alike; of a finder, that both see it in the same
   * cell.
   */
  agreement: Share,
  /** Of a finder: mean distance of the edges of its boxes from those of that model, in pixels of the overview. */
  boxShift: Type.Optional(Type.Number({ minimum: 0 })),
  finished: Type.String({ description: 'ISO 8601 date and time' }),
});

/**
 * How a model learned to reject non-digits beside one that knows digits alone; the recipe and the training are those
 * of that one.
 */
const Guard = Type.Object({
  /** The file of that model and its SHA-256; its answers to digits stayed as they were. */
  from: Type.String(),
  sha256: Type.String(),
  /** Every setting that the result depends on. */
  recipe: Settings,
  seed: Type.Integer(),
  epochs: Type.Integer(),
  bestEpoch: Type.Integer(),
  /** False accept rate on outliers of the kinds that were trained on, which the epoch was chosen by. */
  outliersPassing: Share,
  seconds: Type.Number(),
  imagesPerSecond: Type.Number(),
  threads: Type.Integer(),
  finished: Type.String({ description: 'ISO 8601 date and time' }),
});

/** Whose mean a model is; the recipe and the training are those of the first. */
const Average = Type.Object({
  /** The files of the models and their SHA-256. */
  of: Type.Array(Type.Object({ file: Type.String(), sha256: Type.String() })),
  /** What the mean's logits were divided by. */
  temperature: Type.Number(),
  finished: Type.String({ description: 'ISO 8601 date and time' }),
});

const Network = Type.Object({
  name: Type.String(),
  /** One line a layer, as `conv 3x3 16-32 to 14x14`. */
  layers: Type.Array(Type.String()),
  parameters: Type.Integer(),
  /** Multiply-adds of one image through the exported network. */
  multiplyAdds: Type.Integer(),
});

/** The first stage of a two-stage cascade: a small network; the one of the card reads what that is not sure of. */
const Cascade = Type.Object({
  first: Type.Object({
    /** The file that it was made from and its SHA-256. */
    file: Type.String(),
    sha256: Type.String(),
    network: Network,
    recipe: Settings,
    seed: Type.Integer(),
  }),
  /** How probable the first has to find a digit for its answer to stand. */
  confidence: Share,
  /** Share of the validation images that the first answers. */
  answeredFirst: Share,
});

/** What a model says of itself: the JSON file beside it (`mnist.json`), and what `GET /model` answers. */
export const ModelCard = Type.Object({
  name: Type.String(),
  network: Network,
  input: Type.Object({ name: Type.String(), shape: Type.Array(Type.Union([Type.Integer(), Type.String()])) }),
  output: Type.Object({
    name: Type.String(),
    shape: Type.Array(Type.Union([Type.Integer(), Type.String()])),
  }),
  /**
   * How probable it must be that an image is a digit, set so that 99.8 % of the validation images pass; the model's
   * file has it too. Left out where the model has no output for non-digits.
   */
  digitThreshold: Type.Optional(Share),
  /** Every setting that the result depends on. */
  recipe: Settings,
  seed: Type.Integer(),
  /** Epochs that were trained, fewer than the recipe's where the training was stopped; and the one that was kept. */
  epochs: Type.Integer(),
  bestEpoch: Type.Integer(),
  /** Which data it learned from, validated on and was tested on: file name -> SHA-256 of the uncompressed content. */
  data: Type.Record(Type.String(), Type.String()),
  /** The data sets that it learned from, where those are not MNIST alone or a folder. */
  datasets: Type.Optional(
    Type.Array(
      Type.Object({ name: Type.String(), title: Type.String(), page: Type.String(), licence: Type.String() }),
    ),
  ),
  /** On the images that choices were made on. */
  validation: Accuracy,
  /** By data set, where those images are of several. */
  validationSets: Type.Optional(Type.Record(Type.String(), Accuracy)),
  /** On the test images, once, of the file that ships; `null` where it was not evaluated. */
  test: Type.Union([Accuracy, Type.Null()]),
  /** Left out, or `null`, where it was not measured. */
  robustness: Type.Optional(Type.Union([Robustness, Type.Null()])),
  /** Left out where it was not measured. */
  outliers: Type.Optional(Outliers),
  seeds: Type.Optional(Seeds),
  /** Every look at the test images that was not at this recipe. */
  candidates: Type.Optional(Type.Array(Candidate)),
  training: Type.Object({
    seconds: Type.Number(),
    imagesPerSecond: Type.Number(),
    threads: Type.Integer(),
    /** What the logits were divided by so that probabilities mean what they say; it is part of the weights. */
    temperature: Type.Number(),
    finished: Type.String({ description: 'ISO 8601 date and time' }),
  }),
  guard: Type.Optional(Guard),
  average: Type.Optional(Average),
  quantization: Type.Optional(Quantization),
  cascade: Type.Optional(Cascade),
  versions: Type.Record(Type.String(), Type.String()),
  file: Type.Object({ bytes: Type.Integer(), sha256: Type.String() }),
});
export type ModelCard = Static<typeof ModelCard>;

/**
 * Multiply-adds of one image: the mean of the validation images, and the most, which is what all networks of the
 * model cost together.
 */
export function multiplyAddsOf({ network, cascade }: ModelCard): {
  readonly mean: number;
  readonly most: number;
} {
  const first = cascade?.first.network.multiplyAdds ?? 0;
  const askedShare = 1 - (cascade?.answeredFirst ?? 0);
  return {
    mean: Math.round(first + askedShare * network.multiplyAdds),
    most: first + network.multiplyAdds,
  };
}

/** As `compact`, or, of a cascade, `small, then compact`. */
export function networksOf({ network, cascade }: ModelCard): string {
  return cascade ? `${cascade.first.network.name}, then ${network.name}` : network.name;
}

/** A card less what was measured on its model: for what is made from that, which has to be measured itself. */
export function unmeasured({
  test: _test,
  robustness: _robustness,
  outliers: _outliers,
  seeds: _seeds,
  candidates: _candidates,
  validationSets: _validationSets,
  digitThreshold: _digitThreshold,
  ...card
}: ModelCard): Omit<ModelCard, 'test' | 'digitThreshold'> {
  return card;
}

/**
 * Reads a card.
 * @throws InkdigitError `invalid_model` that names the first wrong member.
 */
export function parseModelCard(text: string, source: string): ModelCard {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new InkdigitError('invalid_model', `${source} is not JSON; expected the card of a model.`, {
      cause,
    });
  }
  if (Value.Check(ModelCard, value)) return value;
  const [first] = Value.Errors(ModelCard, value);
  throw new InkdigitError(
    'invalid_model',
    `${source} is not the card of a model: ${first?.instancePath || 'the whole'} ${first?.message ?? 'is wrong'}.`,
  );
}
