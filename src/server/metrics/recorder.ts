import { familyOf, widthOf, type FamilyName } from './families.js';

/** What happened to one series since the last report. */
export type SeriesDelta = readonly [
  family: FamilyName,
  labels: readonly string[],
  /** By how much each number grew; see `widthOf`. */
  values: readonly number[],
];

/** Counts. */
export class Counter {
  readonly #values: Float64Array;

  constructor(values: Float64Array) {
    this.#values = values;
  }

  add(amount: number): void {
    this.#values[0]! += amount;
  }
}

/** Counts by size. */
export class Histogram {
  readonly #values: Float64Array;
  readonly #bounds: readonly number[];

  /** @param bounds ascending */
  constructor(values: Float64Array, bounds: readonly number[]) {
    this.#values = values;
    this.#bounds = bounds;
  }

  observe(value: number): void {
    const values = this.#values;
    const bounds = this.#bounds;
    const count = bounds.length;
    let bucket = 0;
    while (bucket < count && value > bounds[bucket]!) bucket++;
    values[bucket]! += 1;
    values[count + 1]! += value;
  }
}

interface Recorded {
  readonly family: FamilyName;
  readonly labels: readonly string[];
  readonly values: Float64Array;
  /** Whether the primary knows of it: also what never happened has to be there, so that a rate sees its first event. */
  isReported: boolean;
}

/**
 * What one process counts. An event adds to a typed array and nothing else; names and labels are looked at when a
 * series is made, and when it is reported.
 */
export class Recorder {
  readonly #series: Recorded[] = [];

  /** A new series, which the caller keeps. @param labels values, in the order of the family's labels */
  counter(family: FamilyName, labels: readonly string[] = []): Counter {
    return new Counter(this.#add(family, labels));
  }

  /** A new series, which the caller keeps. @param labels values, in the order of the family's labels */
  histogram(family: FamilyName, labels: readonly string[] = []): Histogram {
    return new Histogram(this.#add(family, labels), familyOf(family).buckets ?? []);
  }

  /** What happened since the last call. */
  takeDeltas(): SeriesDelta[] {
    const deltas: SeriesDelta[] = [];
    for (const series of this.#series) {
      const { family, labels, values, isReported } = series;
      if (isReported && values.every((value) => value === 0)) continue;
      deltas.push([family, labels, Array.from(values)]);
      values.fill(0);
      series.isReported = true;
    }
    return deltas;
  }

  #add(family: FamilyName, labels: readonly string[]): Float64Array {
    const values = new Float64Array(widthOf(familyOf(family)));
    this.#series.push({ family, labels, values, isReported: false });
    return values;
  }
}
