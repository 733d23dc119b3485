import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../src/random.js';
import { randomStream, STREAM_DOMAINS } from '../src/random-streams.js';

const names = Object.keys(STREAM_DOMAINS) as (keyof typeof STREAM_DOMAINS)[];
const anyName = fc.constantFrom(...names);
const anyKeys = fc.array(fc.oneof(fc.nat(9), fc.integer({ min: 0, max: 0xffff_ffff })), { maxLength: 4 });

function first(random: Random): number[] {
  return Array.from({ length: 4 }, random);
}

describe('the random streams', () => {
  it('have domains none of which begins another, so that further keys never make two of them one', () => {
    const domains = names.map((name) => `${STREAM_DOMAINS[name].join()},`);
    for (const domain of domains)
      expect(domains.filter((other) => other.startsWith(domain))).toEqual([domain]);
  });

  it('differ by name, whatever the keys of both', () => {
    fc.assert(
      fc.property(anyName, anyName, anyKeys, anyKeys, (name, other, keys, otherKeys) => {
        fc.pre(name !== other);
        expect(first(randomStream(name, ...keys))).not.toEqual(first(randomStream(other, ...keys)));
        expect(first(randomStream(name, ...keys))).not.toEqual(first(randomStream(other, ...otherKeys)));
      }),
    );
  });

  it('keep what is learned from apart, and apart from what is measured with, where a seed is as a domain is', () => {
    const streams = [
      ...[1, 2, 3, 4, 6, 7, 8, 9].flatMap((seed) => [
        randomStream('initialWeights', seed, 5),
        randomStream('imageOrder', seed, 1),
        randomStream('imageOrder', seed, 5),
        randomStream('dropout', seed, 1, 5, 0),
      ]),
      ...[1, 2, 3, 9].flatMap((epoch) => [
        randomStream('augmentation', epoch, 5),
        randomStream('trainedOutliers', epoch, 5),
      ]),
      ...[1, 5].flatMap((kind) => [
        randomStream('corruptions', kind, 5),
        randomStream('measuredOutliers', kind, 5),
      ]),
      ...[1, 2, 3].flatMap((i) => [randomStream('chosenByOutliers', i), randomStream('bentCopies', i)]),
    ].map((random) => first(random).join());
    expect(new Set(streams).size).toBe(streams.length);
  });

  it('leave what models are measured and chosen with as it was when the figures of their cards were taken', () => {
    const pairs: readonly [Random, readonly number[]][] = [
      [randomStream('corruptions', 2, 30), [1, 5, 2, 30]],
      [randomStream('measuredOutliers', 2, 30), [1, 7, 2, 30]],
      [randomStream('chosenByOutliers', 30), [7, 30]],
      [randomStream('bentCopies', 30), [8, 30]],
      [randomStream('validationShare'), [0x5eed]],
    ];
    for (const [random, keys] of pairs) expect(first(random)).toEqual(first(createRandom(...keys)));
    expect(first(createRandom(1, 5, 2, 30))).toEqual([
      0.1310739058535546, 0.8542045247741044, 0.07322674035094678, 0.410936706000939,
    ]);
  });

  it('are made by name everywhere but in the tests', () => {
    const root = new URL('../', import.meta.url);
    const files = ['src', 'bench', 'fuzz', 'page', 'scripts'].flatMap((folder) =>
      readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' }).map(
        (name) => `${folder}/${name}`,
      ),
    );
    const sources = files.filter(
      (file) => /\.m?[jt]s$/.test(file) && !/^src\/random(-streams)?\.ts$/.test(file),
    );
    expect(sources.length).toBeGreaterThan(150);
    const others = sources.filter((file) =>
      /\bcreateRandom\b/.test(readFileSync(new URL(file, root), 'utf8')),
    );
    expect(others).toEqual([]);
  });
});
