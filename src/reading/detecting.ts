import type { Plane } from '../image/plane.js';
import { DETECTOR, DETECTOR_OUTPUTS } from '../image/view/detector-cells.js';
import { resample } from '../image/view/resample.js';
import type { Square } from '../image/view/square.js';
import { standardizeInPlace } from '../image/view/standardize.js';
import { detectionsOf, type Detected } from '../numbers/detections.js';
import type { NetworkContract, PixelNetwork } from '../model/contract.js';
import { inBatches } from './in-batches.js';

const CLOSE_UP_PIXELS = DETECTOR.side * DETECTOR.side;

/** Finds the digits of numbers, and reads them. */
export interface Detector {
  /**
   * What it sees in squares of a picture, in pixels of its gray plane; a digit that several squares show is there
   * several times. Between two inferences others have their turn.
   */
  detect(gray: Plane, squares: readonly Square[]): Promise<Detected>;
  /** Frees the memory; the detector cannot be used after it. */
  close(): Promise<void>;
}

/** `image` float32 [N,1,96,96] -> `logits` [N,2448], as `view/detector-cells.ts` has it */
export const DETECTOR_CONTRACT: NetworkContract = { side: DETECTOR.side, outputs: [DETECTOR_OUTPUTS] };

/** A detector that asks a network of `DETECTOR_CONTRACT`. */
export function detectorOf(network: PixelNetwork): Detector {
  const detectInSome = async (closeUps: readonly CloseUp[]): Promise<Detected[]> => {
    const logits = await network.run(closeUps.length, (input) =>
      closeUps.forEach(({ gray, square }, i) => {
        const levels = input.subarray(i * CLOSE_UP_PIXELS, (i + 1) * CLOSE_UP_PIXELS);
        resample(gray, square, DETECTOR.side, levels);
        standardizeInPlace(levels);
      }),
    );
    return closeUps.map(({ square }, i) => detectionsOf(logits, i * DETECTOR_OUTPUTS, square));
  };
  return {
    async detect(gray, squares) {
      const closeUps = squares.map((square) => ({ gray, square }));
      const detected = await inBatches(closeUps, detectInSome);
      return {
        digits: detected.flatMap(({ digits }) => digits),
        separators: detected.flatMap(({ separators }) => separators),
      };
    },
    close: () => network.close(),
  };
}

/** What of a picture a close-up shows. */
interface CloseUp {
  readonly gray: Plane;
  readonly square: Square;
}
