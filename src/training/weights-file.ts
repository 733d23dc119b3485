import type { Weights } from './export.js';
import { decodeFloatFile, encodeFloatFile, type FloatFileKind } from './float-file.js';
import { describeLayers, planNetwork } from './network.js';
import { networkByName } from './networks.js';

/**
 * The weights that a model was exported from, for trainings that begin where it ended: the model itself has its batch
 * norms folded away.
 */
export interface ModelWeights {
  /** The network's name. */
  readonly network: string;
  /** As `describeLayers` has them: a network of as many numbers may put them to another use. */
  readonly layers: readonly string[];
  /** SHA-256 of the model's file. */
  readonly model: string;
  readonly weights: Weights;
}

const WEIGHTS: FloatFileKind = { name: 'weights', version: 2, description: 'a file of weights' };

type Header = Omit<ModelWeights, 'weights'>;

/** The bytes of a weights file. */
export function encodeWeights({ network, layers, model, weights }: ModelWeights): Uint8Array {
  const header: Header = { network, layers, model };
  return encodeFloatFile(WEIGHTS, header, [weights.parameters, weights.statistics]);
}

/**
 * Reads a weights file.
 * @throws InkdigitError `invalid_data` when it is damaged, of another kind, or of a form that its network no longer has;
 * `invalid_option` when there is no such network
 */
export function decodeWeights(file: Uint8Array, source: string): ModelWeights {
  const { header, take, requireLayers, requireEnd } = decodeFloatFile(WEIGHTS, file, source);
  const { network, layers, model }: Header = JSON.parse(header);
  const plan = planNetwork(networkByName(network));
  requireLayers(network, layers, describeLayers(plan));
  const { parameterCount, statisticCount } = plan;
  const weights = { parameters: take(parameterCount), statistics: take(statisticCount) };
  requireEnd(network);
  return { network, layers, model, weights };
}
