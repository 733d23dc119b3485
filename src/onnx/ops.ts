/**
 * The standard ONNX operators that this project's graphs use. Each function adds one node, works out the shape
 * of what comes out, and throws `invalid_graph` naming the shapes that do not fit. Sizes that are known only when
 * the model runs (names instead of numbers) pass wherever the operator does not need them.
 * Definitions: https://onnx.ai/onnx/operators/
 */
import { elementCount, knownShape, shapeError, type Shape, type Value } from './graph.js';
import { dataTypeOf, type Attribute, type Dim, type ElementType } from './proto.js';

/** Adds a node with one output; for the modules of operators only. */
export function one(
  opType: string,
  inputs: readonly [Value, ...Value[]],
  shape: Shape,
  attributes: Readonly<Record<string, Attribute>> = {},
  type?: ElementType,
): Value {
  const [value] = inputs[0].graph.node(opType, inputs, [type ? { shape, type } : { shape }], attributes);
  if (!value) throw new Error('unreachable: one output was asked for');
  return value;
}

/** The shape of an element-wise result by NumPy's broadcasting rule. */
function broadcast(opType: string, a: Shape, b: Shape): Dim[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    if (x === y || y === 1) return x;
    if (x === 1) return y;
    throw shapeError(opType, 'shapes that broadcast together', a, b);
  });
}

function requireBroadcastTo(opType: string, from: Shape, to: Shape): void {
  if (broadcast(opType, from, to).join() !== to.join()) {
    throw shapeError(opType, 'a shape that broadcasts to the other', from, to);
  }
}

const elementwise =
  (opType: string, type?: ElementType) =>
  (a: Value, b: Value): Value =>
    one(opType, [a, b], broadcast(opType, a.shape, b.shape), {}, type);

const unary =
  (opType: string) =>
  (x: Value): Value =>
    one(opType, [x], x.shape);

export const add = elementwise('Add');
export const subtract = elementwise('Sub');
export const multiply = elementwise('Mul');
export const maximum = elementwise('Max');
export const greater = elementwise('Greater', 'bool');
export const greaterOrEqual = elementwise('GreaterOrEqual', 'bool');
export const less = elementwise('Less', 'bool');
export const relu = unary('Relu');
export const exponential = unary('Exp');
export const squareRoot = unary('Sqrt');
export const reciprocal = unary('Reciprocal');
export const negate = unary('Neg');
export const sigmoid = unary('Sigmoid');
/** ln(1 + exp(x)) */
export const softplus = unary('Softplus');

/** The same numbers as another type. */
export function cast(x: Value, type: ElementType): Value {
  return one('Cast', [x], x.shape, { to: { int: dataTypeOf(type) } }, type);
}

/** `condition ? a : b`, element by element. */
export function where(condition: Value, a: Value, b: Value): Value {
  const shape = broadcast('Where', broadcast('Where', condition.shape, a.shape), b.shape);
  return one('Where', [condition, a, b], shape);
}

/** What is below `low` or above `high` made that. */
export function clip(x: Value, low: number, high: number): Value {
  return one('Clip', [x, x.graph.scalar(low), x.graph.scalar(high)], x.shape);
}

/** Softmax over the last axis. */
export function softmax(x: Value): Value {
  return one('Softmax', [x], x.shape, { axis: { int: -1 } });
}

/** Logarithm of the softmax over the last axis. */
export function logSoftmax(x: Value): Value {
  return one('LogSoftmax', [x], x.shape, { axis: { int: -1 } });
}

/** a `[M,K]` times b `[K,P]`, either one transposed first if asked, plus `bias` (broadcast): `[M,P]`. */
export function gemm(
  a: Value,
  b: Value,
  {
    transposeA = false,
    transposeB = false,
    bias,
  }: { transposeA?: boolean; transposeB?: boolean; bias?: Value } = {},
): Value {
  const [m, k] = transposeA ? a.shape.toReversed() : a.shape;
  const [bk, p] = transposeB ? b.shape.toReversed() : b.shape;
  if (a.shape.length !== 2 || b.shape.length !== 2 || m === undefined || p === undefined || k !== bk) {
    const [ta, tb] = [transposeA ? ' (transposed)' : '', transposeB ? ' (transposed)' : ''];
    throw shapeError('Gemm', `matrices [M,K]${ta} and [K,P]${tb}`, a.shape, b.shape);
  }
  if (bias) requireBroadcastTo('Gemm', bias.shape, [m, p]);
  return one('Gemm', bias ? [a, b, bias] : [a, b], [m, p], {
    transA: { int: transposeA ? 1 : 0 },
    transB: { int: transposeB ? 1 : 0 },
  });
}

/** The same values in another shape. */
export function reshape(x: Value, shape: readonly number[]): Value {
  if (elementCount(knownShape('Reshape', x.shape)) !== elementCount(shape)) {
    throw shapeError('Reshape', 'the same number of values', x.shape, shape);
  }
  return one('Reshape', [x, x.graph.integers(shape)], shape);
}

/** `[N, …]` as `[N, product of the rest]`. */
export function flatten(x: Value): Value {
  const [n, ...rest] = x.shape;
  if (n === undefined) throw shapeError('Flatten', 'at least one axis', x.shape);
  return one('Flatten', [x], [n, elementCount(knownShape('Flatten', rest))], { axis: { int: 1 } }, x.type);
}

/** Axis i of the result is axis `permutation[i]` of x. */
export function transpose(x: Value, permutation: readonly number[]): Value {
  if (permutation.toSorted((a, b) => a - b).join() !== x.shape.map((_, i) => i).join()) {
    throw shapeError('Transpose', `the axes of a permutation (${permutation.join(',')})`, x.shape);
  }
  const shape = permutation.map((axis) => x.shape[axis] ?? 0);
  return one('Transpose', [x], shape, { perm: { ints: permutation } }, x.type);
}

/** Zeros before and behind each axis; a negative number takes values away. */
export function pad(x: Value, before: readonly number[], behind: readonly number[]): Value {
  const known = knownShape('Pad', x.shape);
  if (before.length !== known.length || behind.length !== known.length) {
    throw shapeError('Pad', `${before.length} axes`, x.shape);
  }
  const shape = known.map((dim, i) => dim + (before[i] ?? 0) + (behind[i] ?? 0));
  if (shape.some((dim) => dim < 1)) throw shapeError('Pad', 'something to be left', x.shape, shape);
  return one('Pad', [x, x.graph.integers([...before, ...behind])], shape, { mode: { string: 'constant' } });
}

export interface SliceRange {
  readonly axis: number;
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly step?: number;
}

/** The parts of x that `ranges` name; axes not named stay whole. */
export function slice(x: Value, ranges: readonly SliceRange[]): Value {
  const shape = [...x.shape];
  for (const { axis, from, to, step = 1 } of ranges) {
    const size = shape[axis];
    if (typeof size !== 'number' || step < 1 || from < 0 || to > size || from >= to) {
      throw shapeError('Slice', `axis ${axis} to hold ${from}…${to}`, x.shape);
    }
    shape[axis] = Math.ceil((to - from) / step);
  }
  const { graph } = x;
  const inputs = [
    ranges.map((r) => r.from),
    ranges.map((r) => r.to),
    ranges.map((r) => r.axis),
    ranges.map((r) => r.step ?? 1),
  ].map((values) => graph.integers(values));
  return one('Slice', [x, ...inputs], shape);
}

/** x with the named axes turned round. */
export function reverse(x: Value, axes: readonly number[]): Value {
  const each = (value: number): Value => x.graph.integers(axes.map(() => value));
  // Backwards from the last value; an end far below zero means "up to and with the first".
  return one(
    'Slice',
    [x, each(-1), each(Number.MIN_SAFE_INTEGER), x.graph.integers(axes), each(-1)],
    x.shape,
  );
}

/** One behind the other along `axis`. */
export function concat(values: readonly [Value, ...Value[]], axis: number): Value {
  const [first, ...others] = values;
  for (const other of others) {
    if (
      other.shape.length !== first.shape.length ||
      other.shape.some((dim, i) => i !== axis && dim !== first.shape[i])
    ) {
      throw shapeError('Concat', `shapes that differ only on axis ${axis}`, first.shape, other.shape);
    }
  }
  const size = values.reduce((sum, value) => sum + (knownShape('Concat', value.shape)[axis] ?? 0), 0);
  return one('Concat', values, first.shape.with(axis, size), { axis: { int: axis } });
}

/** Pieces of the given sizes along `axis`. */
export function split(x: Value, sizes: readonly number[], axis: number): Value[] {
  if (sizes.reduce((sum, size) => sum + size, 0) !== x.shape[axis]) {
    throw shapeError('Split', `axis ${axis} to hold ${sizes.join('+')}`, x.shape);
  }
  const outputs = sizes.map((size) => ({ shape: x.shape.with(axis, size) }));
  return x.graph.node('Split', [x, x.graph.integers(sizes)], outputs, { axis: { int: axis } });
}

function reducedShape(opType: string, x: Value, axes: readonly number[], keepAxes: boolean): Dim[] {
  if (axes.some((axis) => axis < 0 || axis >= x.shape.length)) {
    throw shapeError(opType, `the axes ${axes.join(',')}`, x.shape);
  }
  return keepAxes
    ? x.shape.map((dim, i) => (axes.includes(i) ? 1 : dim))
    : x.shape.filter((_, i) => !axes.includes(i));
}

/** Sum over `axes`; they stay with size 1 if `keepAxes`. */
export function reduceSum(x: Value, axes: readonly number[], keepAxes = false): Value {
  return one('ReduceSum', [x, x.graph.integers(axes)], reducedShape('ReduceSum', x, axes, keepAxes), {
    keepdims: { int: keepAxes ? 1 : 0 },
  });
}

/** Mean over `axes`; they stay with size 1 if `keepAxes`. */
export function reduceMean(x: Value, axes: readonly number[], keepAxes = false): Value {
  return one('ReduceMean', [x], reducedShape('ReduceMean', x, axes, keepAxes), {
    axes: { ints: axes },
    keepdims: { int: keepAxes ? 1 : 0 },
  });
}

/** Largest over `axes`. */
export function reduceMax(x: Value, axes: readonly number[]): Value {
  return one('ReduceMax', [x], reducedShape('ReduceMax', x, axes, false), {
    axes: { ints: axes },
    keepdims: { int: 0 },
  });
}

/** x repeated along axes of size 1 until it has `shape`. */
export function expand(x: Value, shape: readonly number[]): Value {
  requireBroadcastTo('Expand', x.shape, shape);
  return one('Expand', [x, x.graph.integers(shape)], shape);
}
