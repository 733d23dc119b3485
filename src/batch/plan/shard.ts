import { InkdigitError } from '../../errors.js';

/** A share of the images of a batch: all whose names fall to `index`, one of 0 … count-1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** All images. */
export const WHOLE: Shard = { index: 0, count: 1 };

/** Whether an image belongs to a shard, by its name alone: the same on every machine, in whatever order they come. */
export function isOfShard(name: string, { index, count }: Shard): boolean {
  return count === 1 || hashOf(name) % count === index;
}

/** FNV-1a over the name's UTF-16 code units, mixed as MurmurHash3 ends, so that the last digits matter everywhere. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** What is said of shards on the command line and in the environment. */
export interface ShardSettings {
  /** `i/n` */
  readonly shard?: string | undefined;
  /** How many there are, where the index comes from `JOB_COMPLETION_INDEX`. */
  readonly shards?: number | undefined;
  /** Of an Indexed Job of Kubernetes: which of its pods this is, from 0. */
  readonly completionIndex?: string | undefined;
}

/**
 * The shard that is asked for.
 * @throws InkdigitError `invalid_option`
 */
export function chooseShard({ shard, shards, completionIndex }: ShardSettings): Shard {
  if (shard !== undefined) {
    const [, index, count] = /^(\d{1,9})\/(\d{1,9})$/.exec(shard) ?? [];
    return checked({ index: Number(index), count: Number(count) }, `--shard ${shard}`, shards);
  }
  if (shards === undefined) {
    if (!completionIndex) return WHOLE;
    throw new InkdigitError(
      'invalid_option',
      `JOB_COMPLETION_INDEX is ${JSON.stringify(completionIndex)}, so that others work on this too: say among how ` +
        'many they share the images, as --shards 8, the completions of the Job; or --shard 0/1 for all of them.',
    );
  }
  if (!completionIndex) {
    if (shards === 1) return WHOLE;
    throw new InkdigitError(
      'invalid_option',
      `--shards ${shards} takes the index of this one from JOB_COMPLETION_INDEX, which is not set: give ` +
        `--shard 0/${shards}.`,
    );
  }
  const index = /^\d{1,9}$/.test(completionIndex) ? Number(completionIndex) : NaN;
  return checked({ index, count: shards }, `JOB_COMPLETION_INDEX ${completionIndex} of --shards ${shards}`);
}

function checked(shard: Shard, said: string, shards?: number): Shard {
  const { index, count } = shard;
  if (index < count && (shards === undefined || shards === count)) return shard;
  throw new InkdigitError(
    'invalid_option',
    `Expected a shard as 0/4, the first of four, to 3/4, the last; got ${said}` +
      `${shards === undefined || shards === count ? '' : ` with --shards ${shards}`}.`,
  );
}
