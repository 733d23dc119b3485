import { InkdigitError } from '../errors.js';
import type { CellGrid } from '../image/view/cell-grid.js';
import { convOutputSize } from '../onnx/picture-ops.js';
import { CLASS_COUNT, GRIDS, isGridShown, OUTPUT_COUNTS } from '../model/contract.js';
import { FRAME_SIDE } from '../image/frame.js';
import { CLOSE_UP_SIDE, OVERVIEW_SIDE, THUMBNAIL_SIDE, VIEW_SIDE } from '../image/view/sizes.js';

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

/** What a network is shown, all square and of one channel, and its side in pixels. */
export const SHOWN_SIDES = {
  /** A digit as MNIST has it. */
  frame: FRAME_SIDE,
  /** A digit as it is in a picture, and a little around it. */
  view: VIEW_SIDE,
  /** A whole picture, in which digits are to be found. */
  overview: OVERVIEW_SIDE,
  /** A whole picture that is small, of one digit. */
  thumbnail: THUMBNAIL_SIDE,
  /** A place in a picture where a digit of a number may be, cut out as a view. */
  place: VIEW_SIDE,
  /** A part of a picture, in which the digits of a number are read. */
  closeup: CLOSE_UP_SIDE,
} as const;
export type Shown = keyof typeof SHOWN_SIDES;

/** Its name, and its layers from the picture to the logits, one a digit, or to planes over cells (`GRIDS`). */
export interface Network {
  readonly name: string;
  readonly layers: readonly Layer[];
  /** `frame` if unsaid. */
  readonly shown?: Shown;
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

/** The same network with another number of logits; one that answers in cells has none, and stays as it is. */
export function withOutputs(network: Network, outputs: number): Network {
  if (isGridShown(network.shown ?? 'frame')) return network;
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
  readonly shown: Shown;
  /** Shape of what the first layer reads. */
  readonly input: readonly number[];
  readonly layers: readonly PlannedLayer[];
  readonly parameters: readonly Parameter[];
  readonly parameterCount: number;
  readonly statistics: readonly TensorSlot[];
  readonly statisticCount: number;
  /** Logits of an image, or all numbers of one that answers in cells. */
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
 * end in ten logits or eleven, or in the planes of what it is shown.
 */
export function planNetwork(network: Network): NetworkPlan {
  const side = SHOWN_SIDES[network.shown ?? 'frame'];
  const plan = planLayers(network, [1, side, side]);
  if (isGridShown(plan.shown)) return requirePlanes(plan, GRIDS[plan.shown]);
  const last = network.layers.at(-1);
  if (last?.kind === 'dense' && OUTPUT_COUNTS.includes(last.units)) return plan;
  throw new InkdigitError(
    'invalid_graph',
    `The network ${network.name} ends in [${plan.layers.at(-1)?.output.join(',') ?? ''}]; expected a dense layer ` +
      `of ${CLASS_COUNT}, one logit a digit, or of one more.`,
  );
}

function requirePlanes(plan: NetworkPlan, { planes, cells }: CellGrid): NetworkPlan {
  const last = plan.layers.at(-1);
  const expected = [planes, cells, cells].join();
  if (last?.layer.kind === 'flatten' && last.input.join() === expected) return plan;
  throw new InkdigitError(
    'invalid_graph',
    `The network ${plan.name} ends in [${last?.output.join(',') ?? ''}]; ` +
      `expected planes [${expected}] and a flatten, as it is shown ${plan.shown}s.`,
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
    shown: network.shown ?? 'frame',
    input: shape,
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
