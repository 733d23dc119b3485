import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packFrames } from '../../src/image/frame.js';
import { multiplyAddsOf } from '../../src/model/card/card.js';
import { createClassifier, openModel } from '../../src/model/classifier.js';
import { argmaxRow } from '../../src/model/softmax.js';
import { Graph } from '../../src/onnx/graph.js';
import * as ops from '../../src/onnx/ops.js';
import { drawDigit } from '../helpers/data/digits.js';

const shipped = new URL('../../models/mnist.onnx', import.meta.url);

describe('the shipped model', () => {
  it('reads drawn digits, alone as in a batch', async () => {
    const { classifier, card } = await openModel(shipped.pathname);
    const frames = Array.from({ length: 10 }, (_, digit) => drawDigit(digit).data);
    const together = await classifier.probabilities(packFrames(frames));
    for (const [digit, frame] of frames.entries()) {
      expect(argmaxRow(together, digit, 10)).toBe(digit);
      const alone = await classifier.probabilities(packFrames([frame]));
      alone.forEach((p, i) => expect(p).toBeCloseTo(together[digit * 10 + i]!, 5));
    }
    expect(await classifier.probabilities(packFrames([]))).toEqual(new Float32Array());
    expect(multiplyAddsOf(card).most).toBeLessThanOrEqual(5_000_000);
    await classifier.close();
  });
});

describe('openModel', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'inkdigit-model-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('refuses a file that is not the one its card describes', async () => {
    const model = join(folder, 'mnist.onnx');
    writeFileSync(model, readFileSync(shipped).subarray(0, 1000));
    writeFileSync(join(folder, 'mnist.json'), readFileSync(new URL('mnist.json', shipped)));
    await expect(openModel(model)).rejects.toMatchObject({
      code: 'invalid_model',
      message: expect.stringMatching(/expected SHA-256 [0-9a-f]{64}, got [0-9a-f]{64} \(1000 bytes\)/),
    });
  });
});

/** A model whose logits are the sum of the ink and then numbers of 1, 2, … */
function countingModel(
  outputs: number,
  metadata: Readonly<Record<string, string>> = {},
  side = 28,
): Uint8Array {
  const graph = new Graph('counting');
  const ink = ops.flatten(graph.input('image', ['N', 1, side, side]));
  const weights = new Float32Array(side ** 2 * outputs).map((_, i) => (i % outputs === 0 ? 1 : 0));
  const bias = graph.constant(
    'bias',
    [outputs],
    Float32Array.from({ length: outputs }, (_, i) => i),
  );
  graph.output('logits', ops.gemm(ink, graph.constant('weights', [side ** 2, outputs], weights), { bias }));
  return graph.toModel('', metadata);
}

describe('createClassifier', () => {
  it('opens models that know non-digits, with the threshold that their file has', async () => {
    const frames = packFrames([new Uint8Array(784)]);
    const classifier = await createClassifier(countingModel(11, { digit_threshold: '0.25' }));
    expect([classifier.outputs, classifier.digitThreshold]).toEqual([11, 0.25]);
    expect([...(await classifier.logits(frames))]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const probabilities = await classifier.probabilities(frames);
    const sum = Array.from({ length: 11 }, (_, i) => Math.exp(i)).reduce((a, b) => a + b, 0);
    expect(probabilities.length).toBe(10);
    probabilities.forEach((p, i) => expect(p).toBeCloseTo(Math.exp(i) / sum, 6));
    await classifier.close();
  });

  it('opens models of digits alone, for which everything is one', async () => {
    const classifier = await createClassifier(countingModel(10));
    expect([classifier.outputs, classifier.digitThreshold]).toEqual([10, 0]);
    const probabilities = await classifier.probabilities(packFrames([new Uint8Array(784)]));
    expect(probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    await classifier.close();
  });

  it('opens models of larger pictures where those are asked for, and no others', async () => {
    const model = countingModel(11, {}, 64);
    const classifier = await createClassifier(model, { side: 64 });
    const views = { count: 2, side: 64, pixels: new Uint8Array(2 * 64 * 64).fill(255, 64 * 64) };
    const logits = await classifier.logits(views);
    expect([logits[0], logits[11]]).toEqual([0, 4096]);
    await expect(classifier.logits(packFrames([new Uint8Array(784)]))).rejects.toThrow(
      'Expected pictures of side 64, as the model reads them; got 28.',
    );
    await classifier.close();
    await expect(createClassifier(model, {}, 'x.onnx')).rejects.toThrow(
      /expected the input image float32 \[N,1,28,28\].*image float32 \[.*,1,64,64\]/,
    );
  });

  it.each(['', 'NaN', '1.5', '-0.1', 'half'])('refuses %j for a threshold', async (threshold) => {
    await expect(
      createClassifier(countingModel(11, { digit_threshold: threshold }), {}, 'x.onnx'),
    ).rejects.toMatchObject({
      code: 'invalid_model',
      message: `x.onnx says ${JSON.stringify(threshold)} for its digit_threshold; expected a number from 0 to 1.`,
    });
  });

  it('refuses a model of another number of outputs', async () => {
    await expect(createClassifier(countingModel(12), {}, 'x.onnx')).rejects.toThrow(
      /the output logits float32 \[N,10 or 11\];.*logits float32 \[.*,12\]/,
    );
  });

  it('refuses what is no ONNX file', async () => {
    await expect(createClassifier(Buffer.from('garbage'), {}, 'x.onnx')).rejects.toMatchObject({
      code: 'invalid_model',
      message: expect.stringMatching(/^x\.onnx cannot be opened as an ONNX model \(7 bytes\)/),
    });
  });

  it('refuses a model of another shape and names what it has', async () => {
    const graph = new Graph('other');
    graph.output('logits', ops.relu(graph.input('pixels', ['N', 784])));
    await expect(createClassifier(graph.toModel(), {}, 'x.onnx')).rejects.toMatchObject({
      code: 'invalid_model',
      message: expect.stringMatching(
        /expected the input image float32 \[N,1,28,28\].*pixels float32 \[N,784\]/,
      ),
    });
  });
});
