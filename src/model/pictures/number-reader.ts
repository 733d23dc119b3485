import type { Picture } from '../../image/picture.js';
import type { Plane } from '../../image/plane.js';
import { squareOfDigit } from '../../image/view/square.js';
import { candidateOf, type ReadCandidate } from '../../numbers/candidate.js';
import { applyExifOrientation } from '../../image/exif-orientation.js';
import { cellFieldIn, numberInCells } from '../../numbers/cells.js';
import { clarityOf, turnedBack } from '../../numbers/turned.js';
import { numberOf, type PlacedNumber } from '../../numbers/number-of.js';
import { MAX_DIGITS, type CellCounts, type NumberRules } from '../../numbers/rules.js';
import { suppressed, type SeenDigit } from '../../numbers/seen-digits.js';
import { closerTilesOf, tilesOf } from '../../numbers/tiles.js';
import type { Finder } from './finder.js';
import { inBatches } from '../runtime/in-batches.js';
import type { ViewReader } from './view-reader.js';

/** Reads every digit in pictures. */
export interface NumberReader {
  /**
   * Reads the number in a picture. Between two inferences others have their turn.
   * @returns boxes in pixels of the gray plane
   */
  read(picture: Picture, rules: NumberRules): Promise<PlacedNumber>;
}

/** Makes a reader of numbers of networks that are open; who opened them closes them. */
export function createNumberReader(finder: Finder, reader: ViewReader): NumberReader {
  const readSeen = async (gray: Plane, seen: readonly SeenDigit[]): Promise<ReadCandidate[]> => {
    const views = seen.map(({ box }) => ({ gray, square: squareOfDigit(box) }));
    const readings = await inBatches(views, (some) => reader.read(some));
    return seen.flatMap(({ box, probability }, i): ReadCandidate[] => {
      const reading = readings[i]?.reading;
      return reading ? [candidateOf(box, probability, reading.probabilities)] : [];
    });
  };
  const anywhere = async (gray: Plane, rules: NumberRules): Promise<PlacedNumber> => {
    const atFirst = await finder.findAll(gray, tilesOf(gray));
    const closer = await finder.findAll(gray, closerTilesOf(suppressed(atFirst, MAX_DIGITS)));
    const seen = suppressed([...atFirst, ...closer], MAX_DIGITS + 1);
    const number = numberOf(await readSeen(gray, seen.slice(0, MAX_DIGITS)), rules);
    return seen.length > MAX_DIGITS ? { ...number, truncated: true } : number;
  };
  const inCells = async (gray: Plane, cells: CellCounts): Promise<PlacedNumber> => {
    const field = cellFieldIn(gray, cells);
    const seen = suppressed(await finder.findAll(gray, field.tiles), MAX_CANDIDATES_OF_CELLS);
    return numberInCells(await readSeen(gray, seen), field);
  };
  return {
    async read({ gray }, rules) {
      const { cells } = rules;
      if (!cells) return anywhere(gray, rules);
      let best = await inCells(gray, cells);
      // Cameras that are held over a table note at random which way is up.
      for (const orientation of SIDEWAYS) {
        if (clarityOf(best) > CLEAR) break;
        const turned = await inCells(applyExifOrientation(gray, orientation), cells);
        if (clarityOf(turned) > clarityOf(best)) best = turnedBack(turned, orientation, gray);
      }
      return best;
    },
  };
}

/** How tables lie that do not lie as they should, most often first. */
const SIDEWAYS = [8, 6, 3] as const;

/** A table that is read so clearly is not looked at from other sides. */
const CLEAR = 0.8;

/** The largest table has 32 x 32 cells. */
const MAX_CANDIDATES_OF_CELLS = 2048;
