import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { zeros } from '../../../src/image/normalize/zeros.js';

it('arrays are new and empty, whatever was written into those before', () => {
  const kinds = fc.constantFrom(Uint8Array, Uint32Array, Int32Array, Float32Array, Float64Array);
  // Some that lie beside others, some that are too long for it, and more than one piece of memory holds.
  const lengths = fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 20_000 }));
  fc.assert(
    fc.property(fc.array(fc.tuple(kinds, lengths), { minLength: 1, maxLength: 40 }), (wanted) => {
      const arrays = wanted.map(([Type, length], i) => {
        const array = zeros<Uint8Array | Uint32Array | Int32Array | Float32Array | Float64Array>(
          Type,
          length,
        );
        expect(array).toHaveLength(length);
        expect(array.every((value) => value === 0)).toBe(true);
        return array.fill(i + 1);
      });
      arrays.forEach((array, i) => expect(array.every((value) => value === i + 1)).toBe(true));
    }),
    { numRuns: 30 },
  );
});
