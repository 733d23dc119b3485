import { pipeline } from 'node:stream';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InkdigitError, messageOf } from '../../errors.js';

/** Unpacked pieces are as large as those of files. */
const PIECE_BYTES = 512 * 1024;

/**
 * Unpacks gzip as it comes.
 * @param source what to call it in an error
 * @throws InkdigitError `invalid_data` where it is damaged or cut off; what `pieces` throws
 */
export async function* gunzipPieces(
  pieces: AsyncIterable<Uint8Array>,
  source: string,
): AsyncGenerator<Uint8Array> {
  const unpacked = createGunzip({ chunkSize: PIECE_BYTES });
  // What goes wrong in either is thrown by the one that is read.
  pipeline(Readable.from(pieces), unpacked, () => {});
  try {
    yield* unpacked;
  } catch (cause) {
    if (cause instanceof InkdigitError) throw cause;
    throw new InkdigitError(
      'invalid_data',
      `${source} cannot be unpacked as gzip: ${messageOf(cause)}. It is truncated or damaged.`,
      { cause },
    );
  }
}
