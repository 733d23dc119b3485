import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MODEL_INPUT, MODEL_OUTPUT, THRESHOLD_KEY } from '../../../src/model/contract.js';
import { Graph } from '../../../src/onnx/graph.js';
import * as ops from '../../../src/onnx/ops.js';
import { goldenFrames } from '../../../src/server/models/golden-images.js';
import { fakeCard } from './fake-classifier.js';

/** How a model differs from others that read the golden images. */
export interface GoldenModelSettings {
  /** The logits' size: the larger, the surer it is. */
  readonly scale?: number;
  /** Which class each digit is given; its own if unsaid. */
  readonly classOf?: (digit: number) => number;
  /** Runs the network this many times more often than needed, for the same answer. */
  readonly repeats?: number;
  /** How probable it says that it must be that an image is a digit. */
  readonly threshold?: number;
  /** What the card says of that. */
  readonly cardThreshold?: number;
  readonly outputs?: number;
  readonly name?: string;
}

/** For `classOf`: takes 1 for 7 and 7 for 1. */
export function swapOneAndSeven(digit: number): number {
  return digit === 7 ? 1 : digit === 1 ? 7 : digit;
}

const PIXELS = 784;

/**
 * The bytes of a model that compares an image with the mean drawn digit of each class: a dense layer, which reads all
 * golden frames correctly.
 */
export function goldenModel({
  scale = 1,
  classOf = (digit) => digit,
  repeats = 0,
  threshold,
  outputs = 10,
}: GoldenModelSettings = {}): Uint8Array {
  const weights = new Float32Array(PIXELS * outputs);
  const bias = new Float32Array(outputs);
  const frames = goldenFrames();
  for (let digit = 0; digit < 10; digit++) {
    const own = frames.filter((golden) => golden.digit === digit);
    const column = classOf(digit);
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      const levels = own.map(({ content }) => (content.kind === 'frame' ? content.frame[pixel]! / 255 : 0));
      const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length;
      weights[pixel * outputs + column]! += 2 * scale * mean;
      bias[column]! -= scale * mean * mean;
    }
  }
  const graph = new Graph('golden');
  const image = graph.input(MODEL_INPUT, ['N', 1, 28, 28]);
  const matrix = graph.constant('weights', [PIXELS, outputs], weights);
  const once = (): ReturnType<typeof ops.gemm> =>
    ops.gemm(ops.flatten(image), matrix, { bias: graph.constant('bias', [outputs], bias) });
  graph.output(MODEL_OUTPUT, repeats === 0 ? once() : slowed(once(), repeats, graph, outputs));
  return graph.toModel('', threshold === undefined ? {} : { [THRESHOLD_KEY]: String(threshold) });
}

/** Multiplies by the identity, over a wide detour that takes its time. */
function slowed(
  logits: ReturnType<typeof ops.gemm>,
  repeats: number,
  graph: Graph,
  outputs: number,
): ReturnType<typeof ops.gemm> {
  const wide = 2000;
  const there = new Float32Array(outputs * wide);
  const back = new Float32Array(wide * outputs);
  for (let i = 0; i < outputs; i++) {
    there[i * wide + i] = 1;
    back[i * outputs + i] = 1;
  }
  const out = graph.constant('there', [outputs, wide], there);
  const home = graph.constant('back', [wide, outputs], back);
  let value = logits;
  for (let i = 0; i < repeats; i++) value = ops.gemm(ops.gemm(value, out), home);
  return value;
}

/** Writes such a model and its card. @returns its path */
export function writeGoldenModel(folder: string, settings: GoldenModelSettings = {}): string {
  const bytes = goldenModel(settings);
  const { name = 'golden', cardThreshold } = settings;
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.onnx`);
  writeFileSync(path, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const card = {
    ...fakeCard({ bytes: bytes.length, sha256 }),
    name,
    ...(cardThreshold !== undefined && { digitThreshold: cardThreshold }),
  };
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(card));
  return path;
}
