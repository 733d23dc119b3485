import { takeFrames, type LabelledFrames } from '../../src/data/labelled-frames.js';
import { loadMnistPart } from '../../src/data/mnist/mnist.js';
import { packFrames } from '../../src/image/frame.js';
import type { Raster } from '../../src/image/raster.js';
import { drawDigit } from '../../src/drawing/draw-digit.js';
import { CLASS_COUNT } from '../../src/model/contract.js';
import { between, wholeBetween } from '../../src/random.js';
import { randomStream } from '../../src/random-streams.js';

/** Frames to work on, and what they are in words. */
export interface BenchmarkFrames {
  readonly data: LabelledFrames;
  readonly origin: string;
}

/** `count` training images of MNIST where `MNIST_DATA_DIR` names them, else digits drawn by the project's own pen. */
export async function benchmarkFrames(count: number): Promise<BenchmarkFrames> {
  const dataDir = process.env['MNIST_DATA_DIR'];
  if (!dataDir) return { data: drawn(count), origin: 'drawn digits' };
  const { data } = await loadMnistPart('train', { dataDir });
  return { data: takeFrames(data, 0, count), origin: 'training images of MNIST' };
}

function drawn(count: number): LabelledFrames {
  const labels = Uint8Array.from({ length: count }, (_, i) => i % CLASS_COUNT);
  return { frames: packFrames(Array.from(labels, (_, i) => drawSample(i).data)), labels };
}

/** A digit in a hand of its own, no two alike: the last figure of `seed`. */
export function drawSample(seed: number): Raster {
  const random = randomStream('benchmarks', seed);
  return drawDigit(seed % CLASS_COUNT, {
    variant: wholeBetween(random, 0, 3),
    penWidth: between(random, 2.2, 3.4),
    slantDegrees: between(random, -8, 20),
    rotationDegrees: between(random, -8, 8),
    jitter: 0.03,
    random,
  });
}
