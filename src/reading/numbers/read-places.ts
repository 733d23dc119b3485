import type { Plane } from '../../image/plane.js';
import { squareOfDigit } from '../../image/view/square.js';
import { candidateOf, type Evidence, type ReadCandidate } from '../../numbers/candidate.js';
import type { Detection } from '../../numbers/detections.js';
import { inBatches } from '../in-batches.js';
import type { ViewReader } from '../view-reading.js';

/** How places are read. */
export interface ReadOptions {
  /** What is detected as less probable than the first or more so than the second is not read: all is, if not given. */
  readonly inDoubt?: readonly [number, number];
  /** As in lines, if not given. */
  readonly evidence?: Evidence;
}

const ALL = [0, Infinity] as const;

/**
 * Reads each place where a digit was detected by itself. Between two inferences others have their turn.
 * @param readers the first says whether there is a digit, all of them which one
 */
export async function readPlaces(
  gray: Plane,
  digits: readonly Detection[],
  readers: readonly ViewReader[],
  { inDoubt = ALL, evidence }: ReadOptions = {},
): Promise<ReadCandidate[]> {
  const doubtful = digits.filter(
    (digit) => digit.isDigit >= inDoubt[0] && Math.max(...probabilitiesOf(digit)) < inDoubt[1],
  );
  const views = doubtful.map(({ box }) => ({ gray, square: squareOfDigit(box) }));
  const readings = new Map(doubtful.map((digit) => [digit, new Array<Float32Array>()]));
  for (const reader of readers) {
    const read = await inBatches(views, (some) => reader.read(some));
    read.forEach(({ reading }, i) => {
      const digit = doubtful[i];
      if (digit) readings.get(digit)?.push(reading.probabilities);
    });
  }
  return digits.map((digit) => candidateOf(digit, readings.get(digit) ?? [probabilitiesOf(digit)], evidence));
}

/** `[10]` of a detection; what they lack to 1 is that there is no digit. */
function probabilitiesOf({ isDigit, probabilities }: Detection): Float32Array {
  return probabilities.map((probability) => isDigit * probability);
}
