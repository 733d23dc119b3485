import { InkdigitError } from '../errors.js';
import { GRIDS, NO_DIGIT } from '../model/contract.js';
import { withOodHead } from './ood-head.js';
import { conv, convBlock, type Layer, type Network } from './network.js';

const relu: Layer = { kind: 'relu' };
const maxPool: Layer = { kind: 'maxPool' };
const flatten: Layer = { kind: 'flatten' };

/** The network of the original demo: two large convolutions and a wide dense layer, 11.5 million multiply-adds. */
const baseline: Network = {
  name: 'baseline',
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
 * The default. It reads the whole picture before it shrinks it: a network that began with a stride, at the same cost,
 * misclassified a tenth more. The channels fill blocks of 16, that processors work on; the last convolutions read
 * without padding until one place is left, so that place still counts there.
 */
const compact: Network = {
  name: 'compact',
  layers: [
    ...convBlock(16, 3, { padding: 0 }),
    ...convBlock(16, 3, { padding: 0 }),
    maxPool,
    ...convBlock(32, 3),
    ...convBlock(48, 3, { padding: 0 }),
    maxPool,
    ...convBlock(64, 3),
    ...convBlock(96, 3, { padding: 0 }),
    ...convBlock(128, 3, { padding: 0 }),
    flatten,
    { kind: 'dropout', rate: 0.2 },
    { kind: 'dense', units: 10 },
  ],
};

/** A teacher for `compact`: the same form, twice as wide and a layer deeper. */
const deep: Network = {
  name: 'deep',
  layers: [
    ...convBlock(32, 3, { padding: 0 }),
    ...convBlock(32, 3, { padding: 0 }),
    maxPool,
    ...convBlock(64, 3),
    ...convBlock(64, 3),
    maxPool,
    ...convBlock(128, 3),
    ...convBlock(128, 3, { padding: 0 }),
    ...convBlock(128, 3, { padding: 0 }),
    flatten,
    { kind: 'dropout', rate: 0.4 },
    { kind: 'dense', units: 10 },
  ],
};

/** A teacher of another form: most of its work is done at 14x14 and 7x7. */
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

/**
 * The first stage of a cascade: a seventh of what `compact` costs, and of the time. The large stride is what saves:
 * nothing is computed at more than 9x9 places.
 */
const small: Network = {
  name: 'small',
  layers: [
    ...convBlock(16, 4, { stride: 3, padding: 0 }),
    ...convBlock(32, 3, { padding: 0 }),
    ...convBlock(48, 3, { padding: 0 }),
    ...convBlock(64, 5, { padding: 0 }),
    flatten,
    { kind: 'dropout', rate: 0.1 },
    { kind: 'dense', units: 10 },
  ],
};

/**
 * Reads views of digits as they are in pictures: 14.3 million multiply-adds. Strides shrink, as a view has five times
 * the pixels of a frame.
 */
const reader: Network = {
  name: 'reader',
  shown: 'view',
  layers: readerLayers([16, 16, 32, 48, 64, 80, 128, 192], 0.2),
};

/** Reads the places where the detector sees digits: the same as `reader`, and what it begins from, for numbers. */
const verifier: Network = { ...reader, name: 'verifier', shown: 'place' };

/** A teacher for `reader`: twice as wide. */
const readerLarge: Network = {
  name: 'reader-large',
  shown: 'view',
  layers: readerLayers([32, 32, 64, 96, 128, 160, 256, 384], 0.4),
};

/** Halves the side with every other layer, from 64 to 4, and reads the last 4x4 without padding. */
function readerLayers(channels: readonly number[], dropout: number): Layer[] {
  return [
    ...channels.flatMap((count, i) =>
      convBlock(count, 3, i % 2 === 0 ? { stride: 2 } : i === channels.length - 1 ? { padding: 0 } : {}),
    ),
    flatten,
    { kind: 'dropout', rate: dropout },
    { kind: 'dense', units: NO_DIGIT + 1 },
  ];
}

/** Reads small pictures of one digit: 1.8 million multiply-adds. */
const thumbnail: Network = {
  name: 'thumbnail',
  shown: 'thumbnail',
  layers: [
    ...convBlock(16, 3, { stride: 2 }),
    ...convBlock(16, 3),
    ...convBlock(32, 3, { stride: 2 }),
    ...convBlock(32, 3),
    ...convBlock(48, 3, { stride: 2 }),
    ...convBlock(96, 4, { padding: 0 }),
    flatten,
    { kind: 'dropout', rate: 0.1 },
    { kind: 'dense', units: NO_DIGIT + 1 },
  ],
};

/**
 * Finds the digit in a picture: 5.3 million multiply-adds, most of them where what surrounds a digit is seen as well.
 */
const finder: Network = {
  name: 'finder',
  shown: 'overview',
  layers: [
    ...convBlock(8, 3, { stride: 2 }),
    ...convBlock(16, 3, { stride: 2 }),
    ...convBlock(24, 3, { stride: 2 }),
    ...convBlock(32, 3),
    ...convBlock(48, 3, { stride: 2 }),
    ...convBlock(64, 3),
    ...convBlock(64, 3),
    conv(GRIDS.overview.planes, 3),
    flatten,
  ],
};

/** Finds every digit of a number, and reads it: 24 million multiply-adds a close-up. */
const detector: Network = {
  name: 'detector',
  shown: 'closeup',
  layers: detectorLayers([16, 16, 32, 64, 64, 64, 64]),
};

/** Halves the side three times. */
function detectorLayers(channels: readonly number[]): Layer[] {
  return [
    ...channels.flatMap((count, i) => convBlock(count, 3, [0, 1, 3].includes(i) ? { stride: 2 } : {})),
    conv(GRIDS.closeup.planes, 3),
    flatten,
  ];
}

/** The same form, wider: 55 million multiply-adds a close-up. */
const detectorWide: Network = {
  name: 'detector-wide',
  shown: 'closeup',
  layers: detectorLayers([16, 32, 48, 96, 96, 96, 96]),
};

const NETWORKS: readonly Network[] = [
  compact,
  deep,
  wide,
  small,
  baseline,
  reader,
  readerLarge,
  thumbnail,
  finder,
  detector,
  detectorWide,
  verifier,
];

/** Names that older files and commands have for networks, and the names of today. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['glance', small.name],
  ['seed', baseline.name],
]);

/** Of an OOD head, in the last two convolutions: with them `compact` stays below five million multiply-adds. */
const OOD_HEAD_CHANNELS = [16, 96];

/** The networks that an OOD head was added to. */
const WITH_OOD_HEAD: readonly Network[] = [compact, deep, wide].map(networkWithOodHead);

export const DEFAULT_NETWORK = compact.name;

/**
 * The network with an OOD head.
 * @throws InkdigitError `invalid_graph` for one that has no room for it
 */
export function networkWithOodHead(network: Network): Network {
  return withOodHead(network, OOD_HEAD_CHANNELS);
}

/** Of those that can be trained from the start. */
export function networkNames(): string[] {
  return NETWORKS.map((network) => network.name);
}

/** Older names that `networkByName` knows networks by as well. */
export function networkAliases(): string[] {
  return [...ALIASES.keys()];
}

/**
 * The network of a name or of an older one: its own `name` is the one of today.
 * @throws InkdigitError `invalid_option` that lists the networks there are.
 */
export function networkByName(name: string): Network {
  const today = ALIASES.get(name) ?? name;
  const network = [...NETWORKS, ...WITH_OOD_HEAD].find((candidate) => candidate.name === today);
  if (network) return network;
  throw new InkdigitError(
    'invalid_option',
    `There is no network ${JSON.stringify(name)}; expected one of ${networkNames().join(', ')}.`,
  );
}
