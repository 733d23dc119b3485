import { MAX_PARTS, type ByteReader } from './byte-reader.js';
import { NOTHING_ELSE, startsWith, type Format, type Size } from './format.js';
import { exifOrientation } from './tiff.js';

const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
const APP1 = 0xe1;

/**
 * Every scan of a few bytes goes over the whole picture once more. Encoders write 1 to 10, 16 where they look for the
 * fewest bytes, 18 of CMYK.
 */
export const MAX_SCANS = 20;

/** https://www.w3.org/Graphics/JPEG/itu-t81.pdf, annex B: segments that begin with the byte FF and a marker. */
export const jpeg: Format = {
  name: 'JPEG',
  matches: (bytes) => startsWith(bytes, '\xff\xd8\xff'),

  readSize(reader) {
    for (const { marker, offset } of segments(reader)) {
      if (isFrameHeader(marker)) return frameSize(reader, offset);
    }
    throw reader.corrupt('it has no frame header');
  },

  inspect(reader) {
    let frames = 0;
    let exif: Uint8Array | undefined;
    let scans = 0;
    for (const { marker, offset } of segments(reader)) {
      if (isFrameHeader(marker)) frames++;
      else if (marker === START_OF_SCAN) scans++;
      else if (marker === APP1 && scans === 0) exif ??= exifOf(reader, offset);
    }
    // A decoder may take the size from the last of several.
    if (frames !== 1) throw reader.corrupt(`it has ${frames} frame headers where one belongs`);
    if (scans > MAX_SCANS) throw reader.tooManyParts('scans', MAX_SCANS);
    return exif ? { orientation: () => exifOrientation(exif, this.name) } : NOTHING_ELSE;
  },
};

/**
 * https://www.cipa.jp/std/documents/e/DC-X008-Translation-2019-E.pdf, 4.7.2: what a segment APP1 holds, where it is
 * Exif.
 */
function exifOf(reader: ByteReader, offset: number): Uint8Array | undefined {
  const content = offset + 4;
  if (!startsWith(reader.bytes, 'Exif\0\0', content)) return undefined;
  return reader.bytes.subarray(content + 6, offset + 2 + reader.u16(offset + 2, false));
}

interface Segment {
  readonly marker: number;
  /** Where the two bytes of its marker begin. */
  readonly offset: number;
}

/** About one byte in 256 of coded pixels is FF; a file of many more is none that a program wrote. */
const BYTES_PER_MARK = 64;

/**
 * Every segment that has a length, up to the end-of-image marker. Entropy-coded data and bytes that belong
 * to nothing lie between segments and are passed over.
 * @throws InkdigitError `truncated_image` when no end-of-image marker comes, `corrupt_image` when too many others do.
 */
function* segments(reader: ByteReader): Generator<Segment> {
  const maxMarks = MAX_PARTS + Math.floor(reader.bytes.length / BYTES_PER_MARK);
  let offset = 2;
  for (;;) {
    offset = reader.bytes.indexOf(0xff, offset);
    if (offset < 0) throw reader.truncated('it has no end-of-image marker');
    reader.countPart('bytes FF', maxMarks);
    const marker = reader.u8(offset + 1);
    if (marker === END_OF_IMAGE) return;
    if (marker === 0xff) {
      offset += 1;
    } else if (standsAlone(marker)) {
      offset += 2;
    } else {
      yield { marker, offset };
      offset += 2 + reader.u16(offset + 2, false);
    }
  }
}

/** A stuffed zero, TEM, the restart markers and the start-of-image marker have no length after them. */
function standsAlone(marker: number): boolean {
  return marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}

/** SOF0-SOF15; DHT, JPG and DAC lie between them. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function frameSize(reader: ByteReader, offset: number): Size {
  return { width: reader.u16(offset + 7, false), height: reader.u16(offset + 5, false) };
}
