import { roundHalfToEven } from '../round.js';
import type { ConvLayer, ConvNetwork } from './conv-network.js';
import { quantizeKernels } from './scales.js';

/**
 * A convolution of integers 0…255, each of which stands for itself times `inputScale`. Sums and bias are in units of
 * inputScale * weightScales[o].
 */
export interface IntegerConv extends Omit<ConvLayer, 'kernels' | 'bias'> {
  /** As `shape`. */
  readonly kernels: Int8Array;
  /** `[O]` */
  readonly weightScales: Float32Array;
  /** `[O]` */
  readonly bias: Int32Array;
  readonly inputScale: number;
  /** Scale of the output, which is 0…255 too, where it is rounded. */
  readonly outputScale: number;
}

/** A network with integers between its first layer and its last. */
export interface IntegerNetwork {
  readonly name: string;
  /** `[1,side,side]` */
  readonly input: ConvNetwork['input'];
  /** In float32: with a single input channel that is faster than integers, even with the rounding that follows. */
  readonly first: ConvLayer;
  /** Scale of the first layer's output. */
  readonly firstScale: number;
  readonly layers: readonly (IntegerConv | { readonly kind: 'maxPool' })[];
  /** In float32: it is small, and logits and boxes need the precision. */
  readonly head: ConvNetwork['head'];
}

/**
 * Weights are integers of ±64: the sum of two products with 0…255 then fits into 16 bits, in which processors without
 * VNNI add them, with saturation. So the answers are the same on all processors.
 */
export const LARGEST_WEIGHT = 64;

/** A larger bias could overflow the 32 bits of the sum. */
const LARGEST_BIAS = 2 ** 30;

/** Far from floats that lose precision, and far below the weights of any channel that matters. */
const SMALLEST_SCALE = 2 ** -60;

/** @param scales of each convolution's output, in their order */
export function quantizeNetwork(
  { name, input, layers: [first, ...others], head }: ConvNetwork,
  scales: readonly number[],
): IntegerNetwork {
  if (first?.kind !== 'conv') throw new Error('unreachable: such a network begins with a convolution');
  // As the file stores them.
  const rest = scales.map(Math.fround).values();
  const nextScale = (): number => {
    const { done, value } = rest.next();
    if (done) throw new RangeError(`Expected a scale for each convolution, got ${scales.length}.`);
    return value;
  };
  const firstScale = nextScale();
  let inputScale = firstScale;
  const layers = others.map((layer) => {
    if (layer.kind === 'maxPool') return layer;
    const conv = quantizeConv(layer, inputScale, nextScale());
    inputScale = conv.outputScale;
    return conv;
  });
  return { name, input, first, firstScale, layers, head };
}

function quantizeConv(layer: ConvLayer, inputScale: number, outputScale: number): IntegerConv {
  // A channel with a bias and next to no weights gets steps that are coarse enough for the bias.
  const smallest = Array.from(layer.bias, (value) =>
    Math.max(SMALLEST_SCALE, Math.abs(value) / (inputScale * LARGEST_BIAS)),
  );
  const { integers, scales } = quantizeKernels(layer.kernels, LARGEST_WEIGHT, smallest);
  const bias = Int32Array.from(layer.bias, (value, channel) =>
    roundHalfToEven(value / (inputScale * scales[channel]!)),
  );
  return { ...layer, kernels: integers, weightScales: scales, bias, inputScale, outputScale };
}
