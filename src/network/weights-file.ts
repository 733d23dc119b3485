import { CLASS_COUNT } from '../model/contract.js';
import { describeLayers } from './describe-layers.js';
import { decodeFloatFile, encodeFloatFile, type FloatFileKind } from './float-file.js';
import { planNetwork, withOutputs, type NetworkPlan, type Weights } from './network.js';
import { networkByName } from './networks.js';

/**
 * The weights that a model was exported from, for trainings that begin where it ended: the model itself has its batch
 * norms folded away.
 */
export interface ModelWeights {
  /** The network's name. */
  readonly network: string;
  /** Its logits of an image. */
  readonly outputs: number;
  /** As `describeLayers` has them: a network of as many numbers may put them to another use. */
  readonly layers: readonly string[];
  /** SHA-256 of the model's file. */
  readonly model: string;
  readonly weights: Weights;
}

const WEIGHTS: FloatFileKind = { name: 'weights', version: 2, description: 'a file of weights' };

/** Files that were written when all networks had ten outputs do not say so. */
type Header = Omit<ModelWeights, 'weights' | 'outputs'> & { readonly outputs?: number };

/** The bytes of a weights file. */
export function encodeWeights({ network, outputs, layers, model, weights }: ModelWeights): Uint8Array {
  const header: Header = { network, outputs, layers, model };
  return encodeFloatFile(WEIGHTS, header, [weights.parameters, weights.statistics]);
}

/**
 * The bytes of the weights file beside a model.
 * @param model SHA-256 of the model's file
 */
export function weightsOf(
  { plan, weights }: { readonly plan: NetworkPlan; readonly weights: Weights },
  model: string,
): Uint8Array {
  return encodeWeights({
    network: plan.name,
    outputs: plan.outputs,
    layers: describeLayers(plan),
    model,
    weights,
  });
}

/**
 * Reads a weights file.
 * @throws InkdigitError `invalid_data` when it is damaged, of another kind, or of a form that its network no longer has;
 * `invalid_option` when there is no such network
 */
export function decodeWeights(file: Uint8Array, source: string): ModelWeights {
  const { header, take, requireLayers, requireEnd } = decodeFloatFile(WEIGHTS, file, source);
  const { network, outputs = CLASS_COUNT, layers, model }: Header = JSON.parse(header);
  const plan = planNetwork(withOutputs(networkByName(network), outputs));
  requireLayers(network, layers, describeLayers(plan));
  const { parameterCount, statisticCount } = plan;
  const weights = { parameters: take(parameterCount), statistics: take(statisticCount) };
  requireEnd(network);
  return { network, outputs, layers, model, weights };
}

/**
 * The weights for a plan of the same network with another number of outputs: an output that is added knows nothing yet, one that is
 * taken away is forgotten.
 */
export function fitOutputs({ outputs, weights }: ModelWeights, plan: NetworkPlan): Weights {
  if (outputs === plan.outputs) return weights;
  const parameters = new Float32Array(plan.parameterCount);
  const [kernel, bias] = plan.layers.at(-1)?.parameters ?? [];
  if (!kernel || !bias) throw new Error('unreachable: a network ends in a dense layer');
  // All before the last layer lies where it lay.
  parameters.set(weights.parameters.subarray(0, kernel.offset));
  // The bias lies behind the kernel, as one row more.
  for (let row = 0; row <= kernel.size / plan.outputs; row++) {
    const from = kernel.offset + row * outputs;
    const kept = weights.parameters.subarray(from, from + Math.min(outputs, plan.outputs));
    parameters.set(kept, kernel.offset + row * plan.outputs);
  }
  return { parameters, statistics: weights.statistics };
}
