import { InkdigitError } from '../errors.js';

/** Numbers of a file, as they are stored there. */
export type StoredNumbers = Float32Array | Int32Array | Int8Array | Uint8Array;

/** A tensor that the file holds: weights and other constants. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly values: StoredNumbers;
}

/** One operator of the graph. */
export interface OnnxNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Whole numbers alone: attribute -> its numbers, one or more. */
  readonly attributes: ReadonlyMap<string, readonly number[]>;
}

/** The parts of an ONNX file that running it takes. */
export interface OnnxFile {
  readonly nodes: readonly OnnxNode[];
  readonly constants: ReadonlyMap<string, StoredTensor>;
  /** Name -> sizes, of which a name stands for the number of images: 0 here. */
  readonly inputs: ReadonlyMap<string, readonly number[]>;
  readonly outputs: ReadonlyMap<string, readonly number[]>;
  /** What the file says of itself (`metadata_props`). */
  readonly metadata: ReadonlyMap<string, string>;
}

/** Wire types of protocol buffers: https://protobuf.dev/programming-guides/encoding */
const VARINT = 0;
const BYTES = 2;
const BITS32 = 5;
const BITS64 = 1;

/** What a field holds: a number, or bytes to look into; `undefined` where it is neither. */
interface Field {
  readonly number: number;
  readonly value: bigint;
  readonly bytes: Uint8Array;
}

/**
 * Reads an ONNX file as this project writes them, by the field numbers of
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto. What it does not know is passed over.
 * @throws InkdigitError `invalid_model` where the bytes are no such file
 */
export function readOnnxFile(bytes: Uint8Array, source: string): OnnxFile {
  const nodes: OnnxNode[] = [];
  const constants = new Map<string, StoredTensor>();
  const inputs = new Map<string, readonly number[]>();
  const outputs = new Map<string, readonly number[]>();
  const metadata = new Map<string, string>();
  try {
    for (const part of fieldsOf(bytes)) {
      if (part.number === 14) metadata.set(...entryOf(part.bytes));
      if (part.number !== 7) continue;
      for (const { number, bytes: content } of fieldsOf(part.bytes)) {
        if (number === 1) nodes.push(nodeOf(content));
        if (number === 5) constants.set(...constantOf(content));
        if (number === 11) inputs.set(...valueOf(content));
        if (number === 12) outputs.set(...valueOf(content));
      }
    }
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const message = `${source} cannot be opened as an ONNX model (${bytes.length} bytes): ${cause.message}`;
    throw new InkdigitError('invalid_model', message, { cause });
  }
  return { nodes, constants, inputs, outputs, metadata };
}

/** @throws RangeError where the message ends within a field, or has a field of an unknown kind */
function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined || shift > 63n) throw new RangeError('it ends within a number.');
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const wire = tag & 7;
    const value = wire === VARINT ? varint() : 0n;
    const length = wire === BYTES ? Number(varint()) : wire === BITS32 ? 4 : wire === BITS64 ? 8 : 0;
    if (wire !== VARINT && length === 0 && wire !== BYTES)
      throw new RangeError(`it has a field of kind ${wire}.`);
    if (length > bytes.length - at) throw new RangeError('it ends within a field.');
    yield { number: tag >>> 3, value, bytes: bytes.subarray(at, at + length) };
    at += length;
  }
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function wholeNumber(value: bigint): number {
  return Number(BigInt.asIntN(64, value));
}

function entryOf(bytes: Uint8Array): [key: string, value: string] {
  const texts = ['', '', ''];
  for (const field of fieldsOf(bytes)) texts[field.number] = textOf(field.bytes);
  return [texts[1] ?? '', texts[2] ?? ''];
}

function nodeOf(bytes: Uint8Array): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, readonly number[]>();
  let operator = '';
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) inputs.push(textOf(field.bytes));
    if (field.number === 2) outputs.push(textOf(field.bytes));
    if (field.number === 4) operator = textOf(field.bytes);
    if (field.number === 5) attributes.set(...attributeOf(field.bytes));
  }
  return { operator, inputs, outputs, attributes };
}

function attributeOf(bytes: Uint8Array): [name: string, numbers: readonly number[]] {
  let name = '';
  const numbers: number[] = [];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) name = textOf(field.bytes);
    if (field.number === 3 || field.number === 8) numbers.push(wholeNumber(field.value));
  }
  return [name, numbers];
}

function constantOf(bytes: Uint8Array): [name: string, tensor: StoredTensor] {
  const shape: number[] = [];
  let type = 0;
  let name = '';
  let raw = new Uint8Array(0);
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) shape.push(wholeNumber(field.value));
    if (field.number === 2) type = wholeNumber(field.value);
    if (field.number === 8) name = textOf(field.bytes);
    // A copy lies at the beginning of its memory, as numbers of several bytes have to.
    if (field.number === 9) raw = new Uint8Array(field.bytes);
  }
  const values = numbersOf(type, raw.buffer);
  if (values.length !== shape.reduce((product, size) => product * size, 1)) {
    throw new RangeError(`${name} has ${values.length} values for the shape [${shape.join(',')}].`);
  }
  return [name, { shape, values }];
}

/** By `TensorProto.DataType`. */
function numbersOf(type: number, memory: ArrayBuffer): StoredNumbers {
  if (type === 1) return new Float32Array(memory);
  if (type === 2) return new Uint8Array(memory);
  if (type === 3) return new Int8Array(memory);
  if (type === 6) return new Int32Array(memory);
  // Sizes and places, which are small.
  if (type === 7) return Int32Array.from(new BigInt64Array(memory), Number);
  throw new RangeError(`it holds numbers of a type that is not known here, ${type}.`);
}

function valueOf(bytes: Uint8Array): [name: string, shape: readonly number[]] {
  let name = '';
  let shape: readonly number[] = [];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) name = textOf(field.bytes);
    if (field.number === 2) shape = shapeOfType(field.bytes);
  }
  return [name, shape];
}

/** `TypeProto` -> tensor_type -> shape -> dims. */
function shapeOfType(type: Uint8Array): readonly number[] {
  const within = (bytes: Uint8Array, number: number): Uint8Array[] =>
    Array.from(fieldsOf(bytes)).flatMap((field) => (field.number === number ? [field.bytes] : []));
  const dims = within(type, 1).flatMap((tensor) => within(tensor, 2).flatMap((shape) => within(shape, 1)));
  return dims.map((dim) => {
    const size = Array.from(fieldsOf(dim)).find(({ number }) => number === 1);
    return size ? wholeNumber(size.value) : 0;
  });
}
