import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { openInterpretedNetwork } from '../../src/interpreter/interpreted-network.js';
import { openPixelNetwork } from '../../src/model/runtime/pixel-network.js';
import { exportCascade, exportIntegerModel } from '../../src/quantization/graphs.js';
import { networkOf, networkShapes, stream } from './random-networks.js';

const CONTRACT = { side: 12, outputs: [10, 11] };

/** How far two engines are apart on the same pictures, some of them blank. */
async function distance(bytes: Uint8Array, seed: number): Promise<number> {
  const own = openInterpretedNetwork(bytes, CONTRACT, 'own');
  const expected = await openPixelNetwork(bytes, CONTRACT, {}, 'expected');
  const fill = (input: Float32Array): void => {
    const next = stream(seed);
    for (let i = 0; i < input.length; i++) input[i] = i < 144 ? 0 : next();
  };
  const [a, b] = [await own.run(4, fill), await expected.run(4, fill)];
  await expected.close();
  return Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? NaN)) / (1 + Math.abs(value))));
}

describe('openInterpretedNetwork', () => {
  it('answers as ONNX Runtime, whatever the layers', async () => {
    await fc.assert(
      fc.asyncProperty(networkShapes, async (shape) => {
        const bytes = exportIntegerModel(networkOf(shape));
        expect(await distance(bytes, shape.seed)).toBeLessThan(1e-5);
      }),
      { numRuns: 30 },
    );
  });

  it.each([0, 0.2, 0.5, 1.1])(
    'answers as a cascade does whose first stage has to be %s sure',
    async (confidence) => {
      const shape = { channels: 5, padding: 1, stride: 1, isPooled: true };
      const first = networkOf({ ...shape, seed: 3 });
      const second = networkOf({ ...shape, seed: 4, channels: 16 });
      expect(await distance(exportCascade({ first, second, confidence }), 5)).toBeLessThan(1e-5);
    },
  );

  it('gives others their turn between images, where images take long', async () => {
    let nowMs = 0;
    const bytes = exportIntegerModel(
      networkOf({ seed: 1, channels: 2, padding: 0, stride: 1, isPooled: true }),
    );
    const network = openInterpretedNetwork(bytes, CONTRACT, 'own', () => (nowMs += 100));
    const seen: string[] = [];
    const running = network.run(3, (input) => input.fill(0.5)).then(() => seen.push('answered'));
    setImmediate(() => seen.push('another'));
    await running;
    expect(seen).toEqual(['another', 'answered']);
  });

  it('says what is expected of a file that is none, is cut off, or has another contract', () => {
    const file = new Uint8Array(readFileSync(new URL('../../models/thumbnail.int8.onnx', import.meta.url)));
    const open = (bytes: Uint8Array) => (): unknown => openInterpretedNetwork(bytes, CONTRACT, 'that');
    expect(open(file)).toThrow(/that is a model of another kind: expected pictures \[1,12,12\]/);
    expect(open(file.subarray(0, 5000))).toThrow(/that cannot be opened as an ONNX model \(5000 bytes\)/);
    expect(open(new Uint8Array(0))).toThrow(/has no input image/);
    expect(open(new TextEncoder().encode('<html>'))).toThrow(/cannot/);
  });

  it('names the operator of a float model that it does not know', () => {
    const file = readFileSync(new URL('../../models/mnist.onnx', import.meta.url));
    expect(() => openInterpretedNetwork(file, { side: 28, outputs: [11] }, 'floats')).toThrow(
      /its operator Cast is not known here|numbers of a type that is not known here/,
    );
  });
});
