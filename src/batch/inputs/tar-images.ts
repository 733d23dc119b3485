import { basename } from 'node:path';
import { createTarDecoder } from 'modern-tar';
import { InkdigitError, messageOf } from '../../errors.js';
import { isImageName } from '../../files/list-images.js';
import type { Found } from '../plan/found-image.js';
import type { ArchiveMeter } from '../plan/pace.js';
import { isOfShard, type Shard } from '../plan/shard.js';
import { MAX_IMAGE_BYTES } from './load-image.js';
import type { Skip } from './skip.js';

/**
 * The images in a tar archive that belong to a shard, called `path/member`: members whose names end as those of images
 * do. A WebDataset has labels and captions beside them, which are passed over.
 * @param pieces its unpacked bytes, from the first on
 * @param meter counts what was seen
 * @throws InkdigitError `invalid_data` where it is damaged or cut off; what `pieces` throws
 */
export async function* tarImages(
  path: string,
  pieces: AsyncIterable<Uint8Array>,
  { shard, skip, meter }: { readonly shard: Shard; readonly skip: Skip; readonly meter: ArchiveMeter },
): AsyncGenerator<Found> {
  const members = streamOf(pieces)
    .pipeThrough(createTarDecoder({ strict: true }))
    .getReader();
  try {
    for (let coming = members.read(); ;) {
      const { done, value } = await coming;
      if (done) return;
      const { header, body } = value;
      // Where the archive ends within a member, its body never ends: only the wait for the next one is told.
      coming = members.read();
      const failure = coming.then(() => new Promise<never>(() => {}));
      failure.catch(() => {});
      const { name, type = 'file', size } = header;
      const full = `${path}/${name.replace(/^\.\//, '')}`;
      const isImage = type === 'file' && isImageName(basename(name)) && isOfShard(full, shard);
      if (isImage) meter.images++;
      if (!isImage || skip.one()) await body.cancel();
      else if (size > MAX_IMAGE_BYTES) {
        await body.cancel();
        const message = `it has ${size} bytes, more than any image that is read`;
        yield { kind: 'image', name: full, content: { fault: { code: 'invalid_data', message } } };
      } else
        yield { kind: 'image', name: full, content: { bytes: await Promise.race([bytesOf(body), failure]) } };
    }
  } catch (cause) {
    if (cause instanceof InkdigitError) throw cause;
    const reason = messageOf(cause).replace(/\.$/, '');
    throw new InkdigitError('invalid_data', `${path} is damaged or truncated: ${reason}.`, { cause });
  } finally {
    await members.cancel().catch(() => {});
  }
}

async function bytesOf(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  const [only] = pieces;
  return only && pieces.length === 1 ? only : Buffer.concat(pieces);
}

/** A stream of the web that asks for the next piece when the one before was taken. */
function streamOf(pieces: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]();
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 1 },
  );
}
