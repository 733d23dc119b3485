import type { FrameBatch } from '../image/frame.js';
import type { Classifier } from '../model/classifier.js';
import { logitsOf } from '../model/logits-of.js';
import { CLASS_COUNT } from '../model/contract.js';
import { readingsOf } from '../model/readings.js';
import { anyDigitProbability, digitProbabilities } from '../model/softmax.js';
import { separate, type Separation } from './outlier-metrics.js';
import { drawOutliers, OUTLIER_KINDS } from './outliers/kinds.js';

/** How a model does on what is no digit, beside the digits that it is measured on. */
export interface OutlierFigures extends Separation {
  readonly count: number;
  /** Share that is taken for digits at the model's threshold, 0..1. */
  readonly passing: number;
}

/** The same of all of them, and of each kind. */
export interface OutlierReport extends OutlierFigures {
  /** As `what is kept apart`, or a folder. */
  readonly source: string;
  /** The model's. */
  readonly threshold: number;
  /** Share of the digits that is taken for digits, 0..1. */
  readonly digitsPassing: number;
  readonly kinds: readonly ({ readonly name: string } & OutlierFigures)[];
}

/** Pictures of what is no digit, of one kind. */
export interface OutlierSet {
  readonly name: string;
  readonly frames: FrameBatch;
}

const OUTLIERS_A_KIND = 250;

/** What models are measured with where no folder is given: the same for every model, to the last picture. */
export function outliersKeptApart(): OutlierSet[] {
  return OUTLIER_KINDS.map((kind) => ({
    name: kind.name,
    frames: drawOutliers(kind, OUTLIERS_A_KIND),
  }));
}

/**
 * Tells digits from what is none by the probability that an image is a digit; for a model of ten outputs, which says 1 of everything, by
 * that of the likeliest digit (Hendrycks and Gimpel, 2017).
 * @param sets one at least, each with an image at least
 */
export async function measureOutliers(
  classifier: Classifier,
  digits: FrameBatch,
  { source, sets }: { readonly source: string; readonly sets: readonly OutlierSet[] },
  onProgress: (done: number) => void = () => {},
): Promise<OutlierReport> {
  const ofDigits = await examine(classifier, digits);
  const kinds: ({ readonly name: string } & OutlierFigures)[] = [];
  const ofOutliers: Examined[] = [];
  for (const { name, frames } of sets) {
    const examined = await examine(classifier, frames);
    ofOutliers.push(examined);
    kinds.push({ name, ...figuresOf(ofDigits, [examined]) });
    onProgress(kinds.length / sets.length);
  }
  return {
    source,
    threshold: classifier.digitThreshold,
    ...figuresOf(ofDigits, ofOutliers),
    digitsPassing: ofDigits.passing / digits.count,
    kinds,
  };
}

/** What a model made of some pictures. */
interface Examined {
  /** Of each: the higher, the more a digit. */
  readonly scores: Float32Array;
  /** How many were taken for digits. */
  readonly passing: number;
}

async function examine(classifier: Classifier, frames: FrameBatch): Promise<Examined> {
  const probabilities = digitProbabilities(await logitsOf(classifier, frames), classifier.outputs);
  const readings = readingsOf(frames, probabilities, classifier.digitThreshold);
  return {
    scores: Float32Array.from(readings, ({ probability }, row) =>
      classifier.outputs > CLASS_COUNT ? anyDigitProbability(probabilities, row) : probability,
    ),
    passing: readings.filter(({ digit }) => digit).length,
  };
}

function figuresOf(digits: Examined, outliers: readonly Examined[]): OutlierFigures {
  const scores = Float32Array.from(outliers.flatMap((examined) => [...examined.scores]));
  const taken = outliers.reduce((sum, examined) => sum + examined.passing, 0);
  return { count: scores.length, ...separate(digits.scores, scores), passing: taken / scores.length };
}
