import { roundHalfToEven } from '../round.js';
import type { ConvLayer, ConvNetwork } from './conv-network.js';
import { quantizeKernels } from './scales.js';

/**
 * A convolution of whole numbers 0…255, each standing for itself times `inputScale`. Its sums, and the bias among
 * them, are in units of inputScale * weightScales[o].
 */
export interface IntegerConv extends Omit<ConvLayer, 'kernels' | 'bias'> {
  /** As `shape`. */
  readonly kernels: Int8Array;
  /** `[O]` */
  readonly weightScales: Float32Array;
  /** `[O]` */
  readonly bias: Int32Array;
  readonly inputScale: number;
  /** Of what comes out, 0…255 as well, where that is rounded. */
  readonly outputScale: number;
}

/** A network that works on whole numbers between its first layer and its last. */
export interface IntegerNetwork {
  readonly name: string;
  /** `[1,side,side]` */
  readonly input: ConvNetwork['input'];
  /**
   * Works on floats: a single channel is nothing to multiply integers with, and as floats it is faster, the rounding
   * behind it counted in.
   */
  readonly first: ConvLayer;
  /** Of what leaves the first layer. */
  readonly firstScale: number;
  readonly layers: readonly (IntegerConv | { readonly kind: 'maxPool' })[];
  /** Works on floats: it is small, and logits and boxes are to be fine. */
  readonly head: ConvNetwork['head'];
}

/**
 * Weights are whole numbers of ±64: the sum of two products with 0…255 then fits into 16 bits, where processors
 * without instructions for products of 8 bits (VNNI) add them up and clip what is too large. So the answers are the
 * same on all of them.
 */
export const LARGEST_WEIGHT = 64;

/** A bias of more steps could leave no room in 32 bits for the sum that it is added to. */
const LARGEST_BIAS = 2 ** 30;

/** Far from the floats that lose digits, and far below the weights of any channel that does something. */
const SMALLEST_SCALE = 2 ** -60;

/**
 * @param scales of what leaves each convolution, in their order
 */
export function quantizeNetwork(
  { name, input, layers: [first, ...others], head }: ConvNetwork,
  scales: readonly number[],
): IntegerNetwork {
  if (first?.kind !== 'conv') throw new Error('unreachable: such a network begins with a convolution');
  // As the file holds them.
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
  // A channel with next to no weights but a bias has steps that are coarse enough for the bias.
  const smallest = Array.from(layer.bias, (value) =>
    Math.max(SMALLEST_SCALE, Math.abs(value) / (inputScale * LARGEST_BIAS)),
  );
  const { integers, scales } = quantizeKernels(layer.kernels, LARGEST_WEIGHT, smallest);
  const bias = Int32Array.from(layer.bias, (value, channel) =>
    roundHalfToEven(value / (inputScale * scales[channel]!)),
  );
  return { ...layer, kernels: integers, weightScales: scales, bias, inputScale, outputScale };
}
