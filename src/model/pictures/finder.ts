import type { Picture } from '../../image/picture.js';
import type { BoundingBox } from '../../image/view/bounding-box.js';
import { candidatesOf, type Candidate } from '../../image/view/candidates.js';
import { FINDER, FINDER_OUTPUTS } from '../../image/view/finder-cells.js';
import { resample } from '../../image/view/resample.js';
import { squareAround } from '../../image/view/square.js';
import { standardizeInPlace } from '../../image/view/standardize.js';
import { inBatches } from '../runtime/in-batches.js';
import { openPixelNetwork, type InferenceOptions } from '../runtime/pixel-network.js';
import type { PixelBox } from '../readings.js';

const OVERVIEW_PIXELS = FINDER.side * FINDER.side;

/** Says where in pictures the digit may be. */
export interface Finder {
  /**
   * For each picture one place at least, the most probable first, in pixels of its gray plane. Between two inferences
   * others have their turn.
   */
  find(pictures: readonly Picture[]): Promise<Candidate[][]>;
  /** Frees the native memory; the finder cannot be used after it. */
  close(): Promise<void>;
}

/**
 * Makes a finder from the bytes of an ONNX file.
 * @param bytes `image` float32 [N,1,96,96] -> `logits` [N,216], as `view/finder-cells.ts` has it
 * @throws InkdigitError `invalid_model`
 */
export async function createFinder(
  bytes: Uint8Array,
  options: InferenceOptions = {},
  source = 'the finder',
): Promise<Finder> {
  const contract = { side: FINDER.side, outputs: [FINDER_OUTPUTS] };
  const network = await openPixelNetwork(bytes, contract, options, source);
  const findInSome = async (pictures: readonly Picture[]): Promise<Candidate[][]> => {
    const logits = await network.run(pictures.length, (input) =>
      pictures.forEach(({ gray }, i) => {
        const overview = input.subarray(i * OVERVIEW_PIXELS, (i + 1) * OVERVIEW_PIXELS);
        resample(gray, squareAround(gray), FINDER.side, overview);
        standardizeInPlace(overview);
      }),
    );
    return pictures.map(({ gray }, i) => candidatesOf(logits, i * FINDER_OUTPUTS, gray));
  };
  return { find: (pictures) => inBatches(pictures, findInSome), close: () => network.close() };
}

/** The whole pixels of a picture that a box in its gray plane lies on. */
export function pixelBoxOf(box: BoundingBox, { reduction, width, height }: Picture): PixelBox {
  const [left, right] = pixelsAlong(box.x * reduction, box.width * reduction, width);
  const [top, bottom] = pixelsAlong(box.y * reduction, box.height * reduction, height);
  return [left, top, right - left, bottom - top];
}

/** @returns where the pixels begin and end: one of `pixels` at least */
function pixelsAlong(start: number, length: number, pixels: number): [from: number, to: number] {
  const from = Math.min(pixels - 1, Math.max(0, Math.round(start)));
  return [from, Math.min(pixels, Math.max(from + 1, Math.round(start + length)))];
}
