import { ByteReader, MAX_PARTS, unreadKind } from './byte-reader.js';
import { startsWith, type Format } from './format.js';

const WIDTH = 256;
const HEIGHT = 257;
const BITS_PER_SAMPLE = 258;
const COMPRESSION = 259;
const ORIENTATION = 274;
const STRIP_OFFSETS = 273;
const STRIP_BYTES = 279;
const TILE_OFFSETS = 324;
const TILE_BYTES = 325;
const SAMPLE_FORMAT = 339;

/**
 * What a decoder needs of the first directory beside the fields above: photometric interpretation, order of bits,
 * samples, rows of a strip, planes, options of the fax, predictor, palette, tiles, inks, extra samples, JPEG, YCbCr.
 */
const OTHERS_OF_PICTURE = [262, 266, 277, 278, 284, 292, 293, 317, 320, 322, 323, 332, 338, 347]
  .concat([512, 513, 514, 515, 517, 518, 519, 520, 521])
  .concat([529, 530, 531, 532]);
const PICTURE_FIELDS = new Set([
  WIDTH,
  HEIGHT,
  BITS_PER_SAMPLE,
  COMPRESSION,
  STRIP_OFFSETS,
  STRIP_BYTES,
  TILE_OFFSETS,
  TILE_BYTES,
  SAMPLE_FORMAT,
  ...OTHERS_OF_PICTURE,
]);

/** Bytes of one value by its field type, 1 to 12; 0 is no type. */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];
const SHORT = 3;
const LONG = 4;
const ENTRY_BYTES = 12;

/** None, Huffman, fax of groups 3 and 4, LZW, JPEG of both kinds, Deflate under both its numbers, PackBits, WebP. */
const COMPRESSIONS = new Set([1, 2, 3, 4, 5, 6, 7, 8, 32_946, 32_773, 50_001]);
const MOST_BITS_PER_SAMPLE = 16;
/** Some programs store equal tiles once. A decoder reads the bytes again for each: a few would become gigabytes. */
const MOST_SHARED_BYTES = 2 ** 26;
/** What samples are by their field; without it they are whole numbers from 0 on. */
const SAMPLE_FORMATS: ReadonlyMap<number, string> = new Map([
  [2, 'numbers that may be negative'],
  [3, 'floating-point numbers'],
  [5, 'complex numbers'],
  [6, 'complex numbers'],
]);

/** https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf; the first directory is the picture. */
export const tiff: Format = {
  name: 'TIFF',
  matches: (bytes) => startsWith(bytes, 'II*\0') || startsWith(bytes, 'MM\0*'),

  readSize(reader) {
    const fields = readDirectory(reader);
    return { width: single(reader, fields, WIDTH), height: single(reader, fields, HEIGHT) };
  },

  inspect(reader) {
    const fields = readDirectory(reader);
    for (const field of fields.values()) reader.requireLength(field.offset + field.count * field.valueBytes);
    refuseOtherKinds(reader, fields);
    const tiled = fields.has(TILE_OFFSETS);
    const offsets = numbers(reader, fields, tiled ? TILE_OFFSETS : STRIP_OFFSETS);
    const lengths = numbers(reader, fields, tiled ? TILE_BYTES : STRIP_BYTES);
    offsets.forEach((offset, i) => reader.requireLength(offset + (lengths[i] ?? 0)));
    const total = lengths.reduce((sum, length) => sum + length, 0);
    if (total > reader.bytes.length + MOST_SHARED_BYTES) {
      throw reader.corrupt(
        `its strips or tiles hold ${total} bytes, and the whole file ${reader.bytes.length}`,
      );
    }
    return { orientation: () => tiffOrientation(reader), picture: pictureAlone(reader, fields) };
  },
};

/**
 * Of other kinds decoders give pictures that are black all over, or too dark.
 * @throws InkdigitError `not_an_image`
 */
function refuseOtherKinds(reader: ByteReader, fields: ReadonlyMap<number, Field>): void {
  const valuesOf = (tag: number): readonly number[] => (fields.has(tag) ? numbers(reader, fields, tag) : []);
  for (const method of valuesOf(COMPRESSION)) {
    if (!COMPRESSIONS.has(method))
      throw unreadKind(reader.formatName, `it is compressed by method ${method}`);
  }
  for (const format of valuesOf(SAMPLE_FORMAT)) {
    const samples = SAMPLE_FORMATS.get(format);
    if (samples) throw unreadKind(reader.formatName, `its samples are ${samples}`);
  }
  for (const bits of valuesOf(BITS_PER_SAMPLE)) {
    if (bits > MOST_BITS_PER_SAMPLE) {
      throw unreadKind(
        reader.formatName,
        `its samples have ${bits} bits, and ${MOST_BITS_PER_SAMPLE} are the most`,
      );
    }
  }
}

/**
 * The same file with a directory of nothing but the picture, and no other. So what a decoder warns of is damage to the
 * picture, not an odd note of the program that wrote it, and no chain of directories takes it any time.
 */
function pictureAlone({ bytes }: ByteReader, fields: ReadonlyMap<number, Field>): Uint8Array {
  const entries = [...fields]
    .filter(([tag]) => PICTURE_FIELDS.has(tag))
    .toSorted(([a], [b]) => a - b)
    .map(([, { entry }]) => bytes.subarray(entry, entry + ENTRY_BYTES));
  // Directories begin at even bytes.
  const start = bytes.length + (bytes.length % 2);
  const picture = Buffer.alloc(start + 2 + entries.length * ENTRY_BYTES + 4);
  picture.set(bytes);
  entries.forEach((entry, i) => picture.set(entry, start + 2 + i * ENTRY_BYTES));
  if (bytes[0] === 'I'.charCodeAt(0)) {
    picture.writeUInt32LE(start, 4);
    picture.writeUInt16LE(entries.length, start);
  } else {
    picture.writeUInt32BE(start, 4);
    picture.writeUInt16BE(entries.length, start);
  }
  return picture;
}

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
  /** Where its entry in the directory lies. */
  readonly entry: number;
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
    fields.set(reader.u16(entry, littleEndian), { type, count, valueBytes, offset, entry });
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
