import { InkdigitError } from '../errors.js';
import { convOutputSize } from '../onnx/picture-ops.js';
import { CLASS_COUNT, OUTPUT_COUNTS } from '../model/contract.js';
import { FRAME_SIDE } from '../image/frame.js';

/** What a network is made of. Pictures are `[channels, height, width]`, rows of numbers `[units]`. */
export type Layer =
  | {
      readonly kind: 'conv';
      readonly channels: number;
      readonly kernel: number;
      readonly stride: number;
      /** Zeros around the picture on each side. */
      readonly padding: number;
      readonly bias: boolean;
    }
  | { readonly kind: 'batchNorm' }
  | { readonly kind: 'relu' }
  /** Largest of each 2x2 square. */
  | { readonly kind: 'maxPool' }
  | { readonly kind: 'globalAveragePool' }
  | { readonly kind: 'flatten' }
  /** Sets each value to zero with probability `rate` while training, and scales the others up to make up for it. */
  | { readonly kind: 'dropout'; readonly rate: number }
  | { readonly kind: 'dense'; readonly units: number };

/** A network: what it is called, and its layers from the picture to the logits, one a digit. */
export interface Network {
  readonly name: string;
  readonly layers: readonly Layer[];
}

/**
 * A convolution of stride 1 that keeps the picture's size, unless `options` say otherwise; without a bias when
 * a batch norm follows, whose shift does the same.
 */
export function conv(
  channels: number,
  kernel: number,
  options: { stride?: number; padding?: number; bias?: boolean } = {},
): Layer {
  return { kind: 'conv', channels, kernel, stride: 1, padding: kernel >> 1, bias: true, ...options };
}

/** Convolution, batch norm, relu. */
export function convBlock(
  channels: number,
  kernel: number,
  options: { stride?: number; padding?: number } = {},
): Layer[] {
  return [conv(channels, kernel, { ...options, bias: false }), { kind: 'batchNorm' }, { kind: 'relu' }];
}

/** The same network with another number of logits. */
export function withOutputs(network: Network, outputs: number): Network {
  return { ...network, layers: [...network.layers.slice(0, -1), { kind: 'dense', units: outputs }] };
}

/** How the values of a parameter start. */
export type Initial = { readonly normal: number } | { readonly constant: number };

/** A tensor of numbers that belong to a layer; `offset` is its place among all of its kind, in one flat array. */
export interface TensorSlot {
  readonly name: string;
  readonly shape: readonly number[];
  readonly size: number;
  readonly offset: number;
}

/** Something that training changes. */
export interface Parameter extends TensorSlot {
  readonly initial: Initial;
  /** Whether weight decay pulls it towards zero: weights are, biases and batch norms are not. */
  readonly decays: boolean;
}

/** A layer in its place: the shape that reaches it, the one that leaves it, and where its numbers lie. */
export interface PlannedLayer {
  readonly layer: Layer;
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly parameters: readonly Parameter[];
  /** What a batch norm measures while training: mean and variance of each channel. */
  readonly statistics: readonly TensorSlot[];
  readonly multiplyAdds: number;
}

/** A network with every shape worked out. */
export interface NetworkPlan {
  readonly name: string;
  readonly layers: readonly PlannedLayer[];
  readonly parameters: readonly Parameter[];
  readonly parameterCount: number;
  readonly statistics: readonly TensorSlot[];
  readonly statisticCount: number;
  /** Logits of an image. */
  readonly outputs: number;
  /** Multiply-adds of one image, convolutions and dense layers; batch norms are folded into them. */
  readonly multiplyAdds: number;
}

/** The numbers of a trained network, as its plan lays them out. */
export interface Weights {
  /** `[parameterCount]` */
  readonly parameters: Float32Array;
  /** `[statisticCount]`: mean and variance of the batch norms. */
  readonly statistics: Float32Array;
}

/** The picture a network reads. */
const INPUT_SHAPE: readonly number[] = [1, FRAME_SIDE, FRAME_SIDE];

type TensorPlan = Omit<TensorSlot, 'offset' | 'size'>;
type ParameterPlan = TensorPlan & Pick<Parameter, 'initial' | 'decays'>;

interface LayerPlan {
  readonly output: readonly number[];
  readonly parameters?: readonly ParameterPlan[];
  readonly statistics?: readonly TensorPlan[];
  readonly multiplyAdds?: number;
}

/**
 * Works out every shape, parameter and cost.
 * @throws InkdigitError `invalid_graph` that names the layer whose input does not fit, or a network that does not
 * end in ten logits or eleven.
 */
export function planNetwork(network: Network): NetworkPlan {
  const plan = planLayers(network, INPUT_SHAPE);
  const last = network.layers.at(-1);
  if (last?.kind === 'dense' && OUTPUT_COUNTS.includes(last.units)) return plan;
  throw new InkdigitError(
    'invalid_graph',
    `The network ${network.name} ends in [${plan.layers.at(-1)?.output.join(',') ?? ''}]; expected a dense layer of ${CLASS_COUNT}, one logit a digit, or of one more.`,
  );
}

/**
 * The same for layers that read something else than a frame, or give something else than logits.
 * @param shape of what they read
 * @param joining place of a layer -> channels that come to it from elsewhere, before those of the layer ahead of it
 * @throws InkdigitError `invalid_graph` that names the layer whose input does not fit
 */
export function planLayers(
  network: Network,
  shape: readonly number[],
  joining: ReadonlyMap<number, number> = new Map(),
): NetworkPlan {
  const layers: PlannedLayer[] = [];
  const parameters: Parameter[] = [];
  const statistics: TensorSlot[] = [];
  let parameterCount = 0;
  let statisticCount = 0;
  let input = shape;
  network.layers.forEach((layer, index) => {
    const name = `${index}_${layer.kind}`;
    input = input.with(0, (input[0] ?? 0) + (joining.get(index) ?? 0));
    const plan = planLayer(layer, input, name);
    const placed = (plan.parameters ?? []).map((parameter): Parameter => {
      const size = parameter.shape.reduce((a, b) => a * b, 1);
      parameterCount += size;
      return { ...parameter, size, offset: parameterCount - size };
    });
    const measured = (plan.statistics ?? []).map((statistic): TensorSlot => {
      const size = statistic.shape.reduce((a, b) => a * b, 1);
      statisticCount += size;
      return { ...statistic, size, offset: statisticCount - size };
    });
    parameters.push(...placed);
    statistics.push(...measured);
    layers.push({
      layer,
      input,
      output: plan.output,
      parameters: placed,
      statistics: measured,
      multiplyAdds: plan.multiplyAdds ?? 0,
    });
    input = plan.output;
  });
  const multiplyAdds = layers.reduce((sum, layer) => sum + layer.multiplyAdds, 0);
  return {
    name: network.name,
    layers,
    parameters,
    parameterCount,
    statistics,
    statisticCount,
    outputs: input.reduce((a, b) => a * b, 1),
    multiplyAdds,
  };
}

function planLayer(layer: Layer, input: readonly number[], name: string): LayerPlan {
  const misfit = (expected: string): InkdigitError =>
    new InkdigitError('invalid_graph', `Layer ${name}: expected ${expected}, got [${input.join(',')}].`);
  const picture = (): [number, number, number] => {
    const [channels, height, width] = input;
    if (input.length !== 3 || !channels || !height || !width)
      throw misfit('a picture [channels,height,width]');
    return [channels, height, width];
  };
  switch (layer.kind) {
    case 'conv': {
      const [channels, height, width] = picture();
      const { kernel, stride, padding } = layer;
      const outHeight = convOutputSize(height, kernel, stride, padding);
      const outWidth = convOutputSize(width, kernel, stride, padding);
      if (outHeight < 1 || outWidth < 1) throw misfit(`a picture of at least ${kernel}x${kernel}`);
      const fanIn = channels * kernel * kernel;
      const weights = weightsOf(name, [layer.channels, channels, kernel, kernel], fanIn);
      return {
        output: [layer.channels, outHeight, outWidth],
        parameters: layer.bias ? [weights, constantOf(name, 'bias', layer.channels, 0)] : [weights],
        multiplyAdds: outHeight * outWidth * layer.channels * fanIn,
      };
    }
    case 'batchNorm': {
      const [channels] = picture();
      return {
        output: input,
        parameters: [constantOf(name, 'scale', channels, 1), constantOf(name, 'shift', channels, 0)],
        statistics: [
          { name: `${name}_mean`, shape: [channels] },
          { name: `${name}_variance`, shape: [channels] },
        ],
      };
    }
    case 'maxPool': {
      const [channels, height, width] = picture();
      if (height < 2 || width < 2) throw misfit('a picture of at least 2x2');
      return { output: [channels, height >> 1, width >> 1] };
    }
    case 'globalAveragePool':
      return { output: [picture()[0]] };
    case 'flatten':
      return { output: [input.reduce((a, b) => a * b, 1)] };
    case 'relu':
    case 'dropout':
      return { output: input };
    case 'dense': {
      const [units] = input;
      if (input.length !== 1 || units === undefined) throw misfit('a row of numbers (flatten comes first)');
      return {
        output: [layer.units],
        parameters: [weightsOf(name, [units, layer.units], units), constantOf(name, 'bias', layer.units, 0)],
        multiplyAdds: units * layer.units,
      };
    }
  }
}

/** Weights that keep the size of what passes through a relu network (He et al., 2015). */
function weightsOf(layer: string, shape: readonly number[], fanIn: number): ParameterPlan {
  return { name: `${layer}_weights`, shape, initial: { normal: Math.sqrt(2 / fanIn) }, decays: true };
}

function constantOf(layer: string, part: string, size: number, constant: number): ParameterPlan {
  return { name: `${layer}_${part}`, shape: [size], initial: { constant }, decays: false };
}

/** The layers in a few words each, for cards and for the files of a training: `conv 3x3 16-32 to 14x14`. */
export function describeLayers({ layers }: NetworkPlan): string[] {
  return layers.map(describeLayer);
}

function describeLayer({ layer, input, output }: PlannedLayer): string {
  switch (layer.kind) {
    case 'conv': {
      const stride = layer.stride === 1 ? '' : ` stride ${layer.stride}`;
      return `conv ${layer.kernel}x${layer.kernel}${stride} ${input[0]}-${layer.channels} to ${output[1]}x${output[2]}`;
    }
    case 'dense':
      return `dense ${input[0]}-${layer.units}`;
    case 'dropout':
      return `dropout ${layer.rate}`;
    case 'batchNorm':
      return 'batch norm';
    case 'maxPool':
      return 'max pool 2x2';
    case 'globalAveragePool':
      return 'global average pool';
    case 'relu':
    case 'flatten':
      return layer.kind;
  }
}
