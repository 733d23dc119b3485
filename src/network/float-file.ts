import { createHash } from 'node:crypto';
import { InkdigitError } from '../errors.js';

/**
 * The files that a training keeps its numbers in: a line that says what it is, four bytes with the length of the JSON
 * that follows, the JSON, floats, and a SHA-256 of it all.
 */
export interface FloatFileKind {
  /** As `checkpoint`: the line is `inkdigit checkpoint <version>`. */
  readonly name: string;
  readonly version: number;
  /** As `a checkpoint of a training`. */
  readonly description: string;
}

const DIGEST_BYTES = 32;

/** The bytes of a file. */
export function encodeFloatFile(
  kind: FloatFileKind,
  header: object,
  arrays: readonly Float32Array[],
): Uint8Array {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const content = Buffer.concat([magicOf(kind, kind.version), length, json, ...arrays.map(bytesOf)]);
  return Buffer.concat([content, digestOf(content)]);
}

/** What a file holds. */
export interface FloatFile {
  /** JSON; as the digest holds, what the same version of the program wrote. */
  readonly header: string;
  /** The next `count` floats. */
  readonly take: (count: number) => Float32Array;
  /** @throws InkdigitError `invalid_data` unless it was written for these layers: `network` has another form now */
  readonly requireLayers: (network: string, written: readonly string[], layers: readonly string[]) => void;
  /** @throws InkdigitError `invalid_data` unless exactly all floats were taken */
  readonly requireEnd: (network: string) => void;
}

/**
 * Opens a file.
 * @throws InkdigitError `invalid_data` when it is damaged or of another kind
 */
export function decodeFloatFile(kind: FloatFileKind, file: Uint8Array, source: string): FloatFile {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const content = bytes.subarray(0, Math.max(0, bytes.length - DIGEST_BYTES));
  const magic = magicOf(kind, kind.version);
  if (!content.subarray(0, magic.length).equals(magic)) throw ofAnotherKind(kind, bytes, source);
  if (!digestOf(content).equals(bytes.subarray(content.length))) {
    throw invalid(`${source} is damaged: its checksum does not match its ${bytes.length} bytes.`);
  }
  const ofAnotherForm = (network: string, how: string): InkdigitError =>
    invalid(`${source} was written for another form of the network ${network}: ${how}.`);
  const jsonStart = magic.length + 4;
  let offset = jsonStart + content.readUInt32LE(magic.length);
  return {
    header: content.toString('utf8', jsonStart, offset),
    take(count) {
      const values = new Float32Array(count);
      bytesOf(values).set(content.subarray(offset, offset + 4 * count));
      offset += 4 * count;
      return values;
    },
    requireLayers(network, written, layers) {
      if (written.join('\n') === layers.join('\n')) return;
      throw ofAnotherForm(network, `expected the layers ${layers.join(', ')}; got ${written.join(', ')}`);
    },
    requireEnd(network) {
      if (offset === content.length) return;
      throw ofAnotherForm(network, `expected ${offset} bytes, got ${content.length}`);
    },
  };
}

function ofAnotherKind(kind: FloatFileKind, bytes: Buffer, source: string): InkdigitError {
  const start = magicOf(kind, '').subarray(0, -1);
  return bytes.subarray(0, start.length).equals(start)
    ? invalid(`${source} was written by another version of inkdigit, which alone can read it.`)
    : invalid(`${source} is not ${kind.description} (${bytes.length} bytes).`);
}

function magicOf({ name }: FloatFileKind, version: number | string): Buffer {
  return Buffer.from(`inkdigit ${name} ${version}\n`);
}

/** A view of the bytes of floats; little-endian, as is every machine that ONNX Runtime's npm package runs on. */
function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function digestOf(content: Uint8Array): Buffer {
  return createHash('sha256').update(content).digest();
}

function invalid(message: string): InkdigitError {
  return new InkdigitError('invalid_data', message);
}
