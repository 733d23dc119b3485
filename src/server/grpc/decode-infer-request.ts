import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import type { InferParameters } from '../../api/oip.js';
import { InkdigitError, messageOf } from '../../errors.js';
import type { InferRequest, InputTensor, RequestedOutput, TensorContent } from '../oip/codec/tensor.js';

/** A `ModelInferRequest`. */
export interface GrpcInferRequest extends InferRequest {
  readonly modelName: string;
  readonly modelVersion: string;
  /** Whether its tensors are bytes, as those of the answer then are. */
  readonly isRaw: boolean;
}

/** Fields of messages that one request may have; elements of tensors are counted by themselves. */
const MAX_FIELDS = 1000;

/** What a reader is given: each message in it has a part of the same budget. */
interface Budget {
  fields: number;
  elements: number;
}

interface Input {
  name: string;
  datatype: string;
  readonly shape: number[];
  content: TensorContent | undefined;
}

/**
 * Reads a `ModelInferRequest` of `proto/inference.proto`. By hand: a general reader makes an object of each field,
 * and thirty million bytes may be fifteen million fields.
 * @param maxElements of all tensors together
 * @throws InkdigitError `invalid_request` for what is no such message, or has more fields or elements than it may
 */
export function decodeGrpcRequest(bytes: Uint8Array, maxElements: number): GrpcInferRequest {
  const budget: Budget = { fields: MAX_FIELDS, elements: maxElements };
  try {
    return readRequest(bytes, budget);
  } catch (cause) {
    if (cause instanceof InkdigitError) throw cause;
    throw new InkdigitError('invalid_request', `This is no ModelInferRequest: ${messageOf(cause)}.`, {
      cause,
    });
  }
}

function readRequest(bytes: Uint8Array, budget: Budget): GrpcInferRequest {
  const text = { modelName: '', modelVersion: '', id: '' };
  const parameters: Record<string, string | number | boolean> = {};
  const inputs: Input[] = [];
  const outputs: RequestedOutput[] = [];
  const raw: Uint8Array[] = [];
  forEachField(bytes, budget, (reader, field) => {
    if (field === 1) text.modelName = reader.string();
    else if (field === 2) text.modelVersion = reader.string();
    else if (field === 3) text.id = reader.string();
    else if (field === 4) readParameter(reader.bytes(), budget, parameters);
    else if (field === 5) inputs.push(readInput(reader.bytes(), budget));
    else if (field === 6) outputs.push(readOutput(reader.bytes(), budget));
    else if (field === 7) raw.push(reader.bytes());
    else return false;
    return true;
  });
  const isRaw = raw.length > 0;
  if (isRaw && raw.length !== inputs.length) {
    throw new InkdigitError(
      'invalid_request',
      `raw_input_contents has ${raw.length} items for ${inputs.length} inputs; expected one an input.`,
    );
  }
  return {
    ...text,
    parameters,
    inputs: inputs.map((input, i) => withContent(input, raw[i])),
    outputs: outputs.length > 0 ? outputs : undefined,
    isRaw,
  };
}

function withContent({ name, datatype, shape, content }: Input, raw: Uint8Array | undefined): InputTensor {
  if (raw && content) {
    throw new InkdigitError('invalid_request', 'Expected contents or raw_input_contents, got both.');
  }
  if (raw) return { name, datatype, shape, content: { kind: 'packed', bytes: raw } };
  const none: TensorContent =
    datatype === 'BYTES' ? { kind: 'blobs', values: [] } : { kind: 'numbers', values: [] };
  return { name, datatype, shape, content: content ?? none };
}

function readInput(bytes: Uint8Array, budget: Budget): Input {
  const input: Input = { name: '', datatype: '', shape: [], content: undefined };
  forEachField(bytes, budget, (reader, field, wireType) => {
    if (field === 1) input.name = reader.string();
    else if (field === 2) input.datatype = reader.string();
    else if (field === 3)
      readRepeated(reader, wireType, WireType.Varint, budget, () => input.shape.push(Number(reader.int64())));
    else if (field === 4) readParameter(reader.bytes(), budget, {});
    else if (field === 5) input.content = readContents(reader.bytes(), budget);
    else return false;
    return true;
  });
  return input;
}

function readOutput(bytes: Uint8Array, budget: Budget): RequestedOutput {
  const parameters: Record<string, string | number | boolean> = {};
  let name = '';
  forEachField(bytes, budget, (reader, field) => {
    if (field === 1) name = reader.string();
    else if (field === 2) readParameter(reader.bytes(), budget, parameters);
    else return false;
    return true;
  });
  return { name, parameters };
}

/** One entry of a map of parameters. */
function readParameter(bytes: Uint8Array, budget: Budget, into: InferParameters): void {
  let key = '';
  let value: string | number | boolean | undefined;
  forEachField(bytes, budget, (reader, field) => {
    if (field === 1) key = reader.string();
    else if (field === 2) value = readParameterValue(reader.bytes(), budget);
    else return false;
    return true;
  });
  // As a member of its own, whatever it is called.
  if (value !== undefined) Object.defineProperty(into, key, { value, enumerable: true, configurable: true });
}

function readParameterValue(bytes: Uint8Array, budget: Budget): string | number | boolean | undefined {
  let value: string | number | boolean | undefined;
  forEachField(bytes, budget, (reader, field) => {
    if (field === 1) value = reader.bool();
    else if (field === 2) value = Number(reader.int64());
    else if (field === 3) value = reader.string();
    else if (field === 4) value = reader.double();
    else if (field === 5) value = Number(reader.uint64());
    else return false;
    return true;
  });
  return value;
}

/** How each numeric field of `InferTensorContents` is read. */
const NUMBERS: Readonly<Record<number, readonly [WireType, (reader: BinaryReader) => number]>> = {
  1: [WireType.Varint, (reader) => Number(reader.bool())],
  2: [WireType.Varint, (reader) => reader.int32()],
  3: [WireType.Varint, (reader) => Number(reader.int64())],
  4: [WireType.Varint, (reader) => reader.uint32()],
  5: [WireType.Varint, (reader) => Number(reader.uint64())],
  6: [WireType.Bit32, (reader) => reader.float()],
  7: [WireType.Bit64, (reader) => reader.double()],
};

function readContents(bytes: Uint8Array, budget: Budget): TensorContent {
  const numbers: number[] = [];
  const blobs: Uint8Array[] = [];
  forEachField(bytes, budget, (reader, field, wireType) => {
    const number = NUMBERS[field];
    if (number) readRepeated(reader, wireType, number[0], budget, () => numbers.push(number[1](reader)));
    else if (field === 8) {
      // Elements, not fields: what a message may have of the ones is no bound for the others.
      budget.fields += 1;
      takeElement(budget);
      blobs.push(reader.bytes());
    } else return false;
    return true;
  });
  return blobs.length > 0 ? { kind: 'blobs', values: blobs } : { kind: 'numbers', values: numbers };
}

/** The elements of a repeated field, packed or one by one. */
function readRepeated(
  reader: BinaryReader,
  wireType: WireType,
  elementType: WireType,
  budget: Budget,
  readOne: () => void,
): void {
  if (wireType !== WireType.LengthDelimited) {
    if (wireType !== elementType) throw new Error('a field has another type than it should');
    budget.fields += 1;
    takeElement(budget);
    readOne();
    return;
  }
  const end = reader.uint32() + reader.pos;
  if (end > reader.len) throw new Error('a field ends beyond its message');
  while (reader.pos < end) {
    takeElement(budget);
    readOne();
  }
}

function takeElement(budget: Budget): void {
  budget.elements -= 1;
  if (budget.elements < 0) {
    throw new InkdigitError(
      'invalid_request',
      'The tensors have more elements than a full request of frames.',
    );
  }
}

/**
 * Reads the fields of a message.
 * @param read reads the value of a field that it knows, and returns whether it does
 */
function forEachField(
  bytes: Uint8Array,
  budget: Budget,
  read: (reader: BinaryReader, field: number, wireType: WireType) => boolean,
): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    budget.fields -= 1;
    if (budget.fields < 0) {
      throw new InkdigitError('invalid_request', `The message has too many fields: at most ${MAX_FIELDS}.`);
    }
    const [field, wireType] = reader.tag();
    if (wireType === WireType.StartGroup) throw new Error('a field is a group, which this syntax has not');
    if (!read(reader, field, wireType)) reader.skip(wireType, field);
  }
  if (reader.pos > reader.len) throw new Error('a field ends beyond its message');
}
