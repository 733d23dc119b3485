import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packFrames } from '../../src/image/frame.js';
import { createClassifier, openModel } from '../../src/model/classifier.js';
import { argmaxRow } from '../../src/model/softmax.js';
import { Graph } from '../../src/onnx/graph.js';
import * as ops from '../../src/onnx/ops.js';
import { drawDigit } from '../helpers/digits.js';

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
    expect(card.network.multiplyAdds).toBeLessThanOrEqual(5_000_000);
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

describe('createClassifier', () => {
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
