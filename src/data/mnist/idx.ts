import { InkdigitError } from '../../errors.js';
import { FRAME_SIDE, type FrameBatch } from '../../image/frame.js';

/** Element types of the IDX format by their code; MNIST uses the first (http://yann.lecun.com/exdb/mnist/). */
const UNSIGNED_BYTE = 0x08;
const ELEMENT_TYPES: Readonly<Record<number, string>> = {
  [UNSIGNED_BYTE]: 'unsigned byte',
  0x09: 'signed byte',
  0x0b: 'short',
  0x0c: 'int',
  0x0d: 'float',
  0x0e: 'double',
};

/** The content of an IDX file of unsigned bytes: `values` in row-major order, shaped `dimensions`. */
export interface IdxArray {
  readonly dimensions: readonly number[];
  readonly values: Uint8Array;
}

/**
 * Reads an (uncompressed) IDX file of unsigned bytes. The values are a view of `bytes`.
 * @param source what to call the file in an error.
 * @throws InkdigitError `invalid_data` when the magic number, the element type or the length is wrong.
 */
export function parseIdx(bytes: Uint8Array, source: string): IdxArray {
  const [first, second, elementType, rank] = bytes;
  if (first === undefined || second === undefined || elementType === undefined || rank === undefined) {
    throw invalid(source, `an IDX file has at least 4 bytes, this one ${bytes.length}`);
  }
  const typeName = ELEMENT_TYPES[elementType];
  if (first !== 0 || second !== 0 || typeName === undefined || rank === 0) {
    const magic = [first, second, elementType, rank].map((b) => b.toString(16).padStart(2, '0')).join(' ');
    throw invalid(source, `expected the magic number of an IDX file (00 00 08 and the rank), got ${magic}`);
  }
  if (elementType !== UNSIGNED_BYTE) throw invalid(source, `expected unsigned bytes, got ${typeName} values`);

  const headerBytes = 4 + 4 * rank;
  if (bytes.length < headerBytes) {
    throw invalid(source, `truncated: expected ${headerBytes} bytes of header, got ${bytes.length} bytes`);
  }
  const header = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  const dimensions = Array.from({ length: rank }, (_, i) => header.getUint32(4 + 4 * i));
  const expectedBytes = headerBytes + dimensions.reduce((product, size) => product * size, 1);
  if (bytes.length !== expectedBytes) {
    const fault = bytes.length < expectedBytes ? 'truncated' : 'bytes after the end';
    throw invalid(
      source,
      `${fault}: expected ${expectedBytes} bytes for the dimensions ${dimensions.join('x')}, got ${bytes.length} bytes`,
    );
  }
  // A plain Uint8Array even where `bytes` is a Buffer, whose slice() means something else.
  const values = new Uint8Array(bytes.buffer, bytes.byteOffset + headerBytes, expectedBytes - headerBytes);
  return { dimensions, values };
}

/**
 * Reads an IDX file of `[count, 28, 28]` grey levels.
 * @throws InkdigitError `invalid_data`
 */
export function parseIdxImages(bytes: Uint8Array, source: string): FrameBatch {
  const { dimensions, values } = parseIdx(bytes, source);
  const [count, height, width] = dimensions;
  if (dimensions.length !== 3 || count === undefined || height !== FRAME_SIDE || width !== FRAME_SIDE) {
    throw invalid(
      source,
      `expected images, the dimensions Nx${FRAME_SIDE}x${FRAME_SIDE}, got ${dimensions.join('x')}`,
    );
  }
  return { count, pixels: values };
}

/**
 * Reads an IDX file of `[count]` digits 0-9.
 * @throws InkdigitError `invalid_data`
 */
export function parseIdxLabels(bytes: Uint8Array, source: string): Uint8Array {
  const { dimensions, values } = parseIdx(bytes, source);
  if (dimensions.length !== 1) {
    throw invalid(source, `expected labels, one dimension, got the dimensions ${dimensions.join('x')}`);
  }
  const bad = values.findIndex((label) => label > 9);
  if (bad !== -1) throw invalid(source, `expected labels from 0 to 9, label ${bad} is ${values[bad]}`);
  return values;
}

function invalid(source: string, reason: string): InkdigitError {
  return new InkdigitError('invalid_data', `${source}: ${reason}.`);
}
