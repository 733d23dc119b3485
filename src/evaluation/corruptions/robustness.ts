import type { LabelledFrames } from '../../data/labelled-frames.js';
import { sliceFrames } from '../../image/frame.js';
import { CLASS_COUNT } from '../../model/contract.js';
import type { Classifier } from '../../model/classifier.js';
import { logitsOf } from '../../model/logits-of.js';
import { argmaxRow, digitProbabilities } from '../../model/softmax.js';
import { corruptFrames, CORRUPTIONS, type Corruption } from './corruptions.js';

/** How good a model is on images corrupted in one way. */
export interface CorruptionResult {
  /** Of the corruption, as `shot_noise`. */
  readonly name: string;
  readonly count: number;
  readonly correct: number;
  /** Share of right answers, 0..1. */
  readonly accuracy: number;
  /** Share of wrong ones. */
  readonly error: number;
}

/** How good a model is on corrupted images. */
export interface Robustness {
  /** Mean of the errors of all corruptions, 0..1. */
  readonly meanError: number;
  /** One each, in the order of the paper. */
  readonly corruptions: readonly CorruptionResult[];
}

/** Images that are corrupted at once: few enough that the progress shows and little memory is used. */
const PIECE = 256;

/** Reads every image once for each corruption. Nothing of the images or their order is changed. */
export async function measureRobustness(
  classifier: Classifier,
  data: LabelledFrames,
  onProgress: (corruption: string, fraction: number) => void = () => {},
): Promise<Robustness> {
  const count = data.labels.length;
  const corruptions: CorruptionResult[] = [];
  for (const [kind, corruption] of CORRUPTIONS.entries()) {
    const correct = await countCorrect(classifier, data, corruption, (done) =>
      onProgress(corruption.name, (kind + done / count) / CORRUPTIONS.length),
    );
    const accuracy = count === 0 ? 0 : correct / count;
    corruptions.push({ name: corruption.name, count, correct, accuracy, error: 1 - accuracy });
  }
  const meanError = corruptions.reduce((sum, { error }) => sum + error, 0) / corruptions.length;
  return { meanError, corruptions };
}

async function countCorrect(
  classifier: Classifier,
  { frames, labels }: LabelledFrames,
  corruption: Corruption,
  onProgress: (done: number) => void,
): Promise<number> {
  let correct = 0;
  for (let from = 0; from < frames.count; from += PIECE) {
    const to = Math.min(from + PIECE, frames.count);
    const corrupted = corruptFrames(corruption, sliceFrames(frames, from, to), from);
    const probabilities = digitProbabilities(await logitsOf(classifier, corrupted), classifier.outputs);
    for (let i = from; i < to; i++) {
      if (argmaxRow(probabilities, i - from, CLASS_COUNT) === labels[i]) correct++;
    }
    onProgress(to);
  }
  return correct;
}
