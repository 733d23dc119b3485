import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MODEL_INPUT, MODEL_OUTPUT } from '../../../src/model/contract.js';
import { Graph } from '../../../src/onnx/graph.js';
import * as ops from '../../../src/onnx/ops.js';
import { fakeCard } from './fake-classifier.js';

/** Writes a real model file and its card: one dense layer whose class is the brightest of the first ten pixels. */
export function writeTinyModel(folder: string): string {
  const graph = new Graph('tiny');
  const image = graph.input(MODEL_INPUT, ['N', 1, 28, 28]);
  const weights = new Float32Array(784 * 10);
  for (let digit = 0; digit < 10; digit++) weights[digit * 10 + digit] = 10;
  const dense = ops.gemm(ops.flatten(image), graph.constant('weights', [784, 10], weights));
  graph.output(MODEL_OUTPUT, dense);
  const bytes = graph.toModel();
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'tiny.onnx');
  writeFileSync(path, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  writeFileSync(join(folder, 'tiny.json'), JSON.stringify(fakeCard({ bytes: bytes.length, sha256 })));
  return path;
}
