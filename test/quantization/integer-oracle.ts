/**
 * The oracle of the integer graphs: what ONNX says of QuantizeLinear and QLinearConv, in float64 and plain loops.
 * Products and sums of integers are exact there. It shares no code with the project.
 */
export interface IntegerConvCase {
  /** `[O,C,K,L]` */
  readonly shape: readonly [number, number, number, number];
  readonly kernels: Int8Array;
  readonly bias: Int32Array;
  readonly weightScales: Float32Array;
  readonly inputScale: number;
  readonly outputScale: number;
  readonly stride: number;
  readonly padding: number;
}

/** Pictures of one image: `[channels][height][width]` */
export type Picture = number[][][];

export function roundHalfEven(value: number): number {
  const nearest = Math.round(value);
  return Math.abs(value - Math.trunc(value)) === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
}

export function quantize(value: number, scale: number): number {
  return Math.min(255, Math.max(0, roundHalfEven(value / scale)));
}

/** The integer sums of a convolution, with the bias. */
export function sums(x: Picture, { shape, kernels, bias, stride, padding }: IntegerConvCase): Picture {
  const [outputs, channels, kernelHeight, kernelWidth] = shape;
  const [height, width] = [x[0]!.length, x[0]![0]!.length];
  const outHeight = Math.floor((height + 2 * padding - kernelHeight) / stride) + 1;
  const outWidth = Math.floor((width + 2 * padding - kernelWidth) / stride) + 1;
  return Array.from({ length: outputs }, (_o, o) =>
    Array.from({ length: outHeight }, (_r, row) =>
      Array.from({ length: outWidth }, (_c, column) => {
        let sum = bias[o]!;
        for (let c = 0; c < channels; c++) {
          for (let i = 0; i < kernelHeight; i++) {
            for (let j = 0; j < kernelWidth; j++) {
              const pixel = x[c]![row * stride + i - padding]?.[column * stride + j - padding] ?? 0;
              sum += pixel * kernels[((o * channels + c) * kernelHeight + i) * kernelWidth + j]!;
            }
          }
        }
        return sum;
      }),
    ),
  );
}

export function integerConv(x: Picture, conv: IntegerConvCase): Picture {
  return sums(x, conv).map((plane, o) =>
    plane.map((row) =>
      row.map((sum) => quantize(sum * conv.inputScale * conv.weightScales[o]!, conv.outputScale)),
    ),
  );
}

export function maxPool(x: Picture): Picture {
  return x.map((plane) =>
    Array.from({ length: plane.length >> 1 }, (_r, row) =>
      Array.from({ length: plane[0]!.length >> 1 }, (_c, column) =>
        Math.max(
          plane[2 * row]![2 * column]!,
          plane[2 * row]![2 * column + 1]!,
          plane[2 * row + 1]![2 * column]!,
          plane[2 * row + 1]![2 * column + 1]!,
        ),
      ),
    ),
  );
}
