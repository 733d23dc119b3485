import { types } from 'node:util';
import { expect } from 'vitest';

function bytesOf({ buffer, byteOffset, byteLength }: NodeJS.TypedArray): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** Vitest compares typed arrays number by number, which takes seconds for a model. Only where they differ it has to. */
expect.addEqualityTesters([
  (a: unknown, b: unknown) =>
    types.isTypedArray(a) &&
    types.isTypedArray(b) &&
    Object.getPrototypeOf(a) === Object.getPrototypeOf(b) &&
    bytesOf(a).equals(bytesOf(b))
      ? true
      : undefined,
]);
