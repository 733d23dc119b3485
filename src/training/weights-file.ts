import type { Weights } from './export.js';
import { decodeFloatFile, encodeFloatFile, type FloatFileKind } from './float-file.js';
import { planNetwork } from './network.js';
import { networkByName } from './networks.js';

/**
 * The weights that a model was exported from, for trainings that begin where it ended: the model itself has its batch
 * norms folded away.
 */
export interface ModelWeights {
  /** The network's name. */
  readonly network: string;
  /** SHA-256 of the model's file. */
  readonly model: string;
  readonly weights: Weights;
}

const WEIGHTS: FloatFileKind = { name: 'weights', version: 1, description: 'a file of weights' };

type Header = Omit<ModelWeights, 'weights'>;

/** The bytes of a weights file. */
export function encodeWeights({ network, model, weights }: ModelWeights): Uint8Array {
  const header: Header = { network, model };
  return encodeFloatFile(WEIGHTS, header, [weights.parameters, weights.statistics]);
}

/**
 * Reads a weights file.
 * @throws InkdigitError `invalid_data` when it is damaged, of another kind, or of a form that its network no longer has;
 * `invalid_option` when there is no such network
 */
export function decodeWeights(file: Uint8Array, source: string): ModelWeights {
  const { header, take, requireEnd } = decodeFloatFile(WEIGHTS, file, source);
  const { network, model }: Header = JSON.parse(header);
  const { parameterCount, statisticCount } = planNetwork(networkByName(network));
  const weights = { parameters: take(parameterCount), statistics: take(statisticCount) };
  requireEnd(network);
  return { network, model, weights };
}
