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
 * The default. A strided convolution brings the picture down to 14x14 at once: most of the work is done at 14x14 and
 * 7x7, and the last three convolutions read it without padding until one place is left, so that place still counts there.
 * Channels fill the blocks of 16 that processors work on.
 */
const compact: Network = {
  name: 'compact',
  layers: [
    ...convBlock(16, 5, { stride: 2 }),
    ...convBlock(32, 3),
    maxPool,
    ...convBlock(48, 3),
    ...convBlock(64, 3, { padding: 0 }),
    ...convBlock(80, 3, { padding: 0 }),
    ...convBlock(128, 3, { padding: 0 }),
    flatten,
    { kind: 'dropout', rate: 0.2 },
    { kind: 'dense', units: 10 },
  ],
};

/** A teacher for `compact`: the same form, about twice as wide. */
const wide: Network = {
  name: 'wide',
  layers: [
    ...convBlock(32, 5, { stride: 2 }),
    ...convBlock(64, 3),
    maxPool,
    ...convBlock(96, 3),
    ...convBlock(128, 3, { padding: 0 }),
    ...convBlock(128, 3, { padding: 0 }),
    ...convBlock(256, 3, { padding: 0 }),
    flatten,
    { kind: 'dropout', rate: 0.3 },
    { kind: 'dense', units: 10 },
  ],
};

const NETWORKS: readonly Network[] = [compact, wide, seed];

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
