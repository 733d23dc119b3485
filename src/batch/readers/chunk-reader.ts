import type { NormalizeMode } from '../../image/normalize-mode.js';
import type { ReadNumberOptions } from '../../reading/number-in-content.js';
import type { Chunk } from '../plan/found-image.js';
import { rowLine, type ReadKind, type ResultRow } from '../plan/result-rows.js';
import { addTallies, NOTHING, tallyRows, type Tally } from '../plan/tally.js';

/** The rows of a chunk, in its order, as they are written. */
export interface ChunkRows {
  /** Lines of JSON, in UTF-8. */
  readonly lines: Uint8Array;
  readonly tally: Tally;
}

/** Makes rows of images: in this process, in others, or by a service. */
export interface ChunkReader {
  /** Chunks that it takes at a time. */
  readonly capacity: number;
  /**
   * One row an image, in their order, whatever the images are.
   * @throws InkdigitError or MnistClientError for what is no fault of an image
   */
  read(chunk: Chunk): Promise<ChunkRows>;
  /** Ends what it has begun. */
  close(): Promise<void>;
}

/** What is read in the images, and how. */
export interface ReadSettings {
  readonly read: ReadKind;
  readonly normalize: NormalizeMode | undefined;
  readonly numbers: ReadNumberOptions;
}

/** Rows as they are written. */
export function chunkRows(rows: readonly ResultRow[]): ChunkRows {
  return { lines: Buffer.from(rows.map(rowLine).join('')), tally: tallyRows(rows) };
}

/** One after the other. */
export function joinRows(all: readonly ChunkRows[]): ChunkRows {
  return {
    lines: Buffer.concat(all.map(({ lines }) => lines)),
    tally: all.map(({ tally }) => tally).reduce(addTallies, NOTHING),
  };
}
