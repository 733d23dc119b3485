import { describeShape, elementBytes, elementCount, tensorFault, type InputTensor } from './tensor.js';

/** An element of a `BYTES` tensor: text where it came in JSON. */
export type Blob = string | Uint8Array;

/**
 * The elements of a numeric tensor, row by row.
 * @throws InkdigitError `invalid_request` where content and shape do not fit each other, or an element is no number
 */
export function readNumbers(tensor: InputTensor): ArrayLike<number> {
  const { name, datatype, shape, content } = tensor;
  const count = elementCount(name, shape);
  switch (content.kind) {
    case 'json':
      return flatten(tensor, count).map((value, at) => {
        if (typeof value === 'number') return value;
        throw tensorFault(name, `has ${describe(value)} as its element ${at}; expected numbers`);
      });
    case 'packed':
      return unpackNumbers(tensor, count, content.bytes);
    case 'numbers':
      requireCount(tensor, count, content.values.length, 'elements');
      return content.values;
    case 'blobs':
      throw tensorFault(name, `says that it is ${datatype}, and has elements of BYTES`);
  }
}

/**
 * The elements of a `BYTES` tensor; those that came as bytes are views.
 * @throws InkdigitError `invalid_request` where content and shape do not fit each other, or an element is no text
 */
export function readBlobs(tensor: InputTensor): readonly Blob[] {
  const { name, shape, content } = tensor;
  const count = elementCount(name, shape);
  switch (content.kind) {
    case 'json':
      return flatten(tensor, count).map((value, at) => {
        if (typeof value === 'string') return value;
        throw tensorFault(name, `has ${describe(value)} as its element ${at}; expected texts`);
      });
    case 'packed':
      return unpackBlobs(tensor, count, content.bytes);
    case 'blobs':
      requireCount(tensor, count, content.values.length, 'elements');
      return content.values;
    case 'numbers':
      throw tensorFault(name, 'says that it is BYTES, and has numbers');
  }
}

/** The elements of nested or flat arrays; both are allowed, and a mixture is not. */
function flatten(tensor: InputTensor, count: number): unknown[] {
  const { name, shape, content } = tensor;
  if (content.kind !== 'json') throw new Error('unreachable: it came in JSON');
  const { values } = content;
  if (!values.some(Array.isArray)) {
    requireCount(tensor, count, values.length, 'elements');
    return [...values];
  }
  const elements: unknown[] = [];
  const descend = (nested: unknown, depth: number): void => {
    if (depth === shape.length) {
      if (Array.isArray(nested))
        throw tensorFault(name, `has data nested deeper than its shape ${describeShape(shape)}`);
      elements.push(nested);
      return;
    }
    if (!Array.isArray(nested) || nested.length !== shape[depth]) {
      const found = Array.isArray(nested) ? `an array of ${nested.length}` : describe(nested);
      throw tensorFault(
        name,
        `has ${found} at depth ${depth} of its data, where its shape ${describeShape(shape)} wants an array of ` +
          String(shape[depth]),
      );
    }
    for (const one of nested) descend(one, depth + 1);
  };
  descend(values, 0);
  return elements;
}

function requireCount(tensor: InputTensor, count: number, found: number, what: string): void {
  if (found === count) return;
  const { name, datatype, shape } = tensor;
  throw tensorFault(
    name,
    `has ${found} ${what}, where ${datatype} of shape ${describeShape(shape)} has ${count}`,
  );
}

type ReadElement = (view: DataView, at: number) => number;

/** How an element is read; the datatypes that no model here takes are left out. */
const READ_ELEMENT: Readonly<Record<string, ReadElement>> = {
  UINT8: (view, at) => view.getUint8(at),
  FP32: (view, at) => view.getFloat32(at, true),
  FP64: (view, at) => view.getFloat64(at, true),
};

function unpackNumbers(tensor: InputTensor, count: number, bytes: Uint8Array): Float64Array {
  const { name, datatype } = tensor;
  const size = elementBytes(datatype);
  const read = READ_ELEMENT[datatype];
  if (size === undefined || !read) throw tensorFault(name, `cannot be read as ${datatype}`);
  requireCount(tensor, count * size, bytes.length, 'bytes');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Float64Array.from({ length: count }, (_, i) => read(view, i * size));
}

const LENGTH_BYTES = 4;

function unpackBlobs(tensor: InputTensor, count: number, bytes: Uint8Array): Uint8Array[] {
  const { name } = tensor;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const blobs: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    const length = at + LENGTH_BYTES <= bytes.length ? view.getUint32(at, true) : Infinity;
    const end = at + LENGTH_BYTES + length;
    if (end > bytes.length || blobs.length >= count) {
      const found =
        blobs.length >= count ? 'more bytes' : `a length that ends beyond its ${bytes.length} bytes`;
      throw tensorFault(name, `has ${found} behind element ${blobs.length} of ${count}`);
    }
    blobs.push(bytes.subarray(at + LENGTH_BYTES, end));
    at = end;
  }
  requireCount(tensor, count, blobs.length, 'elements');
  return blobs;
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
