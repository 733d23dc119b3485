import { describe, expect, it } from 'vitest';
import { expectedImages, grouped, progressOf } from '../../../src/batch/plan/pace.js';

describe('expectedImages', () => {
  it('is what was counted, and of archives what their bytes say so far', () => {
    expect(expectedImages({ images: 70, archiveBytes: 0 }, { images: 0, bytes: 0 })).toBe(70);
    expect(expectedImages({ images: 70, archiveBytes: 5000 }, { images: 0, bytes: 0 })).toBe(null);
    expect(expectedImages({ images: 70, archiveBytes: 5000 }, { images: 10, bytes: 1000 })).toBe(120);
    // Unpacked on the way, or from standard input: never less than was seen.
    expect(expectedImages({ images: 0, archiveBytes: 1 }, { images: 10, bytes: 1000 })).toBe(10);
  });
});

describe('progressOf', () => {
  it('says images a second of this run, and the time that is left', () => {
    const pace = { done: 6000, doneBefore: 1000, failed: 0, expected: 1_006_000, elapsedMs: 500 };
    expect(progressOf(pace)).toEqual({
      label: 'batch',
      fraction: 6000 / 1_006_000,
      text: '6,000 of 1,006,000  10,000 images/s  left 1:40',
    });
    expect(progressOf({ ...pace, expected: 50_006_000, failed: 1234 }).text).toBe(
      '6,000 of 50,006,000  10,000 images/s  left 1:23:20  1,234 failed',
    );
  });

  it('promises nothing where the end is not known, nor before it is there', () => {
    const pace = { done: 64, doneBefore: 0, failed: 0, expected: null, elapsedMs: 1000 };
    expect(progressOf(pace)).toEqual({ label: 'batch', fraction: null, text: '64  64 images/s' });
    expect(progressOf({ ...pace, expected: 60 }).fraction).toBe(0.99);
    expect(progressOf({ ...pace, expected: 100, elapsedMs: 0 }).text).toBe('64 of 100  0 images/s');
  });
});

it('grouped', () => {
  expect([0, 999, 1000, 1234567].map(grouped)).toEqual(['0', '999', '1,000', '1,234,567']);
});
