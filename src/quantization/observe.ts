import { sideOf, sliceFrames, type FrameBatch } from '../image/frame.js';
import { MODEL_INPUT } from '../model/contract.js';
import { InferenceSession, Tensor } from '../model/runtime/onnx-runtime.js';
import type { ConvLayer, ConvNetwork } from './conv-network.js';
import { activationGraph, activationName } from './graphs.js';
import type { Histogram } from './scales.js';

/** Images per inference; all activations of each are held at once. */
const BATCH = 32;

const BINS = 2048;

/** Histograms of each convolution's output on these pictures, in the order of the convolutions. */
export async function observeActivations(
  network: ConvNetwork,
  frames: FrameBatch,
  onProgress: (fraction: number) => void = () => {},
): Promise<Histogram[]> {
  const convs = network.layers.filter((layer): layer is ConvLayer => layer.kind === 'conv');
  const side = sideOf(frames);
  const session = await InferenceSession.create(activationGraph(network), { intraOpNumThreads: 1 });
  const each = async (see: (values: Float32Array, conv: number) => void, from: number): Promise<void> => {
    for (let start = 0; start < frames.count; start += BATCH) {
      const batch = sliceFrames(frames, start, Math.min(start + BATCH, frames.count));
      const input = Float32Array.from(batch.pixels.subarray(0, batch.count * side ** 2), (p) => p / 255);
      const results = await session.run({
        [MODEL_INPUT]: new Tensor('float32', input, [batch.count, 1, side, side]),
      });
      convs.forEach((conv, index) => {
        const values = results[activationName(conv)]?.data;
        if (!(values instanceof Float32Array)) throw new Error('unreachable: the graph has this output');
        see(values, index);
      });
      onProgress(from + (0.5 * (start + batch.count)) / frames.count);
    }
  };
  try {
    const maxima = convs.map(() => 0);
    await each((values, conv) => {
      let max = maxima[conv]!;
      for (let i = 0; i < values.length; i++) if (values[i]! > max) max = values[i]!;
      maxima[conv] = max;
    }, 0);
    const histograms = maxima.map((max) => ({ max, counts: new Float64Array(BINS) }));
    await each((values, conv) => {
      const { max, counts } = histograms[conv]!;
      if (max === 0) return;
      const perUnit = BINS / max;
      for (let i = 0; i < values.length; i++) {
        // Most values are 0, which every scale represents exactly.
        if (values[i]! > 0) counts[Math.min(BINS - 1, Math.floor(values[i]! * perUnit))]!++;
      }
    }, 0.5);
    return histograms;
  } finally {
    await session.release();
  }
}
