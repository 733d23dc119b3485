import { InkdigitError } from '../errors.js';
import { conv, convBlock, type Layer, type Network } from './network.js';

const relu: Layer = { kind: 'relu' };
const maxPool: Layer = { kind: 'maxPool' };
const flatten: Layer = { kind: 'flatten' };

/** The network of the original demo: two large convolutions and a wide dense layer, 11.5 million multiply-adds. */
const seed: Network = {
  name: 'seed',
  layers: [
    conv(32, 5),
    relu,
    maxPool,
    conv(64, 5),
    relu,
    maxPool,
    flatten,
    { kind: 'dense', units: 256 },
    relu,
    { kind: 'dropout', rate: 0.5 },
    { kind: 'dense', units: 10 },
  ],
};

/**
 * The default: small convolutions with batch norm. The first step of the picture's size down is a max pool over a
 * cheap layer, and the last convolution reads the whole remaining 3x3 picture, so that place still counts there.
 */
const compact: Network = {
  name: 'compact',
  layers: [
    ...convBlock(16, 3),
    maxPool,
    ...convBlock(24, 3),
    ...convBlock(32, 3),
    maxPool,
    ...convBlock(64, 3),
    ...convBlock(64, 3),
    maxPool,
    ...convBlock(128, 3, { padding: 0 }),
    flatten,
    { kind: 'dropout', rate: 0.2 },
    { kind: 'dense', units: 10 },
  ],
};

const NETWORKS: readonly Network[] = [compact, seed];

export const DEFAULT_NETWORK = compact.name;

export function networkNames(): string[] {
  return NETWORKS.map((network) => network.name);
}

/** @throws InkdigitError `invalid_option` that lists the networks there are. */
export function networkByName(name: string): Network {
  const network = NETWORKS.find((candidate) => candidate.name === name);
  if (network) return network;
  throw new InkdigitError(
    'invalid_option',
    `There is no network ${JSON.stringify(name)}; expected one of ${networkNames().join(', ')}.`,
  );
}
