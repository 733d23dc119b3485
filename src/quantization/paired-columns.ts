import type { IntegerConv } from './integer-network.js';

/**
 * ONNX Runtime's kernel has a cost for each element of a convolution's kernel besides the products, so that few
 * channels are faster with a smaller kernel. With more channels than these, by an estimate, the added products cost
 * more.
 */
const MOST_CHANNELS = 16;

/** Whether a convolution over pictures of this width is possible over pairs of columns, and faster. */
export function isQuickerInPairs(
  { shape: [, channels, , kernelWidth], stride, padding }: IntegerConv,
  width: number,
): boolean {
  const isPossible = stride === 1 && padding === 0 && width % 2 === 0 && kernelWidth % 2 === 1;
  return isPossible && channels <= MOST_CHANNELS;
}

/**
 * The same convolution over pictures whose columns 2x and 2x + 1 are one column of twice the channels, and so is its
 * output. With channels last no number has to move for it. A kernel of width L becomes one of (L + 1) / 2, for the
 * left and for the right column; elements out of reach are 0, so that the sums are the same.
 */
export function overPairs(conv: IntegerConv): IntegerConv {
  const { shape, kernels, bias, weightScales } = conv;
  const [outputs, channels, height, width] = shape;
  const places = (width + 1) / 2;
  const paired = new Int8Array(2 * outputs * 2 * channels * height * places);
  kernels.forEach((weight, i) => {
    const column = i % width;
    const row = Math.floor(i / width) % height;
    const channel = Math.floor(i / (width * height)) % channels;
    const output = Math.floor(i / (width * height * channels));
    for (const side of [0, 1]) {
      const place = column + side;
      const from = (side * outputs + output) * 2 * channels + (place % 2) * channels + channel;
      paired[(from * height + row) * places + (place >> 1)] = weight;
    }
  });
  return {
    ...conv,
    shape: [2 * outputs, 2 * channels, height, places],
    kernels: paired,
    bias: Int32Array.of(...bias, ...bias),
    weightScales: Float32Array.of(...weightScales, ...weightScales),
  };
}
