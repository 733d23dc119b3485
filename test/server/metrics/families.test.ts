import { describe, expect, it } from 'vitest';
import { FAMILIES, FAMILY_NAMES, familyOf } from '../../../src/server/metrics/families.js';

const families = FAMILY_NAMES.map(familyOf);
const own = families.filter(({ name }) => !name.startsWith('nv_'));

describe('the table of metrics', () => {
  it('has each name once, and a sentence for each', () => {
    const names = families.map(({ name }) => name);
    expect(new Set(names).size).toBe(Object.keys(FAMILIES).length);
    for (const { name, help } of families) {
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(help, name).toMatch(/^[^\n]+\.$/);
    }
  });

  it('keeps to the conventions: base units, and _total for counters alone', () => {
    for (const { name, kind } of own) {
      expect(name.endsWith('_total'), name).toBe(kind === 'counter');
      expect(name).not.toMatch(/_(ms|us|milliseconds|microseconds|kb|mb|kilobytes|megabytes|percent)(_|$)/);
      expect(name).not.toMatch(/_(count|sum|bucket)$/);
    }
  });

  it('has labels whose values are bounded', () => {
    const ofHttp = ['http_request_method', 'http_route', 'http_response_status_code'];
    const known = new Set([
      ...ofHttp,
      'code',
      'model',
      'version',
      'sha256',
      'class',
      'process',
      'candidate',
      'result',
    ]);
    for (const { name, labels } of families) {
      expect(
        labels.filter((label) => !known.has(label)),
        name,
      ).toEqual([]);
    }
  });

  it('has ascending bounds for histograms, and for nothing else', () => {
    for (const { name, kind, buckets = [] } of families) {
      expect(buckets.length > 0, name).toBe(kind === 'histogram');
      expect(buckets.toSorted((a, b) => a - b)).toEqual(buckets);
      expect(new Set(buckets).size).toBe(buckets.length);
    }
  });
});
