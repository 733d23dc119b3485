import { open, type FileHandle } from 'node:fs/promises';
import { InkdigitError } from '../../errors.js';
import { FRAME_PIXELS } from '../../image/frame.js';
import type { FoundFrames, StoredFrames } from '../plan/found-image.js';
import { cannotRead, stampOf } from '../inputs/byte-source.js';

interface OpenFile {
  readonly path: string;
  readonly handle: Promise<FileHandle>;
  /** Reads that have not ended. */
  readers: number;
}

/** Takes frames from the files in which they lie. The file that was asked for last stays open for the next chunk. */
export class FrameFiles {
  #last: OpenFile | undefined;
  #isClosed = false;

  /**
   * The frames of some pieces, one after the other; those of one piece that is at hand are not copied.
   * @returns `[frames, 28, 28]`
   * @throws InkdigitError `missing_file` or `invalid_data` where a file is not there any more, has changed, or ends
   */
  async pixelsOf(pieces: readonly FoundFrames[]): Promise<Uint8Array> {
    const [only] = pieces;
    if (only && pieces.length === 1 && only.pixels instanceof Uint8Array) return only.pixels;
    const count = pieces.reduce((sum, { places }) => sum + places.length, 0);
    const all = Buffer.allocUnsafe(count * FRAME_PIXELS);
    let at = 0;
    for (const { path, places, pixels } of pieces) {
      const own = all.subarray(at, at + places.length * FRAME_PIXELS);
      if (pixels instanceof Uint8Array) own.set(pixels);
      else await this.#read(path, pixels, places, own);
      at += own.length;
    }
    return all;
  }

  /** Reads that have begun end well; a file that is read later is closed after it. */
  close(): void {
    this.#isClosed = true;
    this.#leave();
  }

  #leave(): void {
    const last = this.#last;
    this.#last = undefined;
    if (last) closeUnused(last);
  }

  async #read(path: string, stored: StoredFrames, places: Uint32Array, into: Uint8Array): Promise<void> {
    if (this.#last?.path !== path) this.#leave();
    const file = this.#last ?? { path, handle: openAsBefore(path, stored.stamp), readers: 0 };
    if (!this.#isClosed) this.#last = file;
    file.readers++;
    try {
      const handle = await file.handle;
      for (let i = 0; i < places.length;) {
        // Frames beside each other come in one read.
        const first = places[i] ?? 0;
        let end = i + 1;
        while (end < places.length && places[end] === first + end - i) end++;
        const part = into.subarray(i * FRAME_PIXELS, end * FRAME_PIXELS);
        await readAt(handle, path, part, stored.offset + first * FRAME_PIXELS);
        i = end;
      }
    } finally {
      file.readers--;
      if (this.#last !== file) closeUnused(file);
    }
  }
}

/** Closes a file that no chunk will ask for any more, once nothing reads it. */
function closeUnused({ handle, readers }: OpenFile): void {
  if (readers > 0) return;
  handle.then((file) => file.close()).catch(() => {});
}

async function openAsBefore(path: string, stamp: string): Promise<FileHandle> {
  let handle: FileHandle;
  try {
    handle = await open(path);
  } catch (cause) {
    throw cannotRead(path, cause);
  }
  const now = stampOf(await handle.stat());
  if (now === stamp) return handle;
  await handle.close();
  throw new InkdigitError(
    'invalid_data',
    `${path} has changed while it was read: it was ${stamp}, and is ${now}.`,
  );
}

async function readAt(handle: FileHandle, path: string, into: Uint8Array, from: number): Promise<void> {
  let filled = 0;
  while (filled < into.length) {
    const { bytesRead } = await handle
      .read(into, filled, into.length - filled, from + filled)
      .catch((cause: unknown) => {
        throw cannotRead(path, cause);
      });
    if (bytesRead === 0) {
      throw new InkdigitError('invalid_data', `${path} was made shorter while it was read.`);
    }
    filled += bytesRead;
  }
}
