import { sliceFrames, type FrameBatch } from '../image/frame.js';
import type { Classifier } from './classifier.js';

/** Images of one inference: enough to keep a core busy, few enough to stay in its cache. */
export const INFERENCE_BATCH = 64;

/** @returns logits `[count, outputs]` of any number of frames, classified batch by batch. */
export async function logitsOf(
  classifier: Classifier,
  frames: FrameBatch,
  onProgress: (done: number) => void = () => {},
): Promise<Float32Array> {
  const logits = new Float32Array(frames.count * classifier.outputs);
  for (let from = 0; from < frames.count; from += INFERENCE_BATCH) {
    const to = Math.min(from + INFERENCE_BATCH, frames.count);
    logits.set(await classifier.logits(sliceFrames(frames, from, to)), from * classifier.outputs);
    onProgress(to);
  }
  return logits;
}
