import type { Plane } from '../../image/plane.js';
import { squareOfDigit } from '../../image/view/square.js';
import { candidateOf, type ReadCandidate } from '../../numbers/candidate.js';
import type { Detection } from '../../numbers/detections.js';
import { inBatches } from '../in-batches.js';
import type { ViewReader } from '../view-reading.js';

/**
 * Reads each place where a digit was detected by itself. Between two inferences others have their turn.
 * @param sureFrom digits that are detected with at least this probability are not read once more
 */
export async function readPlaces(
  gray: Plane,
  digits: readonly Detection[],
  network: ViewReader,
  sureFrom = Infinity,
): Promise<ReadCandidate[]> {
  const doubtful = digits.filter((digit) => Math.max(...probabilitiesOf(digit)) < sureFrom);
  const views = doubtful.map(({ box }) => ({ gray, square: squareOfDigit(box) }));
  const readings = await inBatches(views, (some) => network.read(some));
  const read = new Map(doubtful.map((digit, i) => [digit, readings[i]?.reading.probabilities]));
  return digits.map((digit) => candidateOf(digit, read.get(digit) ?? probabilitiesOf(digit)));
}

/** `[10]` of a detection; what they lack to 1 is that there is no digit. */
function probabilitiesOf({ isDigit, probabilities }: Detection): Float32Array {
  return probabilities.map((probability) => isDigit * probability);
}
