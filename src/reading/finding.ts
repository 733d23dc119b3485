import type { Picture } from '../image/picture.js';
import type { Plane } from '../image/plane.js';
import { candidatesOf, overviewsOf, type Candidate } from '../image/view/candidates.js';
import { FINDER, FINDER_OUTPUTS } from '../image/view/finder-cells.js';
import { resample } from '../image/view/resample.js';
import type { Square } from '../image/view/square.js';
import { standardizeInPlace } from '../image/view/standardize.js';
import { seenDigitsOf, type SeenDigit } from '../numbers/seen-digits.js';
import type { NetworkContract, PixelNetwork } from '../model/contract.js';
import { inBatches } from './in-batches.js';

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
  /** Frees the memory; the finder cannot be used after it. */
  close(): Promise<void>;
}

/** `image` float32 [N,1,96,96] -> `logits` [N,216], as `view/finder-cells.ts` has it */
export const FINDER_CONTRACT: NetworkContract = { side: FINDER.side, outputs: [FINDER_OUTPUTS] };

/** A finder that asks a network of `FINDER_CONTRACT`. */
export function finderOf(network: PixelNetwork): Finder {
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
