import type { Picture } from '../image/picture.js';
import type { BoundingBox } from '../image/view/bounding-box.js';
import type { Plane } from '../image/plane.js';
import { squareOfDigit, type Square } from '../image/view/square.js';
import { candidateOf, type ReadCandidate } from '../numbers/candidate.js';
import { applyExifOrientation } from '../image/exif-orientation.js';
import { cellFieldIn, numberInCells } from '../numbers/cells.js';
import { clarityOf, turnedBack } from '../numbers/turned.js';
import { numberOf, type PlacedNumber } from '../numbers/number-of.js';
import { MAX_DIGITS, type CellCounts, type NumberRules } from '../numbers/rules.js';
import { byHeight, closeUpsOf, withNeighbours } from '../numbers/close-ups.js';
import {
  distinct,
  isPieceOf,
  seenDetection,
  type DetectedSeparator,
  type Detection,
} from '../numbers/detections.js';
import { suppressed } from '../numbers/seen-digits.js';
import { isReadAlready, tilesOf } from '../numbers/tiles.js';
import type { Detector } from './detecting.js';
import type { Finder } from './finding.js';
import { inBatches } from './in-batches.js';
import type { ViewReader } from './view-reading.js';

/** Reads every digit in pictures. */
export interface NumberReader {
  /**
   * Reads the number in a picture. Between two inferences others have their turn.
   * @returns boxes in pixels of the gray plane
   */
  read(picture: Picture, rules: NumberRules): Promise<PlacedNumber>;
}

/** Networks that are open; who opened them closes them. */
export interface NumberNetworks {
  /** Says where digits may be, and how large they are. */
  readonly finder: Finder;
  /** Looks there closely, and tells digits apart from each other. */
  readonly detector: () => Promise<Detector>;
  /** Reads each of them once more, by itself, and refuses non-digits and pieces of digits. */
  readonly verifier: () => Promise<ViewReader>;
  /** Reads what stands in the cells of a table, printed digits as well, which the others never learned. */
  readonly reader: ViewReader;
}

/** Makes a reader of numbers. */
export function createNumberReader({ finder, detector, verifier, reader }: NumberNetworks): NumberReader {
  const readEach = async (
    gray: Plane,
    digits: readonly Detection[],
    network: ViewReader,
  ): Promise<ReadCandidate[]> => {
    const views = digits.map(({ box }) => ({ gray, square: squareOfDigit(box) }));
    const readings = await inBatches(views, (some) => network.read(some));
    return digits.flatMap((digit, i): ReadCandidate[] => {
      const reading = readings[i]?.reading;
      return reading ? [candidateOf(digit, reading.probabilities)] : [];
    });
  };
  const anywhere = async (gray: Plane, rules: NumberRules): Promise<PlacedNumber> => {
    const made: Square[] = [];
    const found: Detection[] = [];
    const separators: DetectedSeparator[] = [];
    const likely = (): Detection[] =>
      distinct(
        found.filter(({ isDigit }) => isDigit > LIKELY),
        MAX_DIGITS,
      );
    const lookClosely = async (boxes: readonly BoundingBox[]): Promise<void> => {
      const whole = likely();
      let next = boxes.filter((box) => !isPieceOf(box, whole, SURE));
      for (let look = 0; look < LOOKS; look++) {
        const closeUps = closeUpsOf(next, made);
        if (closeUps.length === 0) break;
        made.push(...closeUps);
        const detected = await (await detector()).detect(gray, closeUps);
        found.push(...detected.digits);
        separators.push(...detected.separators);
        // Beside digits there may be more, and they may be larger or smaller than they seemed at first.
        next = withNeighbours(
          likely().map(({ box }) => box),
          gray,
        );
      }
    };
    // Pieces of large digits look like small ones: what is larger is looked at first.
    for (const level of tilesOf(gray)) {
      const read = likely().flatMap(({ box, isDigit }) => (isDigit >= SURE ? [box] : []));
      const tiles = level.filter((tile) => !isReadAlready(tile, read));
      const seen = suppressed(await finder.findAll(gray, tiles), MAX_DIGITS + 1);
      for (const boxes of byHeight(seen.map(({ box }) => box))) await lookClosely(boxes);
    }
    const digits = distinct(found, MAX_DIGITS + 1);
    const read = await readEach(gray, digits.slice(0, MAX_DIGITS), await verifier());
    const number = numberOf(read, rules, separators);
    return digits.length > MAX_DIGITS ? { ...number, truncated: true } : number;
  };
  const inCells = async (gray: Plane, cells: CellCounts): Promise<PlacedNumber> => {
    const field = cellFieldIn(gray, cells);
    const { digits } = await (await detector()).detect(gray, field.tiles);
    // Tables have printed digits as well, which the detector never learned; the finder sees them.
    const seen = (await finder.findAll(gray, field.tiles)).map(seenDetection);
    const all = distinct([...digits, ...seen], MAX_CANDIDATES_OF_CELLS);
    return numberInCells(await readEach(gray, all, reader), field);
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

/** How often digits of one size are looked at closely, each time at what the look before showed, and from what on. */
const LOOKS = 3;
const LIKELY = 0.3;

/** Within digits that are surer there are no smaller ones; others may be a page that looks like a digit from afar. */
const SURE = 0.9;

/** The largest table has 32 x 32 cells. */
const MAX_CANDIDATES_OF_CELLS = 2048;
