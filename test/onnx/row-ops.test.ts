import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InkdigitError } from '../../src/errors.js';
import { Graph } from '../../src/onnx/graph.js';
import * as ops from '../../src/onnx/ops.js';
import { gatherRows, rowsWhere, scatterRows } from '../../src/onnx/row-ops.js';
import { runModel } from '../helpers/models/run-model.js';

const COLUMNS = 3;

/** Doubles the rows whose largest number is below `limit`, and leaves the others. */
function doublingBelow(limit: number): Uint8Array {
  const graph = new Graph('doubling');
  const x = graph.input('x', ['N', COLUMNS]);
  const places = rowsWhere(ops.less(ops.reduceMax(x, [1]), graph.scalar(limit)), 'LOW');
  const low = gatherRows(x, places);
  expect(low.shape).toEqual(['LOW', COLUMNS]);
  graph.output('low', low);
  graph.output('y', scatterRows(x, places, ops.add(low, low)));
  return graph.toModel();
}

describe('rows', () => {
  it('are taken and put back, as plain loops do it, be it none of them or all', async () => {
    const rows = fc.array(
      fc.tuple(...Array.from({ length: COLUMNS }, () => fc.integer({ min: -9, max: 9 }))),
      {
        minLength: 1,
        maxLength: 12,
      },
    );
    const model = doublingBelow(4);
    await fc.assert(
      fc.asyncProperty(rows, async (x) => {
        const input = { shape: [x.length, COLUMNS], data: x.flat() };
        const { low, y } = await runModel(model, { x: input });
        const isLow = (row: readonly number[]): boolean => Math.max(...row) < 4;
        expect([...(low ?? [])]).toEqual(x.filter(isLow).flat());
        expect([...(y ?? [])]).toEqual(x.flatMap((row) => (isLow(row) ? row.map((v) => v + v) : row)));
      }),
      { numRuns: 30 },
    );
  });

  it('are refused where they do not fit', () => {
    const graph = new Graph('misfits');
    const x = graph.input('x', ['N', COLUMNS]);
    const places = rowsWhere(ops.less(ops.reduceMax(x, [1]), graph.scalar(1)), 'LOW');
    const fails = (use: () => unknown, message: RegExp): void => {
      expect(use).toThrow(InkdigitError);
      expect(use).toThrow(message);
    };
    fails(() => rowsWhere(x, 'LOW'), /NonZero: expected one condition a row, got \[N,3\]/);
    fails(() => gatherRows(x, x), /GatherND: expected places int64 \[K,1\], got \[N,3\]/);
    fails(() => scatterRows(x, places, x), /ScatterND: expected rows \[LOW,3\], got \[N,3\]/);
  });
});

describe('softmax and slice of as many rows as there are', () => {
  it('give what plain loops give', async () => {
    const graph = new Graph('softmax');
    const x = graph.input('x', ['N', COLUMNS]);
    graph.output('y', ops.slice(ops.softmax(x), [{ axis: 1, from: 1, to: 3 }]));
    const { y } = await runModel(graph.toModel(), { x: { shape: [2, COLUMNS], data: [1, 2, 3, 0, 80, -5] } });
    const expected = [
      [1, 2, 3],
      [0, 80, -5],
    ].flatMap((row) => {
      const sum = row.reduce((total, value) => total + Math.exp(value), 0);
      return row.slice(1).map((value) => Math.exp(value) / sum);
    });
    expect(y?.length).toBe(4);
    y?.forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 6));
  });

  it('refuse to cut an axis whose size is not known', () => {
    const graph = new Graph('cut');
    const x = graph.input('x', ['N', COLUMNS]);
    expect(() => ops.slice(x, [{ axis: 0, from: 0, to: 1 }])).toThrow(/Slice: expected axis 0 to hold 0…1/);
  });
});
