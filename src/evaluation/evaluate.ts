import type { LabelledFrames } from '../data/labelled-frames.js';
import { CLASS_COUNT } from '../model/contract.js';
import type { Classifier } from '../model/classifier.js';
import { logitsOf } from '../model/logits-of.js';
import { softmaxRows } from '../model/softmax.js';
import { measure, type Metrics } from './metrics.js';

/** How good a classifier is on labelled images. */
export async function evaluate(
  classifier: Classifier,
  data: LabelledFrames,
  onProgress?: (done: number) => void,
): Promise<Metrics> {
  const logits = await logitsOf(classifier, data.frames, onProgress);
  return measure(softmaxRows(logits, CLASS_COUNT), data.labels);
}
