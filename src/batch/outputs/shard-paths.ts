import { join } from 'node:path';
import type { RowFormat } from '../plan/batch-identity.js';
import type { Shard } from '../plan/shard.js';

/** Where a batch keeps what it needs to go on, in its output folder. */
export const WORK_FOLDER = '.batch';

/** The file that says that every shard is done. */
export const SUCCESS_FILE = '_SUCCESS';

/** The files of one shard. */
export interface ShardPaths {
  readonly output: string;
  /** Of this shard alone. */
  readonly work: string;
  readonly identity: string;
  readonly inputs: string;
  readonly expected: string;
  readonly progress: string;
  /** Rows of a file that is not complete, as lines of JSON. */
  readonly rows: (file: number, owner: string) => string;
  /** A file of rows. */
  readonly results: (file: number) => string;
  readonly summary: string;
}

/** `""` where there is one shard, else `-00002-of-00008`. */
export function shardSuffix({ index, count }: Shard): string {
  return count === 1 ? '' : `-${padded(index)}-of-${padded(count)}`;
}

/** The files of a shard in an output folder. */
export function shardPaths(output: string, shard: Shard, format: RowFormat): ShardPaths {
  const suffix = shardSuffix(shard);
  const work = join(output, WORK_FOLDER, `shard${suffix}`);
  return {
    output,
    work,
    identity: join(work, 'identity.json'),
    inputs: join(work, 'inputs.jsonl'),
    expected: join(work, 'expected.json'),
    progress: join(work, 'progress.json'),
    rows: (file, owner) => join(work, `rows-${padded(file)}-${owner}.jsonl`),
    results: (file) => join(output, `part${suffix}-${padded(file)}.${format}`),
    summary: summaryPath(output, shard),
  };
}

/** The summary of a shard; of all where there is one. */
export function summaryPath(output: string, shard: Shard): string {
  return join(output, `summary${shardSuffix(shard)}.json`);
}

function padded(number: number): string {
  return String(number).padStart(5, '0');
}
