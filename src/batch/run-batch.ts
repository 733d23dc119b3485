import { access, rm } from 'node:fs/promises';
import { removeFile } from '../files/write-file.js';
import { inOrder } from './in-order.js';
import { findInputs, type InputPlaces } from './inputs/find-inputs.js';
import { imagesOfList } from './inputs/images-of-list.js';
import { readExpectation, readInputList, writeInputList } from './inputs/input-list.js';
import { claimShard } from './outputs/claim-shard.js';
import { shardPaths, type ShardPaths } from './outputs/shard-paths.js';
import { ShardResults } from './outputs/shard-results.js';
import { completeBatch, writeSummary, type BatchSummary } from './outputs/write-summary.js';
import type { BatchIdentity } from './plan/batch-identity.js';
import { GROUP_IMAGES, inChunks } from './plan/chunks.js';
import { expectedImages, type ArchiveMeter, type Pace } from './plan/pace.js';
import type { Shard } from './plan/shard.js';
import type { Tally } from './plan/tally.js';
import type { ChunkReader } from './readers/chunk-reader.js';

export interface BatchSettings {
  readonly identity: BatchIdentity;
  readonly output: string;
  readonly shard: Shard;
  readonly resume: boolean;
  readonly force: boolean;
  /** Images that may fail; one more ends the batch. */
  readonly maxErrors: number;
  /** Whether frames in IDX files are pictures to find the digit in. */
  readonly asPictures: boolean;
  readonly places: InputPlaces;
  readonly openReader: () => Promise<ChunkReader>;
  /** Stops it when aborted: what was written stays. */
  readonly signal?: AbortSignal;
  readonly onFound?: (images: number) => void;
  readonly onProgress?: (pace: Pace) => void;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

type Ending = 'done' | 'stopped' | 'too many errors';

/** How a batch ended. */
export type BatchOutcome =
  | { readonly kind: 'done'; readonly summary: BatchSummary; readonly wasDone: boolean }
  | { readonly kind: Exclude<Ending, 'done'>; readonly tally: Tally };

/**
 * Images that a process is given at a time: enough that the hand-over costs nothing beside reading them, few enough
 * that all processes end together. Numbers take a thousand times as long as digits.
 */
const IN_CHUNK = {
  digits: { maxImages: 64, maxFrames: 16 * GROUP_IMAGES },
  numbers: { maxImages: 16, maxFrames: 64 },
} as const;

/**
 * Reads all images of a shard, and writes a row for each: exactly one, however often it was killed and begun again with
 * `resume`.
 * @throws InkdigitError `file_exists`, `invalid_option`, `missing_file`, `invalid_data`, `write_failed`,
 * `download_failed`; what the reader throws
 */
export async function runBatch(settings: BatchSettings): Promise<BatchOutcome> {
  const { identity, output, shard, signal } = settings;
  const paths = shardPaths(output, shard, identity.format);
  const claim = await claimShard(paths, identity, settings);
  if (claim !== 'done') {
    await ensureInputList(paths, settings);
    signal?.throwIfAborted();
    const results = await ShardResults.open(paths, identity);
    let ended: Ending;
    try {
      ended = await readAll(paths, results, settings);
    } finally {
      await results.close();
    }
    if (ended !== 'done') return { kind: ended, tally: results.tally };
    await writeSummary(output, shard, identity, results.progress);
  }
  const summary = await completeBatch(output, shard);
  for (const path of [paths.inputs, paths.expected]) await removeFile(path);
  return { kind: 'done', summary, wasDone: claim === 'done' };
}

async function ensureInputList(
  paths: ShardPaths,
  { identity, places, shard, onFound }: BatchSettings,
): Promise<void> {
  const isThere = await access(paths.inputs).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  try {
    await writeInputList(paths, findInputs(identity.inputs, places), shard, onFound);
  } catch (thrown) {
    // Nothing was begun: the command is given anew, without its fault.
    await rm(paths.work, { recursive: true, force: true }).catch(() => {});
    throw thrown;
  }
}

async function readAll(paths: ShardPaths, results: ShardResults, settings: BatchSettings): Promise<Ending> {
  const { identity, places, shard, asPictures, maxErrors, signal } = settings;
  const { now = () => performance.now(), onProgress } = settings;
  const expectation = await readExpectation(paths);
  const first = results.tally.images;
  const startedMs = now();
  const meter: ArchiveMeter = { images: 0, bytes: 0 };
  const found = imagesOfList({
    entries: readInputList(paths.inputs),
    places,
    shard,
    done: first,
    asPictures,
    meter,
  });
  const { read, rowsPerFile } = identity;
  const chunks = inChunks(found, { first, rowsPerFile, ...IN_CHUNK[read] });
  const reader = await settings.openReader();
  try {
    // One more than the reader takes is there when it has done one.
    for await (const { lines, tally } of inOrder(chunks, reader.capacity + 2, (chunk) =>
      reader.read(chunk),
    )) {
      if (signal?.aborted) return 'stopped';
      await results.append(lines, tally);
      const { images: done, failed } = results.tally;
      if (failed > maxErrors) return 'too many errors';
      const expected = expectedImages(expectation, meter);
      onProgress?.({ done, doneBefore: first, failed, expected, elapsedMs: now() - startedMs });
    }
  } finally {
    await reader.close();
  }
  await results.finish();
  return 'done';
}
