import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAMILIES } from '../../../src/server/metrics/families.js';
import { Recorder } from '../../../src/server/metrics/recorder.js';

describe('Recorder', () => {
  it('reports every series once, though nothing happened, and then what grew', () => {
    const recorder = new Recorder();
    const one = recorder.counter('refusals', ['overloaded']);
    recorder.counter('refusals', ['internal']);
    one.add(2);
    expect(recorder.takeDeltas()).toEqual([
      ['refusals', ['overloaded'], [2]],
      ['refusals', ['internal'], [0]],
    ]);
    expect(recorder.takeDeltas()).toEqual([]);
    one.add(1);
    one.add(0.5);
    expect(recorder.takeDeltas()).toEqual([['refusals', ['overloaded'], [1.5]]]);
  });

  it('counts each value in the first bucket whose bound is not below it, and adds the sum', () => {
    const bounds: readonly number[] = FAMILIES.batchImages.buckets ?? [];
    const sizes = fc.array(fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constantFrom(...bounds)), {
      maxLength: 50,
    });
    fc.assert(
      fc.property(sizes, (values) => {
        const recorder = new Recorder();
        const histogram = recorder.histogram('batchImages', ['digits']);
        for (const value of values) histogram.observe(value);
        // Every value is counted by all buckets that reach it; the difference of two is what falls between.
        const reached = [...bounds, Infinity].map((bound) => values.filter((value) => value <= bound).length);
        const between = reached.map((count, i) => count - (reached[i - 1] ?? 0));
        const sum = values.reduce((all, value) => all + value, 0);
        expect(recorder.takeDeltas()).toEqual([['batchImages', ['digits'], [...between, sum]]]);
      }),
    );
  });
});
