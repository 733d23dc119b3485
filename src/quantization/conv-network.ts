import { InkdigitError } from '../errors.js';
import { convOutputSize } from '../onnx/picture-ops.js';
import { foldNetwork, type FoldedLayer } from '../network/folded-network.js';
import type { NetworkPlan, Weights } from '../network/network.js';

/** A convolution in float32. */
export interface FloatConv {
  readonly kind: 'conv';
  readonly name: string;
  /** `[O,C,K,L]` */
  readonly shape: readonly [number, number, number, number];
  readonly kernels: Float32Array;
  /** `[O]` */
  readonly bias: Float32Array;
  readonly stride: number;
  readonly padding: number;
}

/** A convolution with a relu; a dense layer is a convolution whose kernel is as large as its input. */
export interface ConvLayer extends FloatConv {
  /** Whether the kernel covers the whole input: the output is one row, a matrix product. */
  readonly readsAll: boolean;
}

/** A trained network as convolutions with relus and 2x2 max pools, with a last layer without a relu. */
export interface ConvNetwork {
  readonly name: string;
  /** `[1,side,side]` */
  readonly input: readonly [number, number, number];
  readonly layers: readonly (ConvLayer | { readonly kind: 'maxPool' })[];
  /** A dense layer over the flattened picture gives logits; a convolution gives planes over cells. */
  readonly head: Extract<FoldedLayer, { kind: 'dense' }> | FloatConv;
}

/**
 * Converts a network to this form.
 * @throws InkdigitError `invalid_graph` that names the layer that has no such form
 */
export function asConvNetwork(plan: NetworkPlan, weights: Weights): ConvNetwork {
  const folded = foldNetwork(plan, weights);
  const layers: ConvNetwork['layers'][number][] = [];
  const input = sizesOf(plan.input);
  let picture = input;
  const misfit = (layer: FoldedLayer, expected: string): InkdigitError =>
    new InkdigitError(
      'invalid_graph',
      `The network ${plan.name} cannot be quantized to int8: expected ${expected}; its layer ${layer.name} is another.`,
    );
  for (const [index, layer] of folded.entries()) {
    switch (layer.kind) {
      case 'conv':
      case 'dense': {
        if (isHead(folded, index)) {
          if (layers.length === 0) throw misfit(layer, 'a convolution with a relu before the last layer');
          const head = layer.kind === 'dense' ? layer : { ...layer, shape: kernelsOf(layer) };
          return { name: plan.name, input, layers, head };
        }
        if (folded[index + 1]?.kind !== 'relu') throw misfit(layer, 'a relu behind all layers but the last');
        const conv = layer.kind === 'conv' ? { ...layer, shape: kernelsOf(layer) } : asConv(layer, picture);
        const [outputs, , height, width] = conv.shape;
        const size = (side: number, kernel: number): number =>
          convOutputSize(side, kernel, conv.stride, conv.padding);
        const readsAll = conv.padding === 0 && height === picture[1] && width === picture[2];
        picture = [outputs, size(picture[1], height), size(picture[2], width)];
        layers.push({ ...conv, readsAll });
        break;
      }
      case 'maxPool':
        if (layers.length === 0) throw misfit(layer, 'a layer with weights first');
        picture = [picture[0], picture[1] >> 1, picture[2] >> 1];
        layers.push({ kind: 'maxPool' });
        break;
      case 'relu': {
        const before = folded[index - 1]?.kind;
        if (before !== 'conv' && before !== 'dense')
          throw misfit(layer, 'a relu right behind a layer with weights');
        break;
      }
      case 'flatten':
        break;
      case 'affine':
      case 'globalAveragePool':
        throw misfit(layer, 'convolutions, dense layers, relus and largest values of 2x2');
    }
  }
  throw new Error('unreachable: a planned network ends in a dense layer or in planes');
}

/** Whether a layer with weights is the last one but for a flatten. */
function isHead(layers: readonly FoldedLayer[], index: number): boolean {
  return layers.slice(index + 1).every(({ kind }) => kind === 'flatten');
}

function sizesOf(shape: readonly number[]): [number, number, number] {
  const [channels = 0, height = 0, width = 0] = shape;
  return [channels, height, width];
}

function kernelsOf({ shape }: Extract<FoldedLayer, { kind: 'conv' }>): ConvLayer['shape'] {
  const [outputs = 0, channels = 0, height = 0, width = 0] = shape;
  return [outputs, channels, height, width];
}

function asConv(
  { name, shape: [units, outputs], kernels, bias }: Extract<FoldedLayer, { kind: 'dense' }>,
  picture: readonly [number, number, number],
): FloatConv {
  const turned = Float32Array.from(
    kernels,
    (_, i) => kernels[(i % units) * outputs + Math.floor(i / units)]!,
  );
  return { kind: 'conv', name, shape: [outputs, ...picture], kernels: turned, bias, stride: 1, padding: 0 };
}
