import { InkdigitError } from '../../../errors.js';
import type { InferParameters } from '../../../api/oip.js';

/** Bytes of one element; `BYTES` elements have a length each. */
const ELEMENT_BYTES = {
  BOOL: 1,
  UINT8: 1,
  UINT16: 2,
  UINT32: 4,
  UINT64: 8,
  INT8: 1,
  INT16: 2,
  INT32: 4,
  INT64: 8,
  FP16: 2,
  FP32: 4,
  FP64: 8,
  BF16: 2,
  BYTES: undefined,
} as const;

export type Datatype = keyof typeof ELEMENT_BYTES;

/** What a tensor holds, before it is looked at. */
export type TensorContent =
  /** Nested or flat, row by row, as it came in JSON. */
  | { readonly kind: 'json'; readonly values: readonly unknown[] }
  /** Little-endian, row by row; each element of `BYTES` behind its length in four bytes. */
  | { readonly kind: 'packed'; readonly bytes: Uint8Array }
  /** Flat, row by row. */
  | { readonly kind: 'numbers'; readonly values: readonly number[] }
  /** Elements of `BYTES`. */
  | { readonly kind: 'blobs'; readonly values: readonly Uint8Array[] };

/** A tensor of a request. */
export interface InputTensor {
  readonly name: string;
  /** As it was said; not checked yet. */
  readonly datatype: string;
  /** Each 0 or more. */
  readonly shape: readonly number[];
  readonly content: TensorContent;
}

/** An output that a request asks for. */
export interface RequestedOutput {
  readonly name: string;
  readonly parameters: InferParameters;
}

/** One request, whichever way it came. */
export interface InferRequest {
  readonly id: string;
  readonly parameters: InferParameters;
  readonly inputs: readonly InputTensor[];
  /** Left out where none are named: those that a model gives by itself. */
  readonly outputs: readonly RequestedOutput[] | undefined;
}

/** A tensor of an answer: numbers, truth values or texts, flat, row by row. */
export type OutputTensor = {
  readonly name: string;
  readonly shape: readonly number[];
} & (
  | { readonly datatype: 'FP32' | 'INT64'; readonly values: readonly number[] }
  | { readonly datatype: 'BOOL'; readonly values: readonly boolean[] }
  | { readonly datatype: 'BYTES'; readonly values: readonly string[] }
);

/** @returns undefined for a name that is no datatype of the protocol, and for `BYTES` */
export function elementBytes(datatype: string): number | undefined {
  return isDatatype(datatype) ? ELEMENT_BYTES[datatype] : undefined;
}

function isDatatype(name: string): name is Datatype {
  return Object.hasOwn(ELEMENT_BYTES, name);
}

/**
 * The number of elements in a tensor of this shape.
 * @throws InkdigitError `invalid_request` for a shape that cannot be, or is beyond all that a body could hold
 */
export function elementCount(name: string, shape: readonly number[]): number {
  const count = shape.reduce((product, length) => product * length, 1);
  if (shape.every((length) => Number.isSafeInteger(length) && length >= 0) && Number.isSafeInteger(count))
    return count;
  throw tensorFault(name, `has the impossible shape ${describeShape(shape)}`);
}

/** As messages name it: `[2,28,28]`. */
export function describeShape(shape: readonly number[]): string {
  return `[${shape.slice(0, 8).join(',')}${shape.length > 8 ? ',…' : ''}]`;
}

/** What is wrong with a tensor. @param what goes on behind its name */
export function tensorFault(name: string, what: string): InkdigitError {
  return new InkdigitError('invalid_request', `The tensor ${quoted(name)} ${what}.`);
}

/** A text of the caller's making, cut to a length that a message bears. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
