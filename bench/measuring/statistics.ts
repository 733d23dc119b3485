/** What several measurements of one thing say: the middle one, and how far the others lie from it. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @throws RangeError when there is nothing to summarize, or something in it is no number. */
export function summarize(samples: readonly number[]): Summary {
  const sorted = samples.toSorted((a, b) => a - b);
  const [min] = sorted;
  const max = sorted.at(-1);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  if (min === undefined || max === undefined || upper === undefined || lower === undefined) {
    throw new RangeError('Expected at least one measurement, got none.');
  }
  if (!sorted.every(Number.isFinite)) {
    throw new RangeError(`Expected measurements that are numbers, got ${samples.join(', ')}.`);
  }
  return { median: (lower + upper) / 2, min, max };
}

/**
 * How `samples` compare with `others` that were taken in the same rounds. The ratio is worked out round by round:
 * what slows a whole round slows both sides of it and cancels out.
 * @throws RangeError when the rounds are not as many
 */
export function compare(samples: readonly number[], others: readonly number[]): Summary {
  if (samples.length !== others.length) {
    throw new RangeError(`Expected as many rounds of both, got ${samples.length} and ${others.length}.`);
  }
  return summarize(samples.map((sample, round) => sample / (others[round] ?? NaN)));
}

/**
 * The least of the samples that a share of them does not exceed (nearest rank).
 * @param sorted from small to large
 * @param share 0..1
 * @returns `NaN` where there are no samples
 */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

/** The slope of the straight line that fits points best, by least squares. `NaN` where all `x` are the same. */
export function slope(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const meanX = mean(x);
  const meanY = mean(y);
  let together = 0;
  let alone = 0;
  for (const [i, xi] of x.entries()) {
    together += (xi - meanX) * ((y[i] ?? NaN) - meanY);
    alone += (xi - meanX) ** 2;
  }
  return together / alone;
}
