import fc from 'fast-check';
import { expect, it } from 'vitest';
import { namesOfFrames } from '../../../src/batch/plan/found-image.js';
import { digitRow } from '../../../src/batch/plan/result-rows.js';
import { chunkRows } from '../../../src/batch/readers/chunk-reader.js';
import { frameRows } from '../../../src/batch/readers/frame-rows.js';

const probability = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  // With fewer digits than six, and those at the edges of rounding.
  fc.nat(2000).map((count) => count / 2000),
  fc.nat(40).map((count) => count * 1e-7),
  fc.nat(40).map((count) => 1 - count * 1e-7),
);
const place = fc.oneof(fc.nat(12), fc.nat(2 ** 32 - 1));
const reading = fc.record({ place, digit: fc.nat(9), probability, is: fc.boolean() });
const piece = fc.record({
  path: fc.string({ unit: 'binary' }),
  readings: fc.array(reading, { maxLength: 30 }),
});

it('rows of frames are those that objects make, whatever a file is called, and are counted as they are', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 3 }), (all) => {
      const pieces = all.map(({ path, readings }) => {
        return { path, places: Uint32Array.from(readings, (one) => one.place), pixels: new Uint8Array() };
      });
      const readings = all.flatMap((one) => one.readings);
      const probabilities = Float32Array.from(readings, (one) => one.probability);
      const { lines, tally } = frameRows(pieces, {
        classes: Uint8Array.from(readings, ({ digit }) => digit),
        probabilities,
        areDigits: Uint8Array.from(readings, ({ is }) => Number(is)),
      });
      const names = namesOfFrames(pieces);
      const rows = readings.map(({ digit, is }, i) =>
        digitRow(names[i] ?? '', digit, probabilities[i] ?? NaN, is),
      );
      const expected = chunkRows(rows);
      expect(Buffer.from(lines).toString()).toBe(Buffer.from(expected.lines).toString());
      expect(tally).toEqual(expected.tally);
    }),
    { numRuns: 300 },
  );
});
