import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import {
  blockedIndices,
  gather,
  outputLayouts,
  invertIndices,
  scatter,
  inputLayouts,
} from '../../../src/training/graph/parameter-layouts.js';
import { convBlock, planNetwork } from '../../../src/network/network.js';

const plan = planNetwork({
  name: 'test',
  layers: [
    ...convBlock(8, 3),
    ...convBlock(16, 2, { padding: 0 }),
    { kind: 'flatten' },
    { kind: 'dense', units: 10 },
  ],
});

describe('the forms of parameters', () => {
  it.each([null, 8])('give the gradient of every parameter once (block %s)', (block) => {
    for (const planned of plan.layers) {
      const indices = outputLayouts(planned, block).flatMap((form) => [...form.indices]);
      const own = planned.parameters.flatMap(({ offset, size }) =>
        Array.from({ length: size }, (_, i) => offset + i),
      );
      expect(indices.toSorted((a, b) => a - b)).toEqual(own);
    }
  });

  it('take the weights of a convolution in blocks twice, forward and turned; those of the first once', () => {
    const [first, , , second] = plan.layers;
    expect(inputLayouts(first!, 8).map(({ shape }) => shape)).toEqual([[8, 1, 3, 3]]);
    expect(inputLayouts(second!, 8).map(({ shape }) => shape)).toEqual([
      [16, 8, 2, 2],
      [8, 16, 2, 2],
    ]);
  });

  it('take the turned weights of a stride phase by phase, each tap in one of them', () => {
    const strided = planNetwork({
      name: 'strided',
      layers: [
        ...convBlock(8, 3),
        ...convBlock(16, 3, { stride: 2 }),
        { kind: 'flatten' },
        { kind: 'dense', units: 10 },
      ],
    });
    const [, ...turned] = inputLayouts(strided.layers[3]!, 8);
    expect(turned.map(({ shape }) => shape)).toEqual([
      [8, 16, 1, 1],
      [8, 16, 1, 2],
      [8, 16, 2, 1],
      [8, 16, 2, 2],
    ]);
    const { offset, size } = strided.layers[3]!.parameters[0]!;
    const indices = turned.flatMap((form) => [...form.indices]).toSorted((a, b) => a - b);
    expect(indices).toEqual(Array.from({ length: size }, (_, i) => offset + i));
  });

  it('put weight (o, c, tap) where its definition says', () => {
    const [outputs, channels, kernel, block, offset] = [16, 8, 3, 8, 5];
    const taps = kernel * kernel;
    const weights = { shape: [outputs, channels, kernel, kernel], offset };
    const forward = blockedIndices(weights, block);
    const turned = blockedIndices(weights, block, [8, 7, 6, 5, 4, 3, 2, 1, 0]);
    fc.assert(
      fc.property(fc.nat(outputs - 1), fc.nat(channels - 1), fc.nat(taps - 1), (o, c, tap) => {
        const index = offset + (o * channels + c) * taps + tap;
        const at = (row: number, column: number, columns: number, t: number): number =>
          (((Math.floor(row / block) * columns) / block + Math.floor(column / block)) * taps + t) *
            block *
            block +
          (column % block) * block +
          (row % block);
        expect(forward[at(o, c, channels, tap)]).toBe(index);
        expect(turned[at(c, o, outputs, taps - 1 - tap)]).toBe(index);
      }),
    );
  });
});

describe('invertIndices', () => {
  it('leads back', () => {
    const indices = Int32Array.of(2, 0, 3, 1);
    expect([...invertIndices(indices)]).toEqual([1, 3, 0, 2]);
  });
});

describe('gather and scatter', () => {
  it('put numbers into another order and back', () => {
    const indices = Int32Array.of(2, 0, 3, 1);
    const planned = Float32Array.of(10, 11, 12, 13);
    const ordered = gather(planned, indices);
    expect([...ordered]).toEqual([12, 10, 13, 11]);
    expect(scatter(ordered, indices)).toEqual(planned);
    expect([...planned]).toEqual([10, 11, 12, 13]);
  });
});
