import { describe, expect, it } from 'vitest';
import { describeSpeed, outlierReport, robustnessReport } from '../../src/evaluation/report.js';

describe('describeSpeed', () => {
  it('says with what it was reached', () => {
    expect(describeSpeed({ imagesPerSecond: 9860.4, threads: 1, batch: 64 })).toBe(
      '9,860 images/s, 101 µs an image, on one thread, 64 at a time',
    );
    expect(describeSpeed({ imagesPerSecond: 20_000, threads: 2, batch: 3 })).toBe(
      '20,000 images/s, 50 µs an image, on 2 threads, 3 at a time',
    );
  });
});

describe('robustnessReport', () => {
  const result = (name: string, error: number) => ({
    name,
    count: 1000,
    correct: 1000 * (1 - error),
    accuracy: 1 - error,
    error,
  });

  it('has a row for each corruption, its bar as long as its error', () => {
    const text = robustnessReport({
      meanError: 0.25,
      corruptions: [result('shot_noise', 0.5), result('canny_edges', 0.25), result('scale', 0)],
    });
    expect(text.split('\n')).toEqual([
      'robustness   25.00 % mean corruption error over the 3 corruptions of MNIST-C',
      '',
      'corruption        accuracy      error',
      `shot_noise         50.00 %    50.00 %  ${'█'.repeat(24)}`,
      `canny_edges        75.00 %    25.00 %  ${'█'.repeat(12)}`,
      'scale             100.00 %     0.00 %',
    ]);
  });

  it('has no bars where there is no error', () => {
    expect(robustnessReport({ meanError: 0, corruptions: [result('fog', 0)] })).not.toContain('█');
  });
});

describe('outlierReport', () => {
  const figures = { count: 8, auroc: 0.875, aupr: 0.75, falsePositiveRate: 0.5, passing: 0.25 };
  const all = { source: 'drawn', threshold: 0.4, ...figures, count: 1234, digitsPassing: 0.998 };

  it('has a row for each kind and one for all', () => {
    const kinds = [
      { name: 'letters', ...figures },
      { name: 'chinese characters', ...figures, auroc: 1 },
    ];
    expect(outlierReport({ ...all, kinds }).split('\n')).toEqual([
      'non-digits   1,234 pictures (drawn) beside the digits',
      'threshold    0.4: 99.80 % of the digits accepted, and 25.00 % of the non-digits (false accept rate)',
      '',
      'kind                images      AUROC       AUPR      FPR95   accepted',
      'letters                  8    87.50 %    75.00 %    50.00 %    25.00 %',
      'chinese characters       8   100.00 %    75.00 %    50.00 %    25.00 %',
      'all                   1234    87.50 %    75.00 %    50.00 %    25.00 %',
    ]);
  });

  it('has one row where there is one kind', () => {
    const lines = outlierReport({ ...all, kinds: [{ name: 'letters', ...figures }] }).split('\n');
    expect(lines.filter((line) => line.includes('87.50 %'))).toHaveLength(1);
  });
});
