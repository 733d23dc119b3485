import { familyOf, widthOf, type FamilyName } from './families.js';
import type { SeriesDelta } from './recorder.js';

/** One line of a counter or gauge, or all lines of one histogram. */
export interface Series {
  /** Values, in the order of the family's labels. */
  readonly labels: readonly string[];
  /** See `widthOf`. */
  readonly values: ArrayLike<number>;
}

/** Every series that there is, by its family. */
export type Samples = ReadonlyMap<FamilyName, readonly Series[]>;

interface Total extends Series {
  readonly values: Float64Array;
}

/**
 * What all processes have counted since the service started. Reports only ever add, and what a process that ended had
 * reported stays: no number falls when a worker dies.
 */
export class Totals {
  readonly #families = new Map<FamilyName, Map<string, Total>>();

  /** Adds what one process reports. */
  add(deltas: readonly SeriesDelta[]): void {
    for (const [family, labels, values] of deltas) {
      const total = this.#total(family, labels);
      for (let i = 0; i < total.length; i++) total[i]! += values[i] ?? 0;
    }
  }

  /** Of a family, in the order of the first report. */
  series(family: FamilyName): readonly Series[] {
    return [...(this.#families.get(family)?.values() ?? [])];
  }

  /** Of all families that have some. */
  samples(): Map<FamilyName, readonly Series[]> {
    return new Map([...this.#families.keys()].map((family) => [family, this.series(family)]));
  }

  #total(family: FamilyName, labels: readonly string[]): Float64Array {
    const series = this.#families.get(family) ?? new Map<string, Total>();
    this.#families.set(family, series);
    const key = labels.join('\0');
    const known = series.get(key);
    if (known) return known.values;
    const values = new Float64Array(widthOf(familyOf(family)));
    series.set(key, { labels, values });
    return values;
  }
}
