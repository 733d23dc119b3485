import { describeLayers } from '../../../src/network/describe-layers.js';
import { planNetwork } from '../../../src/network/network.js';
import { networkByName } from '../../../src/network/networks.js';
import { encodeWeights } from '../../../src/network/weights-file.js';

/** The bytes of a weights file of a network that learned nothing. @param model SHA-256 of the model's file */
export function encodeNamedWeights(network: string, model = '0'.repeat(64)): Uint8Array {
  const plan = planNetwork(networkByName(network));
  const { outputs, parameterCount, statisticCount } = plan;
  const weights = {
    parameters: new Float32Array(parameterCount),
    statistics: new Float32Array(statisticCount).fill(1),
  };
  return encodeWeights({ network, outputs, layers: describeLayers(plan), model, weights });
}
