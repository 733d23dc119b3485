import type { Plane } from '../image/plane.js';
import { squareOfDigit } from '../image/view/square.js';
import { candidateOf, type ReadCandidate } from '../numbers/candidate.js';
import type { Detection } from '../numbers/detections.js';
import { inBatches } from './in-batches.js';
import type { ViewReader } from './view-reading.js';

/** Reads each place where a digit was detected by itself. Between two inferences others have their turn. */
export async function readPlaces(
  gray: Plane,
  digits: readonly Detection[],
  network: ViewReader,
): Promise<ReadCandidate[]> {
  const views = digits.map(({ box }) => ({ gray, square: squareOfDigit(box) }));
  const readings = await inBatches(views, (some) => network.read(some));
  return digits.flatMap((digit, i): ReadCandidate[] => {
    const reading = readings[i]?.reading;
    return reading ? [candidateOf(digit, reading.probabilities)] : [];
  });
}
