import { InkdigitError } from '../../errors.js';
import type { Found } from '../plan/found-image.js';
import type { ArchiveMeter } from '../plan/pace.js';
import type { Shard } from '../plan/shard.js';
import { openSource, type ByteSource } from './byte-source.js';
import { HEAD_BYTES, kindOfFile } from './file-kind.js';
import type { InputPlaces } from './find-inputs.js';
import { gunzipPieces } from './gunzip.js';
import { idxImages, parseIdxHeader } from './idx-images.js';
import { STDIN, type Container, type InputEntry } from './input-entry.js';
import { Skip } from './skip.js';
import { tarImages } from './tar-images.js';

export interface ListedImages {
  readonly entries: AsyncIterable<InputEntry>;
  readonly places: InputPlaces;
  readonly shard: Shard;
  /** Images that have their rows already: the first ones. */
  readonly done: number;
  /** Whether frames in IDX files are pictures to find the digit in. */
  readonly asPictures: boolean;
  readonly meter: ArchiveMeter;
}

/**
 * The images of a shard, in the order of the list, after those that are done.
 * @throws InkdigitError `missing_file` or `invalid_data` where a container is not there any more, has changed, or is
 * damaged
 */
export async function* imagesOfList(listed: ListedImages): AsyncGenerator<Found> {
  const skip = new Skip(listed.done);
  for await (const entry of listed.entries) {
    if (entry.kind !== 'image' && entry.kind !== 'fault') yield* imagesIn(entry, listed, skip);
    else if (!skip.one()) {
      const content = entry.kind === 'image' ? { path: entry.path } : { fault: entry.fault };
      yield { kind: 'image', name: entry.name, content };
    }
  }
  if (skip.left > 0) {
    throw new InkdigitError(
      'invalid_data',
      `${listed.done} images have their rows already, and the inputs have only ${listed.done - skip.left} now: ` +
        'they are others than those that the batch was begun with.',
    );
  }
}

/** What gives its bytes from the front. */
type Sequence = ByteSource | Pick<ByteSource, 'path' | 'stream'>;

async function* imagesIn(
  entry: Container,
  { places, shard, asPictures, meter }: ListedImages,
  skip: Skip,
): AsyncGenerator<Found> {
  const { path } = entry;
  if (path === STDIN) {
    const { stdin } = places;
    const head = await stdin.head();
    const sequence = { path, stream: (from = 0) => without(from, stdin.stream()) };
    yield* inSequence(entry, sequence, head);
    return;
  }
  const source = await openSource(path, places.objects);
  if (source.stamp !== entry.stamp) {
    throw new InkdigitError(
      'invalid_data',
      `${path} has changed since the batch was begun: it was ${entry.stamp}, and is ${source.stamp}.`,
    );
  }
  if (entry.kind === 'parquet') {
    const { parquetImages } = await import('./parquet-images.js');
    yield* parquetImages(source, entry.column, shard, skip);
    return;
  }
  yield* inSequence(entry, source, await source.read(0, Math.min(source.size, HEAD_BYTES)));

  async function* inSequence(
    { kind }: Container,
    sequence: Sequence,
    firstBytes: Uint8Array,
  ): AsyncGenerator<Found> {
    const { isGzip, head, kind: now } = kindOfFile(path, firstBytes);
    if (now !== kind) {
      throw new InkdigitError('invalid_data', `Expected ${kind} in ${path} as before, got ${now}.`);
    }
    if (kind === 'tar') {
      const pieces = counted(sequence.stream(0), meter);
      yield* tarImages(path, isGzip ? gunzipPieces(pieces, path) : pieces, { shard, skip, meter });
      return;
    }
    const stream = (from: number): AsyncIterable<Uint8Array> =>
      isGzip ? without(from, gunzipPieces(sequence.stream(0), path)) : sequence.stream(from);
    const stored = 'isFile' in sequence && sequence.isFile && !isGzip ? sequence : undefined;
    yield* idxImages({ path, header: parseIdxHeader(head, path), asPictures, stream, stored }, shard, skip);
  }
}

/** All but the first bytes. */
async function* without(bytes: number, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const piece of pieces) {
    if (left < piece.length) yield piece.subarray(left);
    left = Math.max(0, left - piece.length);
  }
}

async function* counted(pieces: AsyncIterable<Uint8Array>, meter: ArchiveMeter): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    meter.bytes += piece.length;
    yield piece;
  }
}
