import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { toBase64 } from '../../src/client/base64.js';

it('encodes bytes of any number as Buffer does', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
    }),
  );
  for (const length of [24_575, 24_576, 24_577, 1_000_003]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 7) % 256);
    expect(toBase64(bytes) === Buffer.from(bytes).toString('base64')).toBe(true);
  }
});
