import { namesOfFrames, onlyImage, sizeOf, type Chunk } from '../plan/found-image.js';
import { failedRow } from '../plan/result-rows.js';
import { chunkRows, joinRows, type ChunkReader, type ChunkRows } from './chunk-reader.js';
import { inTurn } from './in-turn.js';
import type { ReaderSettings } from './reader-messages.js';
import { ReaderFault, ReaderProcess } from './reader-process.js';

/** Chunks that a process has at a time: it loads the images of one while it reads those of another. */
const CHUNKS_AHEAD = 2;

/** What a reader in processes needs of each; tests give their own. */
export type Reader = Pick<ReaderProcess, 'read' | 'busy' | 'hasEnded' | 'close'>;

/**
 * Reads chunks in processes of their own. Where a process ends or fails, its images are read once more, each alone: the
 * one that is at fault gets a row that says so, and the others are read.
 * @throws InkdigitError as `openLocalReader`
 */
export async function openProcessReader(
  processes: number,
  settings: ReaderSettings,
  start: (settings: ReaderSettings) => Promise<Reader> = (own) => ReaderProcess.start(own),
): Promise<ChunkReader> {
  const starting = Array.from({ length: processes }, () => start(settings));
  const results = await Promise.allSettled(starting);
  const readers = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const refused = results.find((result) => result.status === 'rejected');
  if (refused) {
    for (const reader of readers) reader.close();
    throw refused.reason;
  }
  /** Those that replace others. */
  const replacing = new Map<number, Promise<void>>();

  /** The process with the least work; one that has ended is replaced first. */
  const leastBusy = async (): Promise<Reader> => {
    for (const [place, reader] of readers.entries()) {
      if (!reader.hasEnded) continue;
      const replaced =
        replacing.get(place) ??
        start(settings)
          .then((next) => void (readers[place] = next))
          .finally(() => replacing.delete(place));
      replacing.set(place, replaced);
      await replaced;
    }
    const [first, ...others] = readers;
    if (!first) throw new Error('unreachable: there is a process at least');
    return others.reduce((least, other) => (other.busy < least.busy ? other : least), first);
  };

  /** A process of their own, in which images that are suspected have their turn, so that no other is blamed. */
  let apart: Reader | undefined;
  const alone = inTurn();
  const readAlone = async (chunk: Chunk): Promise<ChunkRows> => {
    if (!apart || apart.hasEnded) apart = await start(settings);
    try {
      return await apart.read(chunk);
    } catch (thrown) {
      if (!(thrown instanceof ReaderFault)) throw thrown;
      const [name] =
        chunk.kind === 'frames' ? namesOfFrames(chunk.pieces) : chunk.images.map((one) => one.name);
      return chunkRows([failedRow(name ?? '', { code: 'internal', message: thrown.message })]);
    }
  };
  const readEach = async (chunk: Chunk): Promise<ChunkRows> => {
    const rows: ChunkRows[] = [];
    for (let i = 0; i < sizeOf(chunk); i++) rows.push(await readAlone(onlyImage(chunk, i)));
    apart?.close();
    apart = undefined;
    return joinRows(rows);
  };

  return {
    capacity: CHUNKS_AHEAD * processes,
    async read(chunk) {
      try {
        return await (await leastBusy()).read(chunk);
      } catch (thrown) {
        if (!(thrown instanceof ReaderFault)) throw thrown;
      }
      return alone(() => readEach(chunk));
    },
    async close() {
      for (const reader of readers) reader.close();
      apart?.close();
    },
  };
}
