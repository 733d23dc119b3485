import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseCoding, CODINGS } from '../../../src/server/routes/content-coding.js';

describe('chooseCoding', () => {
  it.each([
    // What browsers, curl --compressed and requests send.
    ['gzip, deflate, br, zstd', 'br'],
    ['deflate, gzip, br, zstd', 'br'],
    ['gzip, deflate', 'gzip'],
    ['GZip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['*', 'br'],
    // Weights.
    ['br;q=0.5, gzip;q=0.8', 'gzip'],
    ['br; q=0.5 , gzip ;q=0.500', 'br'],
    ['gzip;q=0.1', 'gzip'],
    ['gzip;q=0.5, identity;q=0.8', null],
    ['gzip;q=0.8, identity;q=0.5', 'gzip'],
    ['identity, gzip', 'gzip'],
    ['br;q=0, *;q=0.3', 'gzip'],
    ['br;q=0, gzip;q=0, *', null],
    // The file as it is.
    [undefined, null],
    ['', null],
    ['identity', null],
    ['deflate, zstd', null],
    ['br;q=0', null],
    ['*;q=0', null],
    // Nothing that there is: better an answer that the caller did not ask for than none.
    ['identity;q=0', null],
    ['identity;q=0, *;q=0', null],
    // What cannot be read is passed over.
    ['br;q=2, gzip', 'gzip'],
    ['br;q=x', null],
    ['br;level=1', null],
    [',;q=1,,gzip', 'gzip'],
  ])('takes %j for %j', (acceptEncoding, coding) => {
    expect(chooseCoding(acceptEncoding, CODINGS)).toBe(coding);
  });

  it('gives nothing that is not there', () => {
    expect(chooseCoding('br, gzip;q=0.1', ['gzip'])).toBe('gzip');
    expect(chooseCoding('br, *', [])).toBe(null);
  });

  it('never gives what is forbidden, and always the best of what is named', () => {
    const weight = fc.integer({ min: 0, max: 1000 });
    const weights = fc.record({ br: weight, gzip: weight, identity: weight });
    fc.assert(
      fc.property(weights, fc.subarray(['br', 'gzip', 'identity'] as const), (of, named) => {
        const header = named.map((name) => `${name};q=${(of[name] / 1000).toFixed(3)}`).join(', ');
        const chosen = chooseCoding(header, CODINGS);
        if (chosen !== null) {
          expect(named).toContain(chosen);
          expect(of[chosen]).toBe(Math.max(...named.map((name) => of[name])));
          expect(of[chosen]).toBeGreaterThan(0);
          return;
        }
        const offered = named.filter((name) => name !== 'identity' && of[name] > 0);
        // Then the file as it is was named, and liked better than all.
        for (const name of offered) expect(of.identity).toBeGreaterThan(of[name]);
      }),
    );
  });
});
