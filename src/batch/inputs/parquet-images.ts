import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import * as zlib from 'node:zlib';
import {
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  type SchemaTree,
} from 'hyparquet';
import { InkdigitError, messageOf } from '../../errors.js';
import type { Found, FoundImage } from '../plan/found-image.js';
import { isOfShard, type Shard } from '../plan/shard.js';
import type { ByteSource } from './byte-source.js';
import type { Skip } from './skip.js';

/** Where the images of a Parquet file are. */
export interface ParquetHeader {
  readonly images: number;
  readonly column: string;
}

/** A file that was opened. */
interface OpenParquet {
  readonly file: AsyncBuffer;
  readonly metadata: FileMetaData;
}

/** Names that a column of images often has. */
const USUAL_COLUMNS: readonly string[] = ['image', 'bytes', 'img', 'png', 'jpg', 'content', 'data'];

/**
 * Finds the column of images: the only one that has bytes, or has them in a member `bytes`, as those of Hugging Face
 * do; of several one with a usual name.
 * @param wanted the column that the user named
 * @throws InkdigitError `invalid_data` for a file of another form, `invalid_option` for a column that is not there
 */
export async function parquetHeader(source: ByteSource, wanted: string | undefined): Promise<ParquetHeader> {
  const { metadata } = await openParquet(source);
  const columns = parquetSchema(metadata)
    .children.filter(hasBytes)
    .map(({ element }) => element.name);
  const usual = columns.length === 1 ? columns[0] : USUAL_COLUMNS.find((name) => columns.includes(name));
  const column = wanted ?? usual;
  if (column !== undefined && columns.includes(column)) {
    return { images: Number(metadata.num_rows), column };
  }
  const there = columns.length === 0 ? 'it has none' : `those of bytes are ${columns.join(', ')}`;
  const asked = wanted === undefined ? 'one column of bytes' : `the column ${wanted}`;
  throw new InkdigitError(
    'invalid_option',
    `${source.path}: expected ${asked} with the content of image files in it; ${there}. --column names it.`,
  );
}

/** Bytes that are no text, by themselves or as the member `bytes`. */
function hasBytes({ element, children }: SchemaTree): boolean {
  if (children.length > 0) return children.some((child) => child.element.name === 'bytes' && hasBytes(child));
  const isText = element.converted_type === 'UTF8' || element.logical_type?.type === 'STRING';
  return element.type === 'BYTE_ARRAY' && !isText && element.repetition_type !== 'REPEATED';
}

/**
 * The images of a Parquet file that belong to a shard, called `path#0`, `path#1`, … by their rows. One group of rows is
 * in memory at a time.
 * @throws InkdigitError `invalid_data` where it is damaged or packed in an unknown way
 */
export async function* parquetImages(
  source: ByteSource,
  column: string,
  shard: Shard,
  skip: Skip,
): AsyncGenerator<Found> {
  const { file, metadata } = await openParquet(source);
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    const rowEnd = rowStart + rows;
    const names = Array.from({ length: rows }, (_, i) => `${source.path}#${rowStart + i}`);
    const wanted = names.map((name) => isOfShard(name, shard) && !skip.one());
    if (wanted.includes(true)) {
      const values = await readColumn({ file, metadata }, column, { rowStart, rowEnd }, source.path);
      for (const [i, name] of names.entries()) {
        if (wanted[i]) yield { kind: 'image', name, content: contentOf(values[i]) };
      }
    }
    rowStart = rowEnd;
  }
}

function contentOf(value: unknown): FoundImage['content'] {
  if (value instanceof Uint8Array) return { bytes: value };
  if (typeof value === 'object' && value !== null && 'bytes' in value && value.bytes instanceof Uint8Array) {
    return { bytes: value.bytes };
  }
  return { fault: { code: 'invalid_data', message: 'the row has no image' } };
}

async function openParquet(source: ByteSource): Promise<OpenParquet> {
  const file: AsyncBuffer = {
    byteLength: source.size,
    async slice(from, to = source.size) {
      // A negative start counts from the end, as in arrays.
      const bytes = await source.read(from < 0 ? source.size + from : from, Math.min(to, source.size));
      const { buffer, byteOffset, byteLength } = Uint8Array.from(bytes);
      return buffer.slice(byteOffset, byteOffset + byteLength);
    },
  };
  try {
    return { file, metadata: await parquetMetadataAsync(file) };
  } catch (cause) {
    throw damaged(source.path, cause);
  }
}

async function readColumn(
  { file, metadata }: OpenParquet,
  column: string,
  range: { readonly rowStart: number; readonly rowEnd: number },
  path: string,
): Promise<unknown[]> {
  try {
    const options = { file, metadata, columns: [column], ...range, utf8: false, compressors: COMPRESSORS };
    const rows = await parquetReadObjects(options);
    return rows.map((row) => row[column]);
  } catch (cause) {
    throw damaged(path, cause);
  }
}

/** Beside Snappy, which the reader knows: what Node.js unpacks. Zstandard came with version 22.15. */
const COMPRESSORS: Compressors = {
  GZIP: (input) => gunzipSync(input),
  BROTLI: (input) => brotliDecompressSync(input),
  ...('zstdDecompressSync' in zlib && { ZSTD: (input) => unpackZstandard(input) }),
};

function unpackZstandard(input: Uint8Array): Uint8Array {
  const unpack: unknown = Reflect.get(zlib, 'zstdDecompressSync');
  const unpacked: unknown = typeof unpack === 'function' ? unpack(input) : undefined;
  if (unpacked instanceof Uint8Array) return unpacked;
  throw new TypeError('Zstandard is not known here');
}

function damaged(path: string, cause: unknown): InkdigitError {
  if (cause instanceof InkdigitError) return cause;
  return new InkdigitError('invalid_data', `${path} cannot be read as Parquet: ${messageOf(cause)}.`, {
    cause,
  });
}
