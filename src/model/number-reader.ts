import type { Picture } from '../image/picture.js';
import { squareOfDigit } from '../image/view/square.js';
import { candidateOf, type ReadCandidate } from '../numbers/candidate.js';
import { numberOf, type PlacedNumber } from '../numbers/number-of.js';
import { MAX_DIGITS, type NumberRules } from '../numbers/rules.js';
import { suppressed } from '../numbers/seen-digits.js';
import { closerTilesOf, tilesOf } from '../numbers/tiles.js';
import type { Finder } from './finder.js';
import { inBatches } from './in-batches.js';
import type { ViewReader } from './view-reader.js';

/** Reads every digit in pictures. */
export interface NumberReader {
  /**
   * Reads the number in a picture. Between two inferences others have their turn.
   * @returns boxes in pixels of the gray plane
   */
  read(picture: Picture, rules: NumberRules): Promise<PlacedNumber>;
  /** All places of a picture that may be digits, as they were read: what `read` puts together. */
  candidates(picture: Picture): Promise<ReadCandidate[]>;
}

/** Makes a reader of numbers of networks that are open; who opened them closes them. */
export function createNumberReader(finder: Finder, reader: ViewReader): NumberReader {
  const candidates = async ({ gray }: Picture): Promise<ReadCandidate[]> => {
    const atFirst = await finder.findAll(gray, tilesOf(gray));
    const closer = await finder.findAll(gray, closerTilesOf(suppressed(atFirst, MAX_DIGITS)));
    const seen = suppressed([...atFirst, ...closer], MAX_DIGITS);
    const views = seen.map(({ box }) => ({ gray, square: squareOfDigit(box) }));
    const readings = await inBatches(views, (some) => reader.read(some));
    return seen.flatMap(({ box, probability }, i): ReadCandidate[] => {
      const reading = readings[i]?.reading;
      return reading ? [candidateOf(box, probability, reading.probabilities)] : [];
    });
  };
  return {
    candidates,
    read: async (picture, rules) => numberOf(await candidates(picture), rules),
  };
}
