import { sliceFrames, type FrameBatch } from '../image/frame.js';
import type { LabelledFrames } from '../data/labelled-frames.js';
import { CLASS_COUNT, type Classifier } from '../model/classifier.js';
import { measure, type Metrics } from './metrics.js';

/** Images of one inference: enough to keep a core busy, few enough to stay in its cache. */
const EVALUATION_BATCH = 64;

/** @returns probabilities `[count, 10]` of any number of frames, classified batch by batch. */
export async function classifyAll(
  classifier: Classifier,
  frames: FrameBatch,
  onProgress: (done: number) => void = () => {},
): Promise<Float32Array> {
  const probabilities = new Float32Array(frames.count * CLASS_COUNT);
  for (let from = 0; from < frames.count; from += EVALUATION_BATCH) {
    const to = Math.min(from + EVALUATION_BATCH, frames.count);
    probabilities.set(await classifier.probabilities(sliceFrames(frames, from, to)), from * CLASS_COUNT);
    onProgress(to);
  }
  return probabilities;
}

/** How good a classifier is on labelled images. */
export async function evaluate(
  classifier: Classifier,
  data: LabelledFrames,
  onProgress?: (done: number) => void,
): Promise<Metrics> {
  return measure(await classifyAll(classifier, data.frames, onProgress), data.labels);
}
