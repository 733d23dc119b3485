import { createHash } from 'node:crypto';
import { InkdigitError } from '../errors.js';
import { planNetwork } from './network.js';
import { networkByName } from './networks.js';
import type { Recipe } from './recipe.js';
import type { Snapshot } from './reports.js';

/** A training that can be continued, and what it was trained on. */
export interface Checkpoint {
  readonly recipe: Recipe;
  /** How many training images. */
  readonly trainImages: number;
  /** File name -> SHA-256. */
  readonly data: Readonly<Record<string, string>>;
  readonly snapshot: Snapshot;
}

/** The file: this line, four bytes with the length of the JSON that follows, the JSON, floats, and a SHA-256 of it all. */
const MAGIC = Buffer.from('inkdigit checkpoint 1\n');
const DIGEST_BYTES = 32;

interface Header {
  readonly recipe: Omit<Recipe, 'network'> & { readonly network: string };
  readonly trainImages: number;
  readonly data: Readonly<Record<string, string>>;
  readonly progress: Pick<Snapshot, 'epochs' | 'trainingMs' | 'elapsedMs'>;
}

/** The bytes of a checkpoint's file. */
export function encodeCheckpoint({ recipe, trainImages, data, snapshot }: Checkpoint): Uint8Array {
  const { epochs, trainingMs, elapsedMs } = snapshot;
  const header: Header = {
    recipe: { ...recipe, network: recipe.network.name },
    trainImages,
    data,
    progress: { epochs, trainingMs, elapsedMs },
  };
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const content = Buffer.concat([MAGIC, length, json, ...arraysOf(snapshot).map(bytesOf)]);
  return Buffer.concat([content, digestOf(content)]);
}

/**
 * Reads a checkpoint's file.
 * @throws InkdigitError `invalid_data` when it is damaged or of another kind
 */
export function decodeCheckpoint(file: Uint8Array, source: string): Checkpoint {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const content = bytes.subarray(0, Math.max(0, bytes.length - DIGEST_BYTES));
  if (!content.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new InkdigitError(
      'invalid_data',
      `${source} is not a checkpoint of a training (${bytes.length} bytes).`,
    );
  }
  if (!digestOf(content).equals(bytes.subarray(content.length))) {
    throw new InkdigitError(
      'invalid_data',
      `${source} is damaged: its checksum does not match its ${bytes.length} bytes.`,
    );
  }
  const jsonStart = MAGIC.length + 4;
  const jsonEnd = jsonStart + content.readUInt32LE(MAGIC.length);
  const header: Header = JSON.parse(content.toString('utf8', jsonStart, jsonEnd));
  const network = networkByName(header.recipe.network);
  const { parameterCount, statisticCount } = planNetwork(network);
  let offset = jsonEnd;
  const take = (count: number): Float32Array => {
    const values = new Float32Array(count);
    bytesOf(values).set(content.subarray(offset, offset + 4 * count));
    offset += 4 * count;
    return values;
  };
  const snapshot: Snapshot = {
    ...header.progress,
    parameters: take(parameterCount),
    firstMoment: take(parameterCount),
    secondMoment: take(parameterCount),
    average: { parameters: take(parameterCount), statistics: take(statisticCount) },
    best: { parameters: take(parameterCount), statistics: take(statisticCount) },
  };
  if (offset !== content.length) {
    throw new InkdigitError(
      'invalid_data',
      `${source} was written for another form of the network ${network.name}: expected ${offset} bytes, got ${content.length}.`,
    );
  }
  return {
    recipe: { ...header.recipe, network },
    trainImages: header.trainImages,
    data: header.data,
    snapshot,
  };
}

/** In the order of the file. */
function arraysOf({ parameters, firstMoment, secondMoment, average, best }: Snapshot): Float32Array[] {
  return [
    parameters,
    firstMoment,
    secondMoment,
    average.parameters,
    average.statistics,
    best.parameters,
    best.statistics,
  ];
}

/** A view of the bytes of floats; little-endian, as is every machine that ONNX Runtime's npm package runs on. */
function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function digestOf(content: Uint8Array): Buffer {
  return createHash('sha256').update(content).digest();
}
