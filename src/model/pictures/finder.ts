import type { Picture } from '../../image/picture.js';
import type { Plane } from '../../image/plane.js';
import type { BoundingBox } from '../../image/view/bounding-box.js';
import { candidatesOf, overviewsOf, type Candidate } from '../../image/view/candidates.js';
import { FINDER, FINDER_OUTPUTS } from '../../image/view/finder-cells.js';
import { resample } from '../../image/view/resample.js';
import type { Square } from '../../image/view/square.js';
import { standardizeInPlace } from '../../image/view/standardize.js';
import { seenDigitsOf, type SeenDigit } from '../../numbers/seen-digits.js';
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
  /**
   * All digits that it sees in squares of a picture, in pixels of its gray plane; one that several squares show is
   * there several times. Between two inferences others have their turn.
   */
  findAll(gray: Plane, squares: readonly Square[]): Promise<SeenDigit[]>;
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
  const answerSome = async (overviews: readonly Overview[]): Promise<Float32Array[]> => {
    const logits = await network.run(overviews.length, (input) =>
      overviews.forEach(({ gray, square }, i) => {
        const overview = input.subarray(i * OVERVIEW_PIXELS, (i + 1) * OVERVIEW_PIXELS);
        resample(gray, square, FINDER.side, overview);
        standardizeInPlace(overview);
      }),
    );
    return overviews.map((_, i) => logits.slice(i * FINDER_OUTPUTS, (i + 1) * FINDER_OUTPUTS));
  };
  return {
    async find(pictures) {
      const overviews = pictures.flatMap(({ gray }) => overviewsOf(gray).map((square) => ({ gray, square })));
      const answers = await inBatches(overviews, answerSome);
      const looks = new Map<Plane, { overview: Square; answer: Float32Array }[]>();
      overviews.forEach(({ gray, square }, i) => {
        const own = looks.get(gray) ?? [];
        own.push({ overview: square, answer: answers[i] ?? new Float32Array(FINDER_OUTPUTS) });
        looks.set(gray, own);
      });
      return pictures.map(({ gray }) => candidatesOf(looks.get(gray) ?? [], gray));
    },
    async findAll(gray, squares) {
      const overviews = squares.map((square) => ({ gray, square }));
      const answers = await inBatches(overviews, answerSome);
      return squares.flatMap((square, i) => {
        const answer = answers[i];
        return answer ? seenDigitsOf(answer, square, gray) : [];
      });
    },
    close: () => network.close(),
  };
}

/** What of a picture an overview shows. */
interface Overview {
  readonly gray: Plane;
  readonly square: Square;
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
