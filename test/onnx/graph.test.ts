import { describe, expect, it } from 'vitest';
import { InkdigitError } from '../../src/errors.js';
import { Graph } from '../../src/onnx/graph.js';
import * as ops from '../../src/onnx/ops.js';
import * as pictureOps from '../../src/onnx/picture-ops.js';
import { runModel } from '../helpers/models/run-model.js';

function build(): { graph: Graph; picture: ReturnType<Graph['input']>; matrix: ReturnType<Graph['input']> } {
  const graph = new Graph('test');
  return { graph, picture: graph.input('picture', [2, 3, 8, 8]), matrix: graph.input('matrix', [4, 5]) };
}

describe('Graph', () => {
  it.each<[string, (graph: ReturnType<typeof build>) => unknown, RegExp]>([
    [
      'a convolution over another number of channels',
      ({ graph, picture }) => pictureOps.conv(picture, graph.input('w', [4, 2, 3, 3])),
      /Conv: .*\[2,3,8,8\] and \[4,2,3,3\]/,
    ],
    [
      'a kernel larger than the picture',
      ({ graph, picture }) => pictureOps.conv(picture, graph.input('w', [4, 3, 9, 9])),
      /Conv: .*\[2,3,8,8\] and \[4,3,9,9\]/,
    ],
    [
      'a picture that no convolution of that stride makes so small',
      ({ graph }) =>
        pictureOps.convTranspose(graph.input('dy', [1, 4, 3, 3]), graph.input('w', [4, 2, 2, 2]), {
          stride: 2,
          padding: 0,
          outputSize: [8, 6],
        }),
      /ConvTranspose: /,
    ],
    [
      'matrices that do not meet',
      ({ graph, matrix }) => ops.gemm(matrix, graph.input('b', [4, 6])),
      /Gemm: .*\[4,5\] and \[4,6\]/,
    ],
    [
      'shapes that do not broadcast',
      ({ graph, matrix }) => ops.add(matrix, graph.input('b', [4])),
      /Add: .*\[4,5\] and \[4\]/,
    ],
    [
      'a reshape to another size',
      ({ matrix }) => ops.reshape(matrix, [3, 7]),
      /Reshape: .*\[4,5\] and \[3,7\]/,
    ],
    [
      'pieces that do not touch',
      ({ graph, matrix }) => ops.concat([matrix, graph.input('b', [4, 6])], 0),
      /Concat: .*\[4,5\] and \[4,6\]/,
    ],
    ['a split that does not add up', ({ matrix }) => ops.split(matrix, [2, 2], 1), /Split: .*2\+2.*\[4,5\]/],
    [
      'a slice beyond the end',
      ({ matrix }) => ops.slice(matrix, [{ axis: 1, from: 2, to: 6 }]),
      /Slice: .*\[4,5\]/,
    ],
    ['a permutation of other axes', ({ matrix }) => ops.transpose(matrix, [0, 2]), /Transpose: .*\[4,5\]/],
    ['a pool of a matrix', ({ matrix }) => pictureOps.maxPool(matrix, 2), /MaxPool: .*\[4,5\]/],
    [
      'a reshape of unknown size',
      ({ graph }) => ops.reshape(graph.input('n', ['N', 2]), [4]),
      /Reshape: .*\[N,2\]/,
    ],
    ['a name that is taken', ({ graph }) => graph.input('matrix', [1]), /already has a value named matrix/],
    [
      'a constant of another size',
      ({ graph }) => graph.constant('c', [2, 2], new Float32Array(3)),
      /constant c: expected 3 values, got \[2,2\]/,
    ],
    [
      'a value of another graph',
      ({ matrix }) => ops.add(matrix, new Graph('other').input('b', [4, 5])),
      /b belongs to the graph other/,
    ],
  ])('refuses %s and names the shapes', (_, use, message) => {
    const graph = build();
    expect(() => use(graph)).toThrow(message);
    expect(() => use(build())).toThrow(InkdigitError);
  });

  it('writes a file that ONNX Runtime opens, with sizes known only when it runs', async () => {
    const graph = new Graph('line');
    const x = graph.input('x', ['N', 2]);
    graph.output(
      'y',
      ops.add(ops.multiply(x, graph.scalar(2)), graph.constant('b', [2], Float32Array.of(1, -1))),
    );
    const model = graph.toModel('1.2.3', { author: 'a test' });
    const { y } = await runModel(model, { x: { shape: [3, 2], data: [1, 2, 3, 4, 5, 6] } });
    expect([...(y ?? [])]).toEqual([3, 3, 7, 7, 11, 11]);
    expect(Buffer.from(model).includes('a test')).toBe(true);
  });
});

describe('operators', () => {
  /** What came of `use` applied to x = 0, 1, 2, … of the given shape. */
  async function result(
    shape: number[],
    use: (x: ReturnType<Graph['input']>) => ReturnType<Graph['input']>,
  ): Promise<{ shape: readonly unknown[]; data: number[] }> {
    const graph = new Graph('operator');
    const y = use(graph.input('x', shape));
    graph.output('y', y);
    const size = shape.reduce((a, b) => a * b, 1);
    const outputs = await runModel(graph.toModel(), {
      x: { shape, data: Array.from({ length: size }, (_, i) => i) },
    });
    return { shape: y.shape, data: [...(outputs['y'] ?? [])] };
  }

  it.each<[string, number[], Parameters<typeof result>[1], number[], number[]]>([
    ['pad', [2, 2], (x) => ops.pad(x, [0, 1], [1, 0]), [3, 3], [0, 0, 1, 0, 2, 3, 0, 0, 0]],
    ['pad that takes away', [4], (x) => ops.pad(x, [-1], [1]), [4], [1, 2, 3, 0]],
    ['slice with a step', [5], (x) => ops.slice(x, [{ axis: 0, from: 0, to: 5, step: 2 }]), [3], [0, 2, 4]],
    ['reverse', [2, 3], (x) => ops.reverse(x, [1]), [2, 3], [2, 1, 0, 5, 4, 3]],
    ['transpose', [2, 3], (x) => ops.transpose(x, [1, 0]), [3, 2], [0, 3, 1, 4, 2, 5]],
    ['flatten', [1, 2, 2], (x) => ops.flatten(x), [1, 4], [0, 1, 2, 3]],
    ['sum', [2, 3], (x) => ops.reduceSum(x, [1]), [2], [3, 12]],
    ['mean', [2, 3], (x) => ops.reduceMean(x, [0], true), [1, 3], [1.5, 2.5, 3.5]],
    ['expand', [2, 1], (x) => ops.expand(x, [2, 2]), [2, 2], [0, 0, 1, 1]],
    ['split and join', [4], (x) => joinReversed(ops.split(x, [1, 3], 0)), [4], [1, 2, 3, 0]],
  ])('%s', async (_, shape, use, expectedShape, expectedData) => {
    expect(await result(shape, use)).toEqual({ shape: expectedShape, data: expectedData });
  });

  function joinReversed(pieces: ReturnType<typeof ops.split>): ReturnType<Graph['input']> {
    const [first, second] = pieces;
    if (!first || !second) throw new Error('two pieces expected');
    return ops.concat([second, first], 0);
  }
});
