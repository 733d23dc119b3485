import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expositionOf, formatFor } from '../../../src/server/metrics/exposition.js';
import type { FamilyName } from '../../../src/server/metrics/families.js';
import { Recorder } from '../../../src/server/metrics/recorder.js';
import { Totals, type Samples } from '../../../src/server/metrics/totals.js';
import { parseExposition, valueOf } from '../../helpers/surroundings/parse-exposition.js';

function samplesOf(...entries: [FamilyName, readonly string[], readonly number[]][]): Samples {
  const totals = new Totals();
  totals.add(entries);
  return totals.samples();
}

describe('expositionOf', () => {
  it('writes a histogram as Prometheus reads it: buckets that add up, sum and count', () => {
    const values = [1, 0, 2, 0, 0, 0, 0, 3, 311];
    const text = expositionOf(samplesOf(['batchImages', ['digits'], values]), 'prometheus');
    expect(text).toBe(
      [
        '# HELP inkdigit_inference_batch_images Images in one inference.',
        '# TYPE inkdigit_inference_batch_images histogram',
        'inkdigit_inference_batch_images_bucket{model="digits",le="1"} 1',
        'inkdigit_inference_batch_images_bucket{model="digits",le="2"} 1',
        'inkdigit_inference_batch_images_bucket{model="digits",le="4"} 3',
        'inkdigit_inference_batch_images_bucket{model="digits",le="8"} 3',
        'inkdigit_inference_batch_images_bucket{model="digits",le="16"} 3',
        'inkdigit_inference_batch_images_bucket{model="digits",le="32"} 3',
        'inkdigit_inference_batch_images_bucket{model="digits",le="64"} 3',
        'inkdigit_inference_batch_images_bucket{model="digits",le="+Inf"} 6',
        'inkdigit_inference_batch_images_sum{model="digits"} 311',
        'inkdigit_inference_batch_images_count{model="digits"} 6',
        '',
      ].join('\n'),
    );
  });

  it('writes OpenMetrics: no _total in the heading, points in whole bounds, an end', () => {
    const samples = samplesOf(
      ['refusals', ['overloaded'], [3]],
      ['batchImages', ['digits'], [1, 0, 0, 0, 0, 0, 0, 0, 1]],
      ['tritonCount', ['digits', '1'], [7]],
    );
    const lines = expositionOf(samples, 'openmetrics').split('\n');
    expect(lines).toContain('# TYPE inkdigit_refusals counter');
    expect(lines).toContain('inkdigit_refusals_total{code="overloaded"} 3');
    expect(lines).toContain('inkdigit_inference_batch_images_bucket{model="digits",le="1.0"} 1');
    expect(lines).toContain('# TYPE nv_inference_count unknown');
    expect(lines.slice(-2)).toEqual(['# EOF', '']);
  });

  it('writes what a parser reads back, whatever is in a label and however large a number', () => {
    const label = fc.string({
      unit: fc.constantFrom('a', '"', '\\', '\n', '{', '}', ',', '=', ' ', 'é'),
      minLength: 1,
    });
    const values = fc.array(fc.double({ min: 0, max: 1e300, noNaN: true }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(label, values, (code, counts) => {
        const recorder = new Recorder();
        const counter = recorder.counter('refusals', [code]);
        const totals = new Totals();
        for (const count of counts) {
          counter.add(count);
          totals.add(recorder.takeDeltas());
        }
        const families = parseExposition(expositionOf(totals.samples(), 'prometheus'));
        const sum = counts.reduce((all, count) => all + count, 0);
        expect(valueOf(families, 'inkdigit_refusals_total', { code })).toBe(sum);
      }),
    );
  });

  it('leaves out labels without a value', () => {
    const text = expositionOf(samplesOf(['httpRequestDuration', ['GET', '', '404'], []]), 'prometheus');
    expect(text).toContain(
      'http_server_request_duration_seconds_count{http_request_method="GET",http_response_status_code="404"} 0\n',
    );
  });
});

describe('formatFor', () => {
  it.each([
    [undefined, 'prometheus'],
    ['*/*', 'prometheus'],
    ['text/plain;version=0.0.4;q=0.5,*/*;q=0.1', 'prometheus'],
    ['application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5', 'openmetrics'],
  ])('answers %s with %s', (accept, format) => {
    expect(formatFor(accept)).toBe(format);
  });
});
