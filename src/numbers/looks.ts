import { intersectionOverUnion, type BoundingBox } from '../image/view/bounding-box.js';
import { clarityOf, closeUpsOf, halfACellOn, squaresOf, type CloseUp, type Sights } from './close-ups.js';
import { DETECTIONS, rankOf, type Detection, type Look } from './detections.js';
import type { PlacedLine, PlacedNumber } from './number-of.js';
import { logit, productOf, sigmoid } from './odds.js';

const LOOKS = {
  /** Close-ups that show a digit this much as well as the one it is told by have a say. */
  leastClarity: 0.7,
  /** How much of one: this power of how well each shows it. */
  power: 2,
  /** Of its height, the width that a digit has at least where boxes are compared. */
  leastWidth: 0.4,
  /** Lines that are less probable are looked at once more. */
  sureLine: 0.75,
  /** Squares of one picture that are looked at once more. */
  most: 96,
} as const;

/** What was seen of one digit in several close-ups. */
interface SharedDigit {
  /** In the one it is told by: where it is likely and shown well. */
  readonly clearest: Detection;
  /** Its box as it is compared. */
  readonly broadBox: BoundingBox;
  readonly inEach: Map<CloseUp, Detection>;
}

/**
 * What several close-ups show of the same digits: of each the mean of all that show it well, those among them that see
 * nothing there. It depends on chance how digits lie on the detector's cells, and errs less often in several.
 * @param most how many are told apart, the likeliest ones
 */
export function together(looks: readonly Look[], most: number): Detection[] {
  const all = looks.flatMap(({ closeUp, digits }) => digits.map((digit) => ({ closeUp, digit })));
  const seen: SharedDigit[] = [];
  for (const { closeUp, digit } of all.toSorted((a, b) => rankOf(b.digit) - rankOf(a.digit))) {
    const broadBox = broad(digit.box);
    const same = nearest(broadBox, seen);
    if (!same) {
      if (seen.length < most) seen.push({ clearest: digit, broadBox, inEach: new Map([[closeUp, digit]]) });
    } else if (!same.inEach.has(closeUp)) same.inEach.set(closeUp, digit);
  }
  const closeUps = looks.map(({ closeUp }) => closeUp);
  return seen.map((digit) => meanOf(digit, closeUps));
}

function nearest(box: BoundingBox, seen: readonly SharedDigit[]): SharedDigit | undefined {
  let best: SharedDigit | undefined;
  let most: number = DETECTIONS.mostOverlap;
  for (const digit of seen) {
    const overlap = intersectionOverUnion(digit.broadBox, box);
    if (overlap > most) [best, most] = [digit, overlap];
  }
  return best;
}

/** As wide as a digit is usually: of a 1 that is seen two pixels beside itself, boxes may hardly overlap. */
function broad({ x, y, width, height }: BoundingBox): BoundingBox {
  const more = Math.max(0, LOOKS.leastWidth * height - width);
  return { x: x - more / 2, y, width: width + more, height };
}

function meanOf({ clearest, inEach }: SharedDigit, closeUps: readonly CloseUp[]): Detection {
  const views = closeUps.flatMap((closeUp) => {
    const clarity = clarityOf(closeUp, clearest.box) / clearest.clarity;
    const view = { seen: inEach.get(closeUp), weight: clarity ** LOOKS.power };
    return clarity >= LOOKS.leastClarity ? [view] : [];
  });
  if (views.length < 2) return clearest;
  const isDigit = mean(views, ({ seen }) => logit(seen?.isDigit ?? DETECTIONS.least));
  const those = views.flatMap(({ seen, weight }) => (seen ? [{ seen, weight }] : []));
  const all = those.reduce((sum, { weight }) => sum + weight, 0);
  const side = (of: keyof BoundingBox): number => mean(those, ({ seen }) => seen.box[of]);
  return {
    box: { x: side('x'), y: side('y'), width: side('width'), height: side('height') },
    isDigit: sigmoid(isDigit),
    probabilities: productOf(
      those.map(({ seen, weight }) => ({ values: seen.probabilities, power: weight / all })),
    ),
    clarity: clearest.clarity,
  };
}

function mean<T extends { readonly weight: number }>(
  views: readonly T[],
  valueOf: (view: T) => number,
): number {
  const all = views.reduce((sum, { weight }) => sum + weight, 0);
  return views.reduce((sum, view) => sum + view.weight * valueOf(view), 0) / all;
}

/** Lines of a number as close-ups show it that are to be looked at once more, and read. */
export function linesInDoubt({ lines }: PlacedNumber): PlacedLine[] {
  return lines.filter(({ probability }) => probability < LOOKS.sureLine);
}

/** Close-ups for lines: as large as their digits are, and half a cell further on than those that there are. */
export function secondCloseUps(lines: readonly PlacedLine[], sights: Omit<Sights, 'made'>): CloseUp[] {
  const boxes = lines.flatMap(({ digits }) => digits.flatMap((digit) => digit?.box ?? []));
  let left: number = LOOKS.most;
  return closeUpsOf(boxes, sights)
    .map(halfACellOn)
    .filter((closeUp) => (left -= squaresOf(closeUp)) >= 0);
}
