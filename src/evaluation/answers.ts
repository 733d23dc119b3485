import type { FrameBatch } from '../image/frame.js';
import type { Classifier } from '../model/classifier.js';
import { CLASS_COUNT } from '../model/contract.js';
import { logitsOf } from '../model/logits-of.js';
import { readingsOf, type Reading } from '../model/readings.js';
import { digitProbabilities } from '../model/softmax.js';

/** What models answered to some images, in the order of the images. */
export interface Answers {
  /** `[count, 10]` */
  readonly probabilities: Float32Array;
  /** How many images were taken for digits. */
  readonly passing: number;
}

/** Puts the readings of images together. */
export function answersOf(readings: readonly Reading[]): Answers {
  const probabilities = new Float32Array(readings.length * CLASS_COUNT);
  readings.forEach((reading, i) => probabilities.set(reading.probabilities, i * CLASS_COUNT));
  return { probabilities, passing: readings.filter(({ digit }) => digit).length };
}

/** Reads frames. */
export async function answerFrames(
  classifier: Classifier,
  frames: FrameBatch,
  onProgress?: (done: number) => void,
): Promise<Answers> {
  const logits = await logitsOf(classifier, frames, onProgress);
  const probabilities = digitProbabilities(logits, classifier.outputs);
  return answersOf(readingsOf(frames, probabilities, classifier.digitThreshold));
}
