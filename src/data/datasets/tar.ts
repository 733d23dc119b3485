import { invalidFile } from './dataset.js';

/** One file in an archive. */
export interface TarEntry {
  readonly name: string;
  /** A view of the archive. */
  readonly bytes: Uint8Array;
}

/** The archive is made of these (POSIX.1-1988, ustar). */
const BLOCK_BYTES = 512;

/** More than any data set has: a damaged archive cannot make a list without end. */
const MAX_ENTRIES = 100_000;

const text = new TextDecoder('latin1');

/**
 * Reads the ordinary files of an (uncompressed) tar archive of the ustar form; links, folders and extended headers are
 * refused, as no data set here has them. Contents are views of `bytes`.
 * @param source what to call the file in an error
 * @throws InkdigitError `invalid_data` when it is damaged, truncated or has entries of other kinds
 */
export function parseTar(bytes: Uint8Array, source: string): readonly TarEntry[] {
  const entries: TarEntry[] = [];
  let offset = 0;
  for (;;) {
    const header = bytes.subarray(offset, offset + BLOCK_BYTES);
    if (header.length < BLOCK_BYTES) {
      throw invalidFile(
        source,
        `truncated: the archive ends at byte ${bytes.length} without its closing block`,
      );
    }
    if (header.every((byte) => byte === 0)) return entries;
    if (entries.length === MAX_ENTRIES) throw invalidFile(source, `has more than ${MAX_ENTRIES} files`);
    const size = checkedSize(header, offset, source);
    const name = stringAt(header, 0, 100);
    const kind = header[156];
    if (kind !== 0 && kind !== 0x30) {
      throw invalidFile(source, `expected ordinary files, ${JSON.stringify(name)} is of kind ${kind}`);
    }
    const start = offset + BLOCK_BYTES;
    if (start + size > bytes.length) {
      throw invalidFile(
        source,
        `truncated: ${JSON.stringify(name)} ends at byte ${start + size}, the archive at byte ${bytes.length}`,
      );
    }
    entries.push({ name, bytes: bytes.subarray(start, start + size) });
    offset = start + BLOCK_BYTES * Math.ceil(size / BLOCK_BYTES);
  }
}

function checkedSize(header: Uint8Array, offset: number, source: string): number {
  const announced = octalAt(header, 148, 8);
  // The sum over the header with its own field read as spaces.
  let sum = 8 * 0x20;
  for (let i = 0; i < BLOCK_BYTES; i++) if (i < 148 || i >= 156) sum += header[i] ?? 0;
  if (announced !== sum) {
    throw invalidFile(
      source,
      `expected a tar header with the checksum ${sum} at byte ${offset}, got ${announced}`,
    );
  }
  const size = octalAt(header, 124, 12);
  if (Number.isNaN(size)) throw invalidFile(source, `the tar header at byte ${offset} gives no size`);
  return size;
}

function stringAt(header: Uint8Array, from: number, length: number): string {
  const field = header.subarray(from, from + length);
  const end = field.indexOf(0);
  return text.decode(end === -1 ? field : field.subarray(0, end));
}

/** NaN where it is no octal number. */
function octalAt(header: Uint8Array, from: number, length: number): number {
  const digits = stringAt(header, from, length).trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}
