import fc from 'fast-check';
import { expect, it } from 'vitest';
import { quotedNamesOfFrames, namesOfFrames } from '../../../src/batch/plan/found-image.js';
import { digitRow } from '../../../src/batch/plan/result-rows.js';
import { chunkRows } from '../../../src/batch/readers/chunk-reader.js';
import { DigitLines } from '../../../src/batch/readers/digit-lines.js';

it('lines of digits are those that rows make, whatever a file is called, and are counted as they are', () => {
  const reading = fc.record({
    digit: fc.nat(9),
    probability: fc.double({ min: 0, max: 1, noNaN: true }),
    is: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.array(reading, { maxLength: 30 }), (path, readings) => {
      const places = Uint32Array.from(readings, (_, i) => 7 * i);
      const frames = [{ path, places, pixels: new Uint8Array() }];
      const quoted = quotedNamesOfFrames(frames);
      const lines = new DigitLines();
      for (const [i, { digit, probability, is }] of readings.entries()) {
        lines.add(quoted[i] ?? '', digit, probability, is);
      }
      const names = namesOfFrames(frames);
      const rows = readings.map(({ digit, probability, is }, i) =>
        digitRow(names[i] ?? '', digit, probability, is),
      );
      expect(lines.rows).toEqual(chunkRows(rows));
    }),
  );
});
