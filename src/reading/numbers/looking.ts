import type { Plane } from '../../image/plane.js';
import { intersectionOverUnion, type BoundingBox } from '../../image/view/bounding-box.js';
import { squareOfDigit } from '../../image/view/square.js';
import { byHeight, closeUpsOf, withNeighbours } from '../../numbers/close-ups.js';
import { distinct, isPieceOf, type Detection, type Look } from '../../numbers/detections.js';
import { MAX_DIGITS } from '../../numbers/rules.js';
import { suppressed } from '../../numbers/seen-digits.js';
import { isReadAlready, tilesOf } from '../../numbers/tiles.js';
import type { Detector } from './detecting.js';
import type { Finder } from '../finding.js';
import type { ViewReader } from '../view-reading.js';

/** Networks that are open. */
export interface LookingNetworks {
  /** Says where digits may be, and how large they are. */
  readonly finder: Finder;
  /** Looks there closely, and tells digits apart from each other. */
  readonly detector: () => Promise<Detector>;
  /** Reads each of them once more, by itself, and refuses non-digits and pieces of digits. */
  readonly verifier: () => Promise<ViewReader>;
}

/** Looks closely at all of a picture where digits may be. */
export async function lookAround(
  gray: Plane,
  { finder, detector, verifier }: LookingNetworks,
): Promise<Look[]> {
  const looks: Look[] = [];
  const likely = (): Detection[] => {
    const all = looks.flatMap(({ digits }) => digits);
    return distinct(
      all.filter(({ isDigit }) => isDigit > LIKELY),
      MAX_DIGITS,
    );
  };
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
      const made = looks.map(({ closeUp }) => closeUp);
      const closeUps = closeUpsOf(next, { picture: gray, made, onlySquares: network.onlySquares });
      if (closeUps.length === 0) break;
      looks.push(...(await network.detect(gray, closeUps)));
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
  return looks;
}

/** How often digits of one size are looked at closely, each time at what the look before showed, and from what on. */
const LOOKS = 10;
const LIKELY = 0.3;

/** Within digits that are surer there are no smaller ones; others may be a page that looks like a digit from afar. */
const SURE = 0.9;

/**
 * Of a picture's width and height, the share of a digit that is read before what lies within it is passed over; and how
 * probable one digit must be then.
 */
const MUCH = 1 / 3;
const CLEARLY_READ = 0.85;
