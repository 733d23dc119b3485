import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseTar } from '../../../src/data/datasets/tar.js';
import { InkdigitError } from '../../../src/errors.js';
import { errorOf, seal, tarOf } from './made-files.js';

const archives = fc.array(
  fc.tuple(fc.stringMatching(/^[a-z0-9_.]{1,20}$/), fc.uint8Array({ maxLength: 1100 })),
  { maxLength: 4 },
);

it('reads what was written', () => {
  fc.assert(
    fc.property(archives, (files) => {
      const read = parseTar(tarOf(files), 'it');
      expect(read.map(({ name, bytes }) => [name, Uint8Array.from(bytes)])).toEqual(files);
    }),
  );
});

it('refuses every truncation but that of the padding after the closing block', () => {
  fc.assert(
    fc.property(archives, fc.nat(), (files, cut) => {
      const whole = tarOf(files);
      const error = errorOf(() => parseTar(whole.subarray(0, cut % (whole.length - 1023)), 'a.tar'));
      expect(error.code).toBe('invalid_data');
      expect(error.message).toContain('a.tar: truncated');
    }),
  );
});

it('refuses a header that was changed', () => {
  const bytes = tarOf([['a.png', Buffer.of(1, 2, 3)]]);
  bytes[3] = 0x62;
  expect(errorOf(() => parseTar(bytes, 'a.tar')).message).toMatch(
    /a\.tar: expected a tar header with the checksum/,
  );
});

it('refuses entries that are no files, and sizes that are no numbers', () => {
  const link = tarOf([['a.png', Buffer.alloc(0)]]);
  link.write('2', 156, 'latin1');
  seal(link);
  expect(errorOf(() => parseTar(link, 'a.tar')).message).toContain('"a.png" is of kind 50');
  const sizeless = tarOf([['a.png', Buffer.alloc(0)]]);
  sizeless.write('-0000000001\0', 124, 'latin1');
  seal(sizeless);
  expect(errorOf(() => parseTar(sizeless, 'a.tar')).message).toContain('gives no size');
});

it('answers any bytes with files within them, or with invalid_data', () => {
  fc.assert(
    fc.property(archives, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }), (files, changes) => {
      const bytes = tarOf(files);
      for (const [place, value] of changes) bytes[place % bytes.length] = value;
      try {
        for (const entry of parseTar(bytes, 'it')) expect(entry.bytes.length).toBeLessThan(bytes.length);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(InkdigitError);
      }
    }),
  );
});
