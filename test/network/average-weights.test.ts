import { describe, expect, it } from 'vitest';
import { averageWeights, type NamedWeights } from '../../src/network/average-weights.js';

function named(file: string, parameters: number[], statistics: number[], outputs = 10): NamedWeights {
  const weights = { parameters: Float32Array.from(parameters), statistics: Float32Array.from(statistics) };
  return { file, network: 'compact', outputs, layers: [], model: '', weights };
}

describe('averageWeights', () => {
  it('gives the mean of each number, and changes none of those that it is given', () => {
    const models = [
      named('a.onnx', [1, 2, -8], [4]),
      named('b.onnx', [2, 2, 4], [0]),
      named('c.onnx', [6, 2, -2], [2]),
    ];
    const { parameters, statistics } = averageWeights(models);
    expect([...parameters]).toEqual([3, 2, -2]);
    expect([...statistics]).toEqual([2]);
    expect([...(models[0]?.weights.parameters ?? [])]).toEqual([1, 2, -8]);
  });

  it('refuses models of other networks, and one alone', () => {
    const first = named('a.onnx', [1], []);
    expect(() => averageWeights([first, named('b.onnx', [1], [], 11)])).toThrow(
      'b.onnx is of another network than a.onnx: expected compact of 10 outputs, got compact of 11 outputs.',
    );
    expect(() => averageWeights([first, { ...first, file: 'c.onnx', network: 'deep' }])).toThrow(/c\.onnx/);
    expect(() => averageWeights([first])).toThrow(/at least two models, got 1/);
  });
});
