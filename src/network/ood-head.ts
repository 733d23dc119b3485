/**
 * An out-of-distribution (OOD) head: channels beside those of a trained network that learn to reject non-digits, while
 * the weights that classify digits stay unchanged. The result is one sequence of layers again, its last convolutions
 * wider and an eleventh logit behind the ten.
 */
import { InkdigitError } from '../errors.js';
import { foldNetwork } from './folded-network.js';
import {
  planLayers,
  type Layer,
  type Network,
  type NetworkPlan,
  type TensorSlot,
  type Weights,
} from './network.js';

/**
 * The same network with more channels in its last convolutions.
 * @param channels how many more, the last convolution's last
 * @throws InkdigitError `invalid_graph` for a network of another form than convolutions and one dense layer
 */
export function withOodHead(network: Network, channels: readonly number[]): Network {
  const { name, layers } = network;
  const places = layers.flatMap(({ kind }, place) => (kind === 'conv' ? [place] : []));
  if (
    places.length < channels.length ||
    layers.findIndex(({ kind }) => kind === 'dense') < layers.length - 1
  ) {
    throw new InkdigitError(
      'invalid_graph',
      `The network ${name} cannot take an OOD head: expected ${channels.length} convolutions or more, and no ` +
        'dense layer but the last.',
    );
  }
  const more = new Map(places.slice(-channels.length).map((place, i) => [place, channels[i] ?? 0]));
  const widen = (layer: Layer, place: number): Layer =>
    layer.kind === 'conv' ? { ...layer, channels: layer.channels + (more.get(place) ?? 0) } : layer;
  // The name that weights files and models with an OOD head have.
  return { name: `${name}-guarded`, layers: layers.map(widen) };
}

/** What a network with an OOD head has more than the one that it was made from. */
export interface OodHeadPlan {
  readonly plan: NetworkPlan;
  /** The layer of the base that its first stands beside. */
  readonly branch: number;
}

export function planOodHead(base: NetworkPlan, whole: NetworkPlan): OodHeadPlan {
  const branch = whole.layers.findIndex(({ output }, i) => output[0] !== base.layers[i]?.output[0]);
  const joining = new Map<number, number>();
  const layers = whole.layers.slice(branch).map(({ layer }, i): Layer => {
    const old = base.layers[branch + i];
    if (layer.kind === 'dense') return { kind: 'dense', units: whole.outputs - base.outputs };
    if (layer.kind !== 'conv' || old?.layer.kind !== 'conv') return layer;
    // The first has nothing ahead of it: what it reads is given.
    if (i > 0) joining.set(i, old.input[0] ?? 0);
    return { ...layer, channels: layer.channels - old.layer.channels };
  });
  const plan = planLayers({ name: whole.name, layers }, base.layers[branch]?.input ?? [], joining);
  return { plan, branch };
}

/** Each convolution of an OOD head reads what the one that it stands beside reads. */
export function joinsOf(
  base: NetworkPlan,
  weights: Weights,
  { plan, branch }: OodHeadPlan,
): Map<number, number> {
  const foldedBefore = (place: number): number =>
    foldNetwork({ ...base, layers: base.layers.slice(0, place) }, weights).length;
  return new Map(
    plan.layers.flatMap(({ layer }, i) => (layer.kind === 'conv' ? [[i, foldedBefore(branch + i)]] : [])),
  );
}

/**
 * The weights of the network with its OOD head: in each tensor those of the base, behind them those of the head, and
 * zeros where the base would read the head.
 */
export function joinOodHead(
  base: NetworkPlan,
  baseWeights: Weights,
  head: OodHeadPlan,
  headWeights: Weights,
  whole: NetworkPlan,
): Weights {
  const parameters = new Float32Array(whole.parameterCount);
  const statistics = new Float32Array(whole.statisticCount);
  whole.layers.forEach((planned, place) => {
    const old = base.layers[place];
    const own = head.plan.layers[place - head.branch];
    if (!old) throw new Error('unreachable: an OOD head adds no layers');
    const join = (kind: keyof Weights, target: Float32Array): void =>
      planned[kind].forEach(({ offset, shape }, i) => {
        const first = read(baseWeights[kind], old[kind][i]);
        const second = read(headWeights[kind], own?.[kind][i]);
        const joined = target.subarray(offset);
        if (shape.length === 1) {
          joined.set(first);
          joined.set(second, first.length);
        } else if (planned.layer.kind === 'dense') {
          // [units, outputs]: the digits' columns first, that of non-digits after them.
          const rows = first.length / base.outputs;
          setRows(joined, whole.outputs, first, base.outputs);
          setRows(
            joined.subarray(rows * whole.outputs + base.outputs),
            whole.outputs,
            second,
            head.plan.outputs,
          );
        } else {
          // [O,C,K,K]: a row for each channel that comes out.
          const row = shape.slice(1).reduce((a, b) => a * b, 1);
          const oldRow = old.parameters[0]?.shape.slice(1).reduce((a, b) => a * b, 1) ?? row;
          setRows(joined, row, first, oldRow);
          joined.set(second, (first.length / oldRow) * row);
        }
      });
    join('parameters', parameters);
    join('statistics', statistics);
  });
  return { parameters, statistics };
}

function read(values: Float32Array, slot: TensorSlot | undefined): Float32Array {
  return slot ? values.subarray(slot.offset, slot.offset + slot.size) : new Float32Array();
}

/** Puts rows of one length at the beginnings of rows of another. */
function setRows(target: Float32Array, targetRow: number, rows: Float32Array, row: number): void {
  for (let i = 0; i * row < rows.length; i++) {
    target.set(rows.subarray(i * row, (i + 1) * row), i * targetRow);
  }
}
