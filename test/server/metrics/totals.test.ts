import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Recorder } from '../../../src/server/metrics/recorder.js';
import { Totals } from '../../../src/server/metrics/totals.js';

/** What happens in one of three places: an event, a report, or the end of the worker, whose place another takes. */
const steps = fc.array(
  fc.record({ place: fc.nat(2), what: fc.constantFrom('event', 'event', 'event', 'report', 'death') }),
  { maxLength: 200 },
);

describe('Totals', () => {
  it('are what all workers have reported, whichever ended, and never fall', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const totals = new Totals();
        const fresh = (): { recorder: Recorder; unreported: number; count: () => void } => {
          const recorder = new Recorder();
          const histogram = recorder.histogram('queueDuration', ['digits']);
          return { recorder, unreported: 0, count: () => histogram.observe(0.5) };
        };
        const workers = [fresh(), fresh(), fresh()];
        let reported = 0;
        let before = 0;
        for (const { place, what } of history) {
          const worker = workers[place]!;
          if (what === 'event') {
            worker.count();
            worker.unreported += 1;
          } else if (what === 'report') {
            totals.add(worker.recorder.takeDeltas());
            reported += worker.unreported;
            worker.unreported = 0;
          } else workers[place] = fresh();
          const [series] = totals.series('queueDuration');
          const values = Array.from(series?.values ?? [0]);
          const sum = values.at(-1) ?? 0;
          expect(sum).toBe(reported / 2);
          expect(values.slice(0, -1).reduce((all, value) => all + value, 0)).toBe(reported);
          expect(sum).toBeGreaterThanOrEqual(before);
          before = sum;
        }
      }),
    );
  });

  it('keep series apart by all of their labels', () => {
    const totals = new Totals();
    totals.add([
      ['httpRequestDuration', ['GET', '/a', '200'], [1]],
      ['httpRequestDuration', ['GET', '/a', '404'], [2]],
      ['httpRequestDuration', ['GET', '', '404'], [4]],
    ]);
    totals.add([['httpRequestDuration', ['GET', '/a', '404'], [8]]]);
    expect(totals.series('httpRequestDuration').map(({ values }) => values[0])).toEqual([1, 10, 4]);
    expect([...totals.samples().keys()]).toEqual(['httpRequestDuration']);
  });
});
