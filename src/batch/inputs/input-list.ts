import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { InkdigitError } from '../../errors.js';
import { faultAndAdvice } from '../../files/file-fault.js';
import { IMAGE_EXTENSIONS } from '../../files/list-images.js';
import { readLines } from '../../files/read-lines.js';
import type { Expectation } from '../plan/pace.js';
import { isOfShard, type Shard } from '../plan/shard.js';
import { entryLine, parseEntry, type InputEntry } from './input-entry.js';

/** Where a list is, and beside it how many images it stands for. */
export interface ListPaths {
  readonly inputs: string;
  readonly expected: string;
}

/**
 * Writes the list of a shard's inputs, whole or not at all.
 * @param onFound is called with the number of images that were found so far
 * @throws InkdigitError `write_failed`; `missing_file` where there is no entry at all; what `entries` throws
 */
export async function writeInputList(
  { inputs: path, expected }: ListPaths,
  entries: AsyncIterable<InputEntry>,
  shard: Shard,
  onFound: (images: number) => void = () => {},
): Promise<void> {
  const temporary = `${path}.tmp`;
  let isEmpty = true;
  let images = 0;
  let shared = 0;
  let archiveBytes = 0;
  const out = createWriteStream(temporary, { flush: true });
  let failure: unknown;
  out.on('error', (error) => (failure ??= error));
  for await (const entry of entries) {
    if (failure) break;
    isEmpty = false;
    const isSingle = entry.kind === 'image' || entry.kind === 'fault';
    if (isSingle && !isOfShard(entry.name, shard)) continue;
    if (isSingle) images++;
    else if (entry.kind === 'tar') archiveBytes += entry.bytes;
    else shared += entry.images;
    if (!out.write(entryLine(entry))) await Promise.race([once(out, 'drain'), once(out, 'close')]);
    onFound(images + shared);
  }
  out.end();
  if (!out.closed) await once(out, 'close').catch(() => {});
  if (isEmpty && !failure) {
    throw new InkdigitError(
      'missing_file',
      `There is no image to read: expected files ending in ${IMAGE_EXTENSIONS.join(' ')} in folders, or lists, ` +
        'archives and other files of images by their names.',
    );
  }
  // Images of containers are shared among the shards as they are read.
  const expectation: Expectation = {
    images: images + Math.round(shared / shard.count),
    archiveBytes: Math.round(archiveBytes / shard.count),
  };
  try {
    if (failure) throw failure;
    await writeFile(expected, JSON.stringify(expectation));
    await rename(temporary, path);
  } catch (cause) {
    throw new InkdigitError('write_failed', `Cannot write ${path}: ${faultAndAdvice(cause)}`, { cause });
  }
}

/** How many images a list stands for, as far as is known. */
export async function readExpectation({ expected }: ListPaths): Promise<Expectation> {
  const expectation: Expectation = JSON.parse(await readFile(expected, 'utf8'));
  return expectation;
}

/** The entries of a list that was written. */
export async function* readInputList(path: string): AsyncGenerator<InputEntry> {
  for await (const lines of readLines(createReadStream(path, { highWaterMark: 256 * 1024 }), path)) {
    for (const line of lines) yield parseEntry(line);
  }
}
