/**
 * Operators that take some rows of a tensor and put others in their place; a row is all that lies at one place of the
 * first axis. There may be no such row: ONNX Runtime's kernels pass over pictures of which there are none.
 */
import { shapeError, type Shape, type Value } from './graph.js';
import { one, transpose } from './ops.js';

/**
 * The places, in their order, where `condition` (bool `[N]`) holds: int64 `[count,1]`.
 * @param count a name for how many there are, which is known only when the model runs
 */
export function rowsWhere(condition: Value, count: string): Value {
  if (condition.type !== 'bool' || condition.shape.length !== 1) {
    throw shapeError('NonZero', 'one condition a row', condition.shape);
  }
  return transpose(one('NonZero', [condition], [1, count], {}, 'int64'), [1, 0]);
}

/** The rows of x at `places` (int64 `[K,1]`): `[K, …]` */
export function gatherRows(x: Value, places: Value): Value {
  return one('GatherND', [x, places], [countOf('GatherND', places), ...x.shape.slice(1)], {}, x.type);
}

/** x with `rows` (`[K, …]`) in the place of those at `places` (int64 `[K,1]`). */
export function scatterRows(x: Value, places: Value, rows: Value): Value {
  const expected: Shape = [countOf('ScatterND', places), ...x.shape.slice(1)];
  if (rows.shape.join() !== expected.join() || rows.type !== x.type) {
    throw shapeError('ScatterND', `rows [${expected.join(',')}]`, rows.shape);
  }
  return one('ScatterND', [x, places, rows], x.shape, {}, x.type);
}

function countOf(opType: string, { shape: [count, axes, ...more], type, shape }: Value): number | string {
  if (type === 'int64' && count !== undefined && axes === 1 && more.length === 0) return count;
  throw shapeError(opType, 'places int64 [K,1]', shape);
}
