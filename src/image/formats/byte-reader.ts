import { InkdigitError } from '../../errors.js';

/**
 * Chunks, segments, sub-blocks or strips that a file may have. Files of 32 MB have a few thousand as programs write
 * them; one of nothing else has millions, and a walk over those would hold up everybody for most of a second.
 */
export const MAX_PARTS = 100_000;

/**
 * Reads numbers out of an untrusted file. A read past the end throws `truncated_image`,
 * so that a parser needs no bounds checks of its own. Offsets are in bytes from the start.
 */
export class ByteReader {
  readonly bytes: Uint8Array;
  /** As a message names it: "PNG". */
  readonly formatName: string;
  readonly #view: DataView;
  #parts = 0;

  constructor(bytes: Uint8Array, formatName: string) {
    this.bytes = bytes;
    this.formatName = formatName;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** @throws InkdigitError `truncated_image` when the file is shorter than `end` bytes. */
  requireLength(end: number): void {
    if (end > this.bytes.length) throw this.truncated(`its content goes on to byte ${end} at least`);
  }

  u8(offset: number): number {
    this.requireLength(offset + 1);
    return this.#view.getUint8(offset);
  }

  u16(offset: number, littleEndian: boolean): number {
    this.requireLength(offset + 2);
    return this.#view.getUint16(offset, littleEndian);
  }

  u32(offset: number, littleEndian: boolean): number {
    this.requireLength(offset + 4);
    return this.#view.getUint32(offset, littleEndian);
  }

  i32(offset: number, littleEndian: boolean): number {
    this.requireLength(offset + 4);
    return this.#view.getInt32(offset, littleEndian);
  }

  /** Four characters, as chunks are named. */
  fourCharacters(offset: number): string {
    this.requireLength(offset + 4);
    const { bytes } = this;
    // Written out: a view of four bytes for each chunk would cost more than all other reading of a small file.
    return String.fromCharCode(bytes[offset]!, bytes[offset + 1]!, bytes[offset + 2]!, bytes[offset + 3]!);
  }

  /**
   * Counts one more part of the file that a walk has come to.
   * @param kind as a message names many: "chunks"
   * @throws InkdigitError `corrupt_image` when there are more than `max`
   */
  countPart(kind: string, max = MAX_PARTS): void {
    this.#parts += 1;
    if (this.#parts > max) throw this.tooManyParts(kind, max);
  }

  /** The error of a file in more pieces than any program writes. */
  tooManyParts(kind: string, max = MAX_PARTS): InkdigitError {
    return this.corrupt(`it has more than ${max} ${kind}`);
  }

  /** The error of a file that ends too early. */
  truncated(expected: string): InkdigitError {
    return new InkdigitError(
      'truncated_image',
      `this ${this.formatName} file ends too early: it has ${this.bytes.length} bytes, but ${expected}; send the ` +
        'whole file',
    );
  }

  /** The error of a file whose content contradicts its format. */
  corrupt(what: string): InkdigitError {
    return corruptImage(this.formatName, what);
  }
}

/** The error of a whole file of a kind that no decoder here reads right. */
export function unreadKind(formatName: string, what: string): InkdigitError {
  return new InkdigitError(
    'not_an_image',
    `this ${formatName} file is of a kind that is not read: ${what}; save the picture as PNG or JPEG and send that`,
  );
}

/** The error of a file whose content contradicts its format, `cause` being what a decoder threw. */
export function corruptImage(formatName: string, what: string, cause?: unknown): InkdigitError {
  return new InkdigitError(
    'corrupt_image',
    `this ${formatName} file is damaged: ${what}; save the picture again and send that`,
    { cause },
  );
}
