import type { LabelledFrames } from '../data/labelled-frames.js';
import type { Classifier } from '../model/classifier.js';
import { answerFrames } from './answers.js';
import { measure, type Metrics } from './metrics.js';

/** How good a classifier is on labelled images. */
export async function evaluate(
  classifier: Classifier,
  { frames, labels }: LabelledFrames,
  onProgress?: (done: number) => void,
): Promise<Metrics> {
  return measure((await answerFrames(classifier, frames, onProgress)).probabilities, labels);
}
