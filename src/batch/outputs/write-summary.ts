import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../errors.js';
import { writeFileAtomically } from '../../files/write-file.js';
import type { BatchIdentity } from '../plan/batch-identity.js';
import { WHOLE, type Shard } from '../plan/shard.js';
import { addTallies, type Tally } from '../plan/tally.js';
import { SUCCESS_FILE, summaryPath } from './shard-paths.js';
import type { ResultFile, ShardProgress } from './shard-results.js';

/** What `summary.json` has, of a shard or of all together. */
export interface BatchSummary extends Tally {
  readonly batch: BatchIdentity;
  readonly shard?: Shard;
  readonly files: readonly ResultFile[];
  /** From start to end, breaks left out; of several shards the sum. */
  readonly seconds: number;
}

/**
 * Writes the summary of a shard that is done.
 * @throws InkdigitError `write_failed`
 */
export async function writeSummary(
  output: string,
  shard: Shard,
  batch: BatchIdentity,
  { tally, files, workedMs }: ShardProgress,
): Promise<void> {
  const summary: BatchSummary = {
    ...tally,
    ...(shard.count > 1 && { shard }),
    seconds: Math.round(workedMs) / 1000,
    files,
    batch,
  };
  await write(summaryPath(output, shard), summary);
}

/**
 * Where every shard is done: writes the summary of all, and `_SUCCESS`. Two that end together both write the same.
 * @returns the summary of the shard, which is done
 * @throws InkdigitError `write_failed`
 */
export async function completeBatch(output: string, shard: Shard): Promise<BatchSummary> {
  const own: BatchSummary = JSON.parse(await readFile(summaryPath(output, shard), 'utf8'));
  if (shard.count === 1) await writeFileAtomically(join(output, SUCCESS_FILE), '');
  else await writeWhole(output, shard.count);
  return own;
}

async function writeWhole(output: string, count: number): Promise<void> {
  let whole: BatchSummary | undefined;
  for (let index = 0; index < count; index++) {
    const path = summaryPath(output, { index, count });
    const text = await readFile(path, 'utf8').catch((cause: unknown) => {
      if (codeOf(cause) === 'ENOENT') return undefined;
      throw cause;
    });
    if (text === undefined) return;
    const { shard: _shard, ...own }: BatchSummary = JSON.parse(text);
    whole = whole
      ? {
          ...own,
          ...addTallies(whole, own),
          seconds: whole.seconds + own.seconds,
          files: [...whole.files, ...own.files],
        }
      : own;
  }
  if (!whole) return;
  await write(summaryPath(output, WHOLE), whole);
  await writeFileAtomically(join(output, SUCCESS_FILE), '');
}

async function write(path: string, summary: BatchSummary): Promise<void> {
  await writeFileAtomically(path, `${JSON.stringify(summary, null, 2)}\n`);
}
