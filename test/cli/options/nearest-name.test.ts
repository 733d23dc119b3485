import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestName } from '../../../src/cli/options/nearest-name.js';

const KNOWN = ['port', 'host', 'max-batch', 'max-body-bytes', 'timeout-ms', 'request-timeout-ms'];

describe('nearestName', () => {
  it.each([
    ['maxBatch', 'max-batch'],
    ['max_batch', 'max-batch'],
    ['MAX-BATCH', 'max-batch'],
    ['max-bathc', 'max-batch'],
    ['prt', 'port'],
    ['prot', 'port'],
    ['hots', 'host'],
    ['timeoutMs', 'timeout-ms'],
    ['request-timeout', 'request-timeout-ms'],
  ])('of %s is %s', (name, expected) => {
    expect(nearestName(name, KNOWN)).toBe(expected);
  });

  it.each(['colour', '', 'x', '__proto__'])('of %j is none', (name) => {
    expect(nearestName(name, KNOWN)).toBeUndefined();
  });

  it('is a name itself, however it is written', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KNOWN), (name) => {
        expect(nearestName(name.toUpperCase().replaceAll('-', '_'), KNOWN)).toBe(name);
      }),
    );
  });
});
