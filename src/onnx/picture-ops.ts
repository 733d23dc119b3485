/** The standard ONNX operators over pictures `[N,C,H,W]`; otherwise as `ops.ts`. */
import { knownShape, shapeError, type Value } from './graph.js';
import { one } from './ops.js';
import type { Attribute, Dim } from './proto.js';

/**
 * Height or width of what a convolution makes of a picture; below 1 where the kernel is larger than the padded
 * picture.
 */
export function convOutputSize(size: number, kernel: number, stride: number, padding: number): number {
  return Math.floor((size + 2 * padding - kernel) / stride) + 1;
}

export interface ConvOptions {
  readonly bias?: Value;
  /** Steps between outputs, the same on both axes; 1 if unsaid. */
  readonly stride?: number;
  /** Zeros around the picture, the same on all four sides; 0 if unsaid. May be negative: a crop. */
  readonly padding?: number;
}

/** Two-dimensional convolution of x `[N,C,H,W]` with `weights` `[O,C,K,L]`: `[N,O,H',W']`. */
export function conv(x: Value, weights: Value, options: ConvOptions = {}): Value {
  const { bias } = options;
  const shape = convShape('Conv', x, weights, options);
  return one('Conv', bias ? [x, weights, bias] : [x, weights], shape, convAttributes(weights, options));
}

/** The shape of what a convolution gives; for the modules of operators only. */
export function convShape(
  opType: string,
  x: Value,
  weights: Value,
  { bias, stride = 1, padding = 0 }: ConvOptions,
): Dim[] {
  const [n, c, height, width] = x.shape;
  const [o, weightC, kernelHeight, kernelWidth] = knownShape(opType, weights.shape);
  if (
    x.shape.length !== 4 ||
    weights.shape.length !== 4 ||
    c !== weightC ||
    n === undefined ||
    o === undefined ||
    typeof height !== 'number' ||
    typeof width !== 'number' ||
    kernelHeight === undefined ||
    kernelWidth === undefined
  ) {
    throw shapeError(opType, 'a picture [N,C,H,W] and weights [O,C,K,K]', x.shape, weights.shape);
  }
  const outHeight = convOutputSize(height, kernelHeight, stride, padding);
  const outWidth = convOutputSize(width, kernelWidth, stride, padding);
  if (outHeight < 1 || outWidth < 1) {
    throw shapeError(opType, 'a kernel no larger than the padded picture', x.shape, weights.shape);
  }
  if (bias && (bias.shape.length !== 1 || bias.shape[0] !== o)) {
    throw shapeError(opType, `a bias [${o}]`, bias.shape);
  }
  return [n, o, outHeight, outWidth];
}

/** For the modules of operators only. */
export function convAttributes(
  weights: Value,
  { stride = 1, padding = 0 }: ConvOptions,
): Record<string, Attribute> {
  return {
    kernel_shape: { ints: knownShape('Conv', weights.shape).slice(2) },
    strides: { ints: [stride, stride] },
    pads: { ints: [padding, padding, padding, padding] },
  };
}

/**
 * The transpose of `conv` as a linear map: x `[N,O,H',W']`, weights `[O,C,K,K]`, result `[N,C,...outputSize]`.
 * `outputSize` says which of the sizes that a strided convolution maps to H',W' is meant.
 */
export function convTranspose(
  x: Value,
  weights: Value,
  options: { stride: number; padding: number; outputSize: readonly [number, number] },
): Value {
  const [n, o, height, width] = knownShape('ConvTranspose', x.shape);
  const [weightO, c, kernelHeight, kernelWidth] = knownShape('ConvTranspose', weights.shape);
  if (
    o !== weightO ||
    n === undefined ||
    c === undefined ||
    height === undefined ||
    width === undefined ||
    kernelHeight === undefined ||
    kernelWidth === undefined
  ) {
    throw shapeError('ConvTranspose', 'a picture [N,O,H,W] and weights [O,C,K,K]', x.shape, weights.shape);
  }
  const { stride, padding, outputSize } = options;
  const missing = [
    outputSize[0] - ((height - 1) * stride - 2 * padding + kernelHeight),
    outputSize[1] - ((width - 1) * stride - 2 * padding + kernelWidth),
  ];
  if (missing.some((rows) => rows < 0 || rows >= Math.max(stride, 1))) {
    throw shapeError(
      'ConvTranspose',
      `a picture that ${showSize(outputSize)} maps to`,
      x.shape,
      weights.shape,
    );
  }
  return one('ConvTranspose', [x, weights], [n, c, ...outputSize], {
    kernel_shape: { ints: [kernelHeight, kernelWidth] },
    strides: { ints: [stride, stride] },
    pads: { ints: [padding, padding, padding, padding] },
    output_padding: { ints: missing },
  });
}

function showSize(size: readonly number[]): string {
  return size.join('x');
}

/** Largest of each `size`x`size` square, side by side; rows and columns that do not fill a square are left out. */
export function maxPool(x: Value, size: number): Value {
  const [n, c, height, width] = x.shape;
  if (
    x.shape.length !== 4 ||
    n === undefined ||
    c === undefined ||
    typeof height !== 'number' ||
    typeof width !== 'number'
  ) {
    throw shapeError('MaxPool', 'a picture [N,C,H,W]', x.shape);
  }
  if (height < size || width < size)
    throw shapeError('MaxPool', `a picture of at least ${size}x${size}`, x.shape);
  return one(
    'MaxPool',
    [x],
    [n, c, Math.floor(height / size), Math.floor(width / size)],
    {
      kernel_shape: { ints: [size, size] },
      strides: { ints: [size, size] },
    },
    x.type,
  );
}
