import { describe, expect, it } from 'vitest';
import { planLayouts } from '../../../src/training/graph/layouts.js';
import { conv, convBlock, planNetwork, type Layer } from '../../../src/network/network.js';

const layoutsOf = (block: number | null, ...layers: Layer[]): (number | null)[] =>
  planLayouts(planNetwork({ name: 'test', layers: [...layers, { kind: 'dense', units: 10 }] }), block);

const flatten: Layer = { kind: 'flatten' };

describe('planLayouts', () => {
  it('goes into blocks with the first convolution and comes out before the dense layer', () => {
    const layers = [
      ...convBlock(16, 5, { stride: 2 }),
      { kind: 'maxPool' } as const,
      ...convBlock(32, 3),
      flatten,
    ];
    expect(layoutsOf(16, ...layers)).toEqual([16, 16, 16, 16, 16, 16, 16, null, null]);
  });

  it('stays plain where there are no blocks', () => {
    expect(layoutsOf(null, ...convBlock(16, 3), flatten)).toEqual([null, null, null, null, null]);
  });

  it('comes out for channels that do not fill a block, and does not go in again behind them', () => {
    const layers = [...convBlock(16, 3), ...convBlock(20, 3), ...convBlock(16, 3), flatten];
    expect(layoutsOf(16, ...layers)).toEqual([16, 16, 16, ...Array.from({ length: 8 }, () => null)]);
  });

  it('does a strided convolution behind the first in blocks where the steps divide its picture, else plainly', () => {
    const [even, odd] = [0, 1].map((shrinking) => [
      ...convBlock(16, 3, { padding: 1 - shrinking }),
      ...convBlock(16, 3, { stride: 2, padding: 1 }),
      ...convBlock(16, 4, { stride: 3, padding: 0 }),
      flatten,
    ]);
    const [three, plain] = [16, null].map((layout) => [layout, layout, layout]);
    expect(layoutsOf(16, ...(even ?? [])).slice(0, 9)).toEqual([three, three, plain].flat());
    expect(layoutsOf(16, ...(odd ?? [])).slice(0, 6)).toEqual([three, three].flat());
  });

  it('does not go in behind something that learns: the gradient by the first picture would be asked for', () => {
    expect(layoutsOf(16, { kind: 'batchNorm' }, ...convBlock(16, 3), flatten)).toEqual(
      Array.from({ length: 6 }, () => null),
    );
  });

  it('does a convolution with a bias in blocks too', () => {
    expect(layoutsOf(16, conv(16, 3), flatten)).toEqual([16, null, null]);
  });

  it('ends with a global average pool in blocks', () => {
    expect(layoutsOf(8, ...convBlock(8, 3), { kind: 'globalAveragePool' })).toEqual([8, 8, 8, 8, null]);
  });
});
