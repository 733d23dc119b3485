import type { Picture } from '../../image/picture.js';
import type { Plane } from '../../image/plane.js';
import { intersectionOverUnion, type BoundingBox } from '../../image/view/bounding-box.js';
import { squareOfDigit } from '../../image/view/square.js';
import { byHeight, closeUpsOf, withNeighbours, type CloseUp } from '../../numbers/close-ups.js';
import { distinct, isPieceOf, type DetectedSeparator, type Detection } from '../../numbers/detections.js';
import { numberOf, type PlacedNumber } from '../../numbers/number-of.js';
import { MAX_DIGITS, type NumberRules } from '../../numbers/rules.js';
import { suppressed } from '../../numbers/seen-digits.js';
import { isReadAlready, tilesOf } from '../../numbers/tiles.js';
import type { Detector } from './detecting.js';
import type { Finder } from '../finding.js';
import { readPlaces } from './read-places.js';
import type { ViewReader } from '../view-reading.js';

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
  const anywhere = async (gray: Plane, rules: NumberRules): Promise<PlacedNumber> => {
    const made: CloseUp[] = [];
    const found: Detection[] = [];
    const separators: DetectedSeparator[] = [];
    const likely = (): Detection[] =>
      distinct(
        found.filter(({ isDigit }) => isDigit > LIKELY),
        MAX_DIGITS,
      );
    const looked = new Set<Detection>();
    const doubted: BoundingBox[] = [];
    const sure = (): Detection[] =>
      likely().filter(
        ({ box, isDigit }) =>
          isDigit >= SURE && !doubted.some((other) => intersectionOverUnion(box, other) > 0.5),
      );
    const lookClosely = async (boxes: readonly BoundingBox[]): Promise<void> => {
      const whole = sure();
      let next = boxes.filter((box) => !isPieceOf(box, whole));
      for (let look = 0; look < LOOKS; look++) {
        if (next.length === 0) break;
        const network = await detector();
        const closeUps = closeUpsOf(next, { picture: gray, made, onlySquares: network.onlySquares });
        if (closeUps.length === 0) break;
        made.push(...closeUps);
        const detected = await network.detect(gray, closeUps);
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
      for (const digit of sure()) {
        const { box } = digit;
        const isLarge = box.width >= MUCH * gray.width && box.height >= MUCH * gray.height;
        if (!isLarge || looked.has(digit)) continue;
        looked.add(digit);
        const [one] = await (await verifier()).read([{ gray, square: squareOfDigit(box) }]);
        if (!one || one.reading.probability < CLEARLY_READ) doubted.push(box);
      }
      const read = sure().map(({ box }) => box);
      const tiles = level.filter((tile) => !isReadAlready(tile, read));
      const seen = suppressed(await finder.findAll(gray, tiles), MAX_DIGITS + 1);
      for (const boxes of byHeight(seen.map(({ box }) => box))) await lookClosely(boxes);
    }
    const digits = distinct(found, MAX_DIGITS + 1);
    const read = await readPlaces(gray, digits.slice(0, MAX_DIGITS), await verifier(), SURELY_READ);
    const number = numberOf(read, rules, separators);
    return digits.length > MAX_DIGITS ? { ...number, truncated: true } : number;
  };
  return {
    async read({ gray }, rules) {
      const { cells } = rules;
      if (!cells) return anywhere(gray, rules);
      // Few ask for cells: browsers load the code for them when somebody does.
      const { readCells } = await import('./cell-reader.js');
      return readCells(gray, cells, { finder, detector: await detector(), reader });
    },
  };
}

/** How often digits of one size are looked at closely, each time at what the look before showed, and from what on. */
const LOOKS = 10;
const LIKELY = 0.3;

/** Of digits that the detector is surer of the verifier says nothing else. */
const SURELY_READ = 0.95;

/** Within digits that are surer there are no smaller ones; others may be a page that looks like a digit from afar. */
const SURE = 0.9;

/**
 * Of a picture's width and height, the share of a digit that is read before what lies within it is passed over; and how
 * probable one digit must be then.
 */
const MUCH = 1 / 3;
const CLEARLY_READ = 0.5;
