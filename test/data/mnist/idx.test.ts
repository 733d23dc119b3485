import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIdx, parseIdxImages, parseIdxLabels } from '../../../src/data/mnist/idx.js';
import { InkdigitError } from '../../../src/errors.js';
import { FRAME_PIXELS } from '../../../src/image/frame.js';
import { idxFile } from './idx-files.js';

const arrays = fc
  .array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 4 })
  .chain((dimensions) => {
    const length = dimensions.reduce((a, b) => a * b, 1);
    return fc.record({
      dimensions: fc.constant(dimensions),
      values: fc.uint8Array({ minLength: length, maxLength: length }),
    });
  });

function errorOf(action: () => unknown): InkdigitError {
  try {
    action();
  } catch (thrown) {
    if (thrown instanceof InkdigitError) return thrown;
    throw thrown;
  }
  throw new Error('expected an error');
}

describe('parseIdx', () => {
  it('reads what was written, whatever the dimensions', () => {
    fc.assert(
      fc.property(arrays, ({ dimensions, values }) => {
        expect(parseIdx(idxFile(dimensions, values), 'it')).toEqual({ dimensions, values });
      }),
    );
  });

  it('refuses every truncation and every byte too many, and names the file', () => {
    fc.assert(
      fc.property(arrays, fc.nat(), ({ dimensions, values }, cut) => {
        const whole = idxFile(dimensions, values);
        const truncated = whole.subarray(0, cut % whole.length);
        const longer = new Uint8Array([...whole, 0]);
        for (const bytes of [truncated, longer]) {
          const error = errorOf(() => parseIdx(bytes, 'digits.idx'));
          expect(error.code).toBe('invalid_data');
          expect(error.message).toContain('digits.idx: ');
        }
      }),
    );
  });

  it('answers any bytes with content of the size that was announced, or with invalid_data', () => {
    const almost = fc
      .tuple(fc.constantFrom(0, 0, 0, 1), fc.integer({ min: 0, max: 16 }), fc.integer({ min: 0, max: 5 }))
      .chain(([zero, type, rank]) =>
        fc.uint8Array({ maxLength: 40 }).map((rest) => new Uint8Array([zero, 0, type, rank, ...rest])),
      );
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), almost), (bytes) => {
        try {
          const { dimensions, values } = parseIdx(bytes, 'it');
          expect(values.length).toBe(dimensions.reduce((a, b) => a * b, 1));
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'invalid_data' });
        }
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['too short for a magic number', new Uint8Array([0, 0]), 'at least 4 bytes, this one 2'],
    ['gzip', new Uint8Array([0x1f, 0x8b, 8, 0]), 'got 1f 8b 08 00'],
    [
      'another element type',
      idxFile([1], new Uint8Array(4), 0x0d),
      'expected unsigned bytes, got float values',
    ],
    [
      'a header that ends early',
      new Uint8Array([0, 0, 8, 3, 0, 0]),
      'expected 16 bytes of header, got 6 bytes',
    ],
    [
      'values that end early',
      idxFile([5], new Uint8Array(3)),
      'truncated: expected 13 bytes for the dimensions 5, got 11',
    ],
    [
      'values after the end',
      idxFile([2, 2], new Uint8Array(5)),
      'bytes after the end: expected 16 bytes for the dimensions 2x2, got 17',
    ],
    [
      'sizes beyond any memory',
      idxFile([0xffffffff, 0xffffffff, 0xffffffff], new Uint8Array(0)),
      'truncated',
    ],
  ])('says what is wrong: %s', (_, bytes, reason) => {
    expect(errorOf(() => parseIdx(bytes, 'it')).message).toContain(reason);
  });

  it('gives plain bytes for a Buffer', () => {
    const { values } = parseIdx(Buffer.from(idxFile([2], new Uint8Array([3, 4]))), 'it');
    expect(Buffer.isBuffer(values)).toBe(false);
    expect(values).toEqual(new Uint8Array([3, 4]));
  });
});

describe('images and labels', () => {
  it('reads images as frames', () => {
    const pixels = new Uint8Array(2 * FRAME_PIXELS).map((_, i) => i % 251);
    expect(parseIdxImages(idxFile([2, 28, 28], pixels), 'it')).toEqual({ count: 2, pixels });
  });

  it('reads labels', () => {
    const labels = new Uint8Array([0, 9, 5]);
    expect(parseIdxLabels(idxFile([3], labels), 'it')).toEqual(labels);
  });

  it.each([
    [
      'labels where images belong',
      () => parseIdxImages(idxFile([3], new Uint8Array(3)), 'it'),
      'Nx28x28, got 3.',
    ],
    [
      'images of another size',
      () => parseIdxImages(idxFile([1, 32, 32], new Uint8Array(1024)), 'it'),
      'got 1x32x32',
    ],
    [
      'images where labels belong',
      () => parseIdxLabels(idxFile([1, 2, 2], new Uint8Array(4)), 'it'),
      'got the dimensions 1x2x2',
    ],
    [
      'a label above 9',
      () => parseIdxLabels(idxFile([3], new Uint8Array([1, 10, 2])), 'it'),
      'label 1 is 10',
    ],
  ])('refuses %s', (_, action, reason) => {
    const error = errorOf(action);
    expect(error.code).toBe('invalid_data');
    expect(error.message).toContain(reason);
  });
});
