import { ByteReader, MAX_PARTS } from './byte-reader.js';
import { startsWith, type Format } from './format.js';

const WIDTH = 256;
const HEIGHT = 257;
const ORIENTATION = 274;
const STRIP_OFFSETS = 273;
const STRIP_BYTES = 279;
const TILE_OFFSETS = 324;
const TILE_BYTES = 325;

/** Bytes of one value by its field type, 1 to 12; 0 is no type. */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];
const SHORT = 3;
const LONG = 4;
const ENTRY_BYTES = 12;

/** https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf; the first directory is the picture. */
export const tiff: Format = {
  name: 'TIFF',
  matches: (bytes) => startsWith(bytes, 'II*\0') || startsWith(bytes, 'MM\0*'),

  readSize(reader) {
    const fields = readDirectory(reader);
    return { width: single(reader, fields, WIDTH), height: single(reader, fields, HEIGHT) };
  },

  survey(reader) {
    const fields = readDirectory(reader);
    for (const field of fields.values()) reader.requireLength(field.offset + field.count * field.valueBytes);
    const tiled = fields.has(TILE_OFFSETS);
    const offsets = numbers(reader, fields, tiled ? TILE_OFFSETS : STRIP_OFFSETS);
    const lengths = numbers(reader, fields, tiled ? TILE_BYTES : STRIP_BYTES);
    offsets.forEach((offset, i) => reader.requireLength(offset + (lengths[i] ?? 0)));
    return { orientation: () => tiffOrientation(reader) };
  },
};

/** Exif data has the structure of a TIFF file, and its first directory tells the same. */
export function exifOrientation(bytes: Uint8Array, formatName: string): number | undefined {
  return tiffOrientation(new ByteReader(bytes, formatName));
}

function tiffOrientation(reader: ByteReader): number | undefined {
  const fields = readDirectory(reader);
  return fields.has(ORIENTATION) ? single(reader, fields, ORIENTATION) : undefined;
}

interface Field {
  readonly type: number;
  readonly count: number;
  readonly valueBytes: number;
  /** Where its values lie: in the directory's entry when they fit into four bytes. */
  readonly offset: number;
}

function isLittleEndian(reader: ByteReader): boolean {
  return reader.u8(0) === 'I'.charCodeAt(0);
}

/** @returns the fields of the first directory, by tag. */
function readDirectory(reader: ByteReader): ReadonlyMap<number, Field> {
  const littleEndian = isLittleEndian(reader);
  const directory = reader.u32(4, littleEndian);
  const entries = reader.u16(directory, littleEndian);
  const fields = new Map<number, Field>();
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + i * ENTRY_BYTES;
    const type = reader.u16(entry + 2, littleEndian);
    const count = reader.u32(entry + 4, littleEndian);
    const valueBytes = TYPE_BYTES[type] ?? 0;
    const offset = count * valueBytes <= 4 ? entry + 8 : reader.u32(entry + 8, littleEndian);
    fields.set(reader.u16(entry, littleEndian), { type, count, valueBytes, offset });
  }
  return fields;
}

function numbers(reader: ByteReader, fields: ReadonlyMap<number, Field>, tag: number): readonly number[] {
  const field = fields.get(tag);
  if (field === undefined || field.count === 0 || (field.type !== SHORT && field.type !== LONG)) {
    throw reader.corrupt(`its field ${tag} is missing or not a number`);
  }
  reader.requireLength(field.offset + field.count * field.valueBytes);
  if (field.count > MAX_PARTS) throw reader.tooManyParts(`values in its field ${tag}`);
  const littleEndian = isLittleEndian(reader);
  return Array.from({ length: field.count }, (_, i) => {
    const offset = field.offset + i * field.valueBytes;
    return field.type === SHORT ? reader.u16(offset, littleEndian) : reader.u32(offset, littleEndian);
  });
}

function single(reader: ByteReader, fields: ReadonlyMap<number, Field>, tag: number): number {
  return numbers(reader, fields, tag)[0] ?? 0;
}
