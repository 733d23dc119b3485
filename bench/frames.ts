import { takeFrames, type LabelledFrames } from '../src/data/labelled-frames.js';
import { loadMnistPart } from '../src/data/mnist.js';
import { FRAME_PIXELS } from '../src/image/frame.js';
import { CLASS_COUNT } from '../src/model/contract.js';
import { createRandom } from '../src/random.js';

/** Frames to work on, and what they are in words. */
export interface BenchmarkFrames {
  readonly data: LabelledFrames;
  readonly origin: string;
}

/** `count` training images of MNIST where `MNIST_DATA_DIR` names them, else noise, which costs the same. */
export async function benchmarkFrames(count: number): Promise<BenchmarkFrames> {
  const dataDir = process.env['MNIST_DATA_DIR'];
  if (!dataDir) return { data: noise(count), origin: 'random frames' };
  const { data } = await loadMnistPart('train', { dataDir });
  return { data: takeFrames(data, 0, count), origin: 'training images of MNIST' };
}

function noise(count: number): LabelledFrames {
  const random = createRandom(1);
  const pixels = Uint8Array.from({ length: count * FRAME_PIXELS }, () => Math.floor(random() * 256));
  const labels = Uint8Array.from({ length: count }, () => Math.floor(random() * CLASS_COUNT));
  return { frames: { count, pixels }, labels };
}
