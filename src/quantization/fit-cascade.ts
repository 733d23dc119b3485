import type { LabelledFrames } from '../data/labelled-frames.js';
import { FRAME_PIXELS, type FrameBatch } from '../image/frame.js';
import { createClassifier } from '../model/classifier.js';
import { CLASS_COUNT } from '../model/contract.js';
import { logitsOf } from '../model/logits-of.js';
import { digitProbabilities } from '../model/softmax.js';
import { randomStream } from '../random-streams.js';
import type { Augment } from '../training/augmentation/augment.js';
import { fitDigitThreshold } from '../evaluation/calibration.js';
import { outliersToChooseBy } from '../training/outliers/outliers.js';
import { augmentOf, DEFAULT_RECIPE } from '../training/recipe.js';
import { answeredFirst, fitConfidence, type Cascade, type StageAnswers } from './cascade.js';
import { exportIntegerModel } from './graphs.js';
import type { IntegerNetwork } from './integer-network.js';

/** How the two stages of a cascade are combined. */
export interface CascadeFit {
  /** Lowest probability at which the first stage's answer stands. */
  readonly confidence: number;
  /** Share of the validation images that the first stage answers, 0..1. */
  readonly answeredFirst: number;
}

/** Besides the validation images themselves, this many copies, augmented as in training. */
const BENT_COPIES = 8;

const NO_FRAMES: FrameBatch = { count: 0, pixels: new Uint8Array() };

/** Finds the confidence from which the first stage's answer stands. */
export async function fitCascade(
  { first, second }: Pick<Cascade, 'first' | 'second'>,
  validation: LabelledFrames,
  onProgress: (fraction: number) => void = () => {},
): Promise<CascadeFit> {
  const augment = augmentOf(DEFAULT_RECIPE);
  const sets = {
    digits: withBentCopies(validation.frames, augment),
    // A network of ten outputs accepts all outliers, whatever the first stage does.
    outliers: second.head.bias.length > CLASS_COUNT ? outliersToChooseBy(validation, augment) : NO_FRAMES,
  };
  const total = 2 * (sets.digits.count + sets.outliers.count);
  let before = 0;
  const answersOf = async (network: IntegerNetwork): Promise<Answers> => {
    const classifier = await createClassifier(exportIntegerModel(network));
    try {
      const answer = async (frames: FrameBatch): Promise<Float32Array> => {
        const logits = await logitsOf(classifier, frames, (done) => onProgress((before + done) / total));
        before += frames.count;
        return logits;
      };
      const [digits, outliers] = [await answer(sets.digits), await answer(sets.outliers)];
      return { outputs: classifier.outputs, digits, outliers };
    } finally {
      await classifier.close();
    }
  };
  const [small, large] = [await answersOf(first), await answersOf(second)];
  const stages = (set: 'digits' | 'outliers'): StageAnswers => ({
    first: digitProbabilities(small[set], small.outputs),
    second: digitProbabilities(large[set], large.outputs),
  });
  const { count } = validation.frames;
  const digits = stages('digits');
  const confidence = fitConfidence(
    digits,
    stages('outliers'),
    fitDigitThreshold(1, large.digits.subarray(0, count * large.outputs), count),
  );
  return {
    confidence,
    answeredFirst: answeredFirst(digits.first.subarray(0, count * CLASS_COUNT), confidence),
  };
}

/** The logits of one network for each set: `[count, outputs]`. */
interface Answers {
  readonly outputs: number;
  readonly digits: Float32Array;
  readonly outliers: Float32Array;
}

/** The digits, followed by augmented copies of all of them. */
function withBentCopies({ count, pixels }: FrameBatch, augment: Augment): FrameBatch {
  const levels = new Float32Array(FRAME_PIXELS);
  const all = new Uint8Array((1 + BENT_COPIES) * count * FRAME_PIXELS);
  all.set(pixels.subarray(0, count * FRAME_PIXELS));
  for (let i = count; i < (1 + BENT_COPIES) * count; i++) {
    augment(pixels, (i % count) * FRAME_PIXELS, levels, 0, randomStream('bentCopies', i));
    for (let j = 0; j < FRAME_PIXELS; j++) all[i * FRAME_PIXELS + j] = Math.round(255 * levels[j]!);
  }
  return { count: (1 + BENT_COPIES) * count, pixels: all };
}
