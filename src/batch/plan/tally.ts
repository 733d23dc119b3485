import { CLASS_COUNT } from '../../model/contract.js';
import type { ResultRow } from './result-rows.js';

/** What became of some images. */
export interface Tally {
  readonly images: number;
  /** Those that could not be read, whose rows have an error. */
  readonly failed: number;
  /** Of those that failed: how many by code. */
  readonly errors: Readonly<Record<string, number>>;
  /** Digits and numbers that were accepted. */
  readonly accepted: number;
  /** Of digits that were accepted: how many of each class, `[10]`. */
  readonly classes: readonly number[];
}

export const NOTHING: Tally = {
  images: 0,
  failed: 0,
  errors: {},
  accepted: 0,
  classes: Array.from({ length: CLASS_COUNT }, () => 0),
};

/** Counts rows. */
export function tallyRows(rows: Iterable<ResultRow>): Tally {
  const classes = [...NOTHING.classes];
  const errors: Record<string, number> = {};
  let [images, failed, accepted] = [0, 0, 0];
  for (const row of rows) {
    images++;
    if ('error' in row) {
      failed++;
      errors[row.error] = (errors[row.error] ?? 0) + 1;
    } else if ('digit' in row) {
      if (!row.digit) continue;
      accepted++;
      classes[row.class] = (classes[row.class] ?? 0) + 1;
    } else if (row.accepted) accepted++;
  }
  return { images, failed, errors, accepted, classes };
}

/** The sum of both. */
export function addTallies(a: Tally, b: Tally): Tally {
  const errors = { ...a.errors };
  for (const [code, count] of Object.entries(b.errors)) errors[code] = (errors[code] ?? 0) + count;
  return {
    images: a.images + b.images,
    failed: a.failed + b.failed,
    errors,
    accepted: a.accepted + b.accepted,
    classes: a.classes.map((count, digit) => count + (b.classes[digit] ?? 0)),
  };
}
