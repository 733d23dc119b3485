import type { Plane } from '../../image/plane.js';
import { DETECTOR, DETECTOR_OUTPUTS } from '../../image/view/detector-cells.js';
import { resample } from '../../image/view/resample.js';
import type { Square } from '../../image/view/square.js';
import { standardizeInPlace } from '../../image/view/standardize.js';
import { detectionsOf, type Detected } from '../../numbers/detections.js';
import { inBatches } from '../runtime/in-batches.js';
import { openPixelNetwork, type InferenceOptions } from '../runtime/pixel-network.js';

const CLOSE_UP_PIXELS = DETECTOR.side * DETECTOR.side;

/** Finds the digits of numbers, and reads them. */
export interface Detector {
  /**
   * What it sees in squares of a picture, in pixels of its gray plane; a digit that several squares show is there
   * several times. Between two inferences others have their turn.
   */
  detect(gray: Plane, squares: readonly Square[]): Promise<Detected>;
  /** Frees the native memory; the detector cannot be used after it. */
  close(): Promise<void>;
}

/**
 * Makes a detector from the bytes of an ONNX file.
 * @param bytes `image` float32 [N,1,96,96] -> `logits` [N,2448], as `view/detector-cells.ts` has it
 * @throws InkdigitError `invalid_model`
 */
export async function createDetector(
  bytes: Uint8Array,
  options: InferenceOptions = {},
  source = 'the detector',
): Promise<Detector> {
  const contract = { side: DETECTOR.side, outputs: [DETECTOR_OUTPUTS] };
  const network = await openPixelNetwork(bytes, contract, options, source);
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
