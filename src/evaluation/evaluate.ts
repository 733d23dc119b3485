import type { LabelledFrames } from '../data/labelled-frames.js';
import type { Classifier } from '../model/classifier.js';
import { logitsOf } from '../model/logits-of.js';
import { digitProbabilities } from '../model/softmax.js';
import { findMisread, measure, type Metrics, type Misread } from './metrics.js';

/** How good a classifier is on labelled images. */
export async function evaluate(
  classifier: Classifier,
  data: LabelledFrames,
  onProgress?: (done: number) => void,
): Promise<Metrics> {
  return (await examine(classifier, data, onProgress)).metrics;
}

/** The same, and which images it misread, those with the most confident answers first. */
export async function examine(
  classifier: Classifier,
  data: LabelledFrames,
  onProgress?: (done: number) => void,
): Promise<{ metrics: Metrics; misread: Misread[] }> {
  const logits = await logitsOf(classifier, data.frames, onProgress);
  const probabilities = digitProbabilities(logits, classifier.outputs);
  return { metrics: measure(probabilities, data.labels), misread: findMisread(probabilities, data.labels) };
}
