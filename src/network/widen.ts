import { between, normal, type Random } from '../random.js';
import { planNetwork, type Network, type NetworkPlan, type PlannedLayer, type Weights } from './network.js';

/** Deviation of what is added to copied weights, of that of the layer's own. */
const NOISE = 0.05;

/** Whether `wide` is made of the same layers as `narrow`, but for convolutions with more channels. */
export function isWiderForm(wide: Network, narrow: Network): boolean {
  return (
    wide.layers.length === narrow.layers.length &&
    wide.shown === narrow.shown &&
    wide.layers.every((layer, i) => {
      const other = narrow.layers[i];
      if (layer.kind !== 'conv' || other?.kind !== 'conv') {
        return JSON.stringify(layer) === JSON.stringify(other);
      }
      const isLast = !wide.layers.slice(i + 1).some(({ kind }) => kind === 'conv');
      return (
        (isLast ? layer.channels === other.channels : layer.channels >= other.channels) &&
        JSON.stringify({ ...layer, channels: 0 }) === JSON.stringify({ ...other, channels: 0 })
      );
    })
  );
}

/**
 * The weights of a network for a wider form of it: each channel that is added begins as a copy of one that there is,
 * and what reads both shares the weight of that one between them at random, so that they learn different things
 * (Chen, Goodfellow, Shlens, Net2Net, 2016).
 * @param wide a wider form of `narrow` (`isWiderForm`), of convolutions, batch norms, relus and dense layers
 */
export function widened(
  narrow: Network,
  { parameters, statistics }: Weights,
  wide: Network,
  random: Random,
): Weights {
  const [from, to] = [planNetwork(narrow), planNetwork(wide)];
  const result = {
    parameters: new Float32Array(to.parameterCount),
    statistics: new Float32Array(to.statisticCount),
  };
  let read: Copies = { of: [0], shares: [1] };
  to.layers.forEach((layer, i) => {
    const before = layerAt(from, i);
    if (layer.layer.kind === 'conv') {
      const written = copiesOf(before.output[0] ?? 0, layer.output[0] ?? 0, random);
      copyKernel(before, parameters, layer, result.parameters, { read, written }, random);
      copyChannels(
        before.parameters.slice(1),
        parameters,
        layer.parameters.slice(1),
        result.parameters,
        written,
      );
      read = written;
      return;
    }
    if (layer.layer.kind === 'dense') {
      // It reads the last convolution, which has as many channels in both.
      copyAll(before.parameters, parameters, layer.parameters, result.parameters);
      return;
    }
    copyChannels(before.parameters, parameters, layer.parameters, result.parameters, read);
    copyChannels(before.statistics, statistics, layer.statistics, result.statistics, read);
  });
  return result;
}

/** For each channel of a wide layer: which one of the narrow layer it is a copy of, and its share of that one. */
interface Copies {
  readonly of: readonly number[];
  readonly shares: readonly number[];
}

function copiesOf(narrow: number, wide: number, random: Random): Copies {
  const of = Array.from({ length: wide }, (_, i) => (i < narrow ? i : Math.floor(narrow * random())));
  const parts = of.map(() => between(random, 0.3, 0.7));
  const sums = new Float64Array(narrow);
  of.forEach((channel, i) => (sums[channel]! += parts[i]!));
  return { of, shares: parts.map((part, i) => part / sums[of[i]!]!) };
}

type Slots = PlannedLayer['parameters'] | PlannedLayer['statistics'];

/** Numbers that belong to one channel each. */
function copyChannels(from: Slots, values: Float32Array, to: Slots, out: Float32Array, { of }: Copies): void {
  to.forEach(({ offset }, slot) => {
    const start = from[slot]?.offset ?? 0;
    of.forEach((channel, i) => (out[offset + i] = values[start + channel]!));
  });
}

function copyAll(from: Slots, values: Float32Array, to: Slots, out: Float32Array): void {
  to.forEach(({ offset }, slot) => {
    const own = from[slot];
    if (own) out.set(values.subarray(own.offset, own.offset + own.size), offset);
  });
}

function copyKernel(
  from: PlannedLayer,
  values: Float32Array,
  to: PlannedLayer,
  out: Float32Array,
  { read, written }: { readonly read: Copies; readonly written: Copies },
  random: Random,
): void {
  const [kernel] = from.parameters;
  const [target] = to.parameters;
  if (!kernel || !target) throw new Error('unreachable: a convolution has weights');
  const [, channels = 0, height = 0, width = 0] = kernel.shape;
  const taps = height * width;
  const own = values.subarray(kernel.offset, kernel.offset + kernel.size);
  const noise = NOISE * Math.sqrt(own.reduce((sum, value) => sum + value * value, 0) / own.length);
  const isCopy = written.of.map((channel, i) => written.of.indexOf(channel) !== i);
  let at = target.offset;
  written.of.forEach((output, o) => {
    read.of.forEach((input, i) => {
      for (let tap = 0; tap < taps; tap++) {
        const value = own[(output * channels + input) * taps + tap]! * read.shares[i]!;
        out[at++] = isCopy[o] === true ? value + noise * normal(random) : value;
      }
    });
  });
}

function layerAt(plan: NetworkPlan, place: number): PlannedLayer {
  const layer = plan.layers[place];
  if (!layer) throw new Error('unreachable: a wider form has as many layers');
  return layer;
}
