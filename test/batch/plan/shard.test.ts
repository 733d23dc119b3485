import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseShard, isOfShard, WHOLE } from '../../../src/batch/plan/shard.js';

describe('isOfShard', () => {
  it('gives every name to one shard of any number', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 50 }), (name, count) => {
        const owners = Array.from({ length: count }, (_, index) => isOfShard(name, { index, count }));
        expect(owners.filter(Boolean)).toHaveLength(1);
      }),
    );
  });

  it('shares names that differ in a number about evenly', () => {
    for (const count of [3, 8]) {
      const sizes = Array.from({ length: count }, (_, index) => {
        const names = Array.from({ length: 20_000 }, (__, i) => `t10k-images-idx3-ubyte#${i}`);
        return names.filter((name) => isOfShard(name, { index, count })).length;
      });
      for (const size of sizes) {
        expect(size).toBeGreaterThan((0.93 * 20_000) / count);
        expect(size).toBeLessThan((1.07 * 20_000) / count);
      }
    }
  });

  it('stays as it is: shards of one batch may be read by other versions', () => {
    const shards = ['', 'a.png', 'scans/7.png', 'x.tar/0001.jpg', 'ä#3'].map((name) =>
      [0, 1, 2, 3, 4].findIndex((index) => isOfShard(name, { index, count: 5 })),
    );
    expect(shards).toMatchInlineSnapshot(`
      [
        3,
        3,
        1,
        3,
        0,
      ]
    `);
  });
});

describe('chooseShard', () => {
  it('takes all images where nothing is said', () => {
    expect(chooseShard({})).toEqual(WHOLE);
    expect(chooseShard({ completionIndex: '' })).toEqual(WHOLE);
    expect(chooseShard({ shards: 1 })).toEqual(WHOLE);
  });

  it('takes the share that is named, or that a Job names', () => {
    expect(chooseShard({ shard: '2/8' })).toEqual({ index: 2, count: 8 });
    expect(chooseShard({ shard: '2/8', completionIndex: '5' })).toEqual({ index: 2, count: 8 });
    expect(chooseShard({ shards: 8, completionIndex: '5' })).toEqual({ index: 5, count: 8 });
  });

  it.each([
    [{ shard: '8/8' }, /0\/4, the first of four/],
    [{ shard: '1/2', shards: 3 }, /1\/2 with --shards 3/],
    [{ shards: 3 }, /--shard 0\/3/],
    [{ completionIndex: '3' }, /--shards 8/],
    [{ completionIndex: 'x', shards: 3 }, /JOB_COMPLETION_INDEX x/],
    [{ completionIndex: '3', shards: 3 }, /JOB_COMPLETION_INDEX 3 of --shards 3/],
  ])('refuses %j', (settings, message) => {
    expect(() => chooseShard(settings)).toThrow(message);
  });
});
