import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { isFolder, listFolder } from '../../files/list-images.js';
import { faultOf } from '../../files/file-fault.js';
import type { CommandIo } from '../terminal/command-io.js';

/** The path of standard input. A file of that name is `./-`. */
export const STANDARD_INPUT = '-';

/**
 * The files that paths stand for: the images in a folder and below it, sorted; any other path as it is, even if it
 * does not exist. Hidden files and folders are skipped.
 * @throws InkdigitError `missing_file` for a folder that cannot be read
 */
export async function findImageFiles(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    if (path !== STANDARD_INPUT && (await isFolder(path))) found.push(...(await listFolder(path)).images);
    else found.push(path);
  }
  return found;
}

/** The digit in a file's name, as in `img_00_truelabel_7.png`; `null` where there is none. */
export function trueLabelOf(path: string): number | null {
  const digit = /truelabel_(\d)(?!\d)/i.exec(basename(path))?.[1];
  return digit === undefined ? null : Number(digit);
}

/** The content of a file, or why there is none, in plain words. */
export type FileContent =
  { readonly file: string; readonly bytes: Uint8Array } | { readonly file: string; readonly error: string };

/** Bytes of files per batch, so that a folder of photos fits into memory and requests. */
const MAX_BATCH_BYTES = 16 * 1024 * 1024;

/** More than any picture that is decoded: 25 megapixels with four samples of 16 bits, uncompressed, are 200 MB. */
const MAX_IMAGE_BYTES = 256 * 1024 * 1024;

/** Reads files in their order, at most `batchSize` of them at a time. */
export async function* readInBatches(
  files: readonly string[],
  batchSize: number,
  io: Pick<CommandIo, 'stdin'>,
): AsyncGenerator<readonly FileContent[]> {
  let batch: FileContent[] = [];
  let batchBytes = 0;
  for (const file of files) {
    const content = await readContent(file, io);
    const size = 'bytes' in content ? content.bytes.length : 0;
    if (batch.length === batchSize || (batch.length > 0 && batchBytes + size > MAX_BATCH_BYTES)) {
      yield batch;
      batch = [];
      batchBytes = 0;
    }
    batch.push(content);
    batchBytes += size;
  }
  if (batch.length > 0) yield batch;
}

async function readContent(file: string, io: Pick<CommandIo, 'stdin'>): Promise<FileContent> {
  try {
    const chunks: Uint8Array[] = [];
    let byteCount = 0;
    const source: AsyncIterable<Uint8Array> = file === STANDARD_INPUT ? io.stdin : createReadStream(file);
    for await (const chunk of source) {
      byteCount += chunk.length;
      if (byteCount > MAX_IMAGE_BYTES) {
        return { file, error: `it has more than ${MAX_IMAGE_BYTES} bytes, which no image that is read has` };
      }
      chunks.push(chunk);
    }
    return byteCount === 0 ? { file, error: 'it is empty' } : { file, bytes: Buffer.concat(chunks) };
  } catch (thrown) {
    return { file, error: faultOf(thrown) };
  }
}
