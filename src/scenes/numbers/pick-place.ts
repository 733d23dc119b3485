import { intersectionOverUnion, overlap, type BoundingBox } from '../../image/view/bounding-box.js';
import { NO_DIGIT } from '../../model/contract.js';
import { between, normal, type Random } from '../../random.js';
import { clipped, type Bounds } from '../finder-targets.js';
import type { NumberScene } from './number-writer.js';

/** A place where the detector may see a digit. */
export interface Place {
  readonly box: BoundingBox;
  /** 0-9; 10 where the box is not that of a digit. */
  readonly label: number;
}

type Picked = BoundingBox | null;

const PLACE = {
  /** How much of a digit lies within the picture, at least. */
  seen: 0.75,
  /** How often the detector is right, and what else it sees: pieces of digits, two as one, gaps, separators, words. */
  chance: { digit: 0.56, piece: 0.15, pair: 0.06, gap: 0.06, separator: 0.09, other: 0.05 },
  /** How far boxes of the detector are off, in the longer side of the digit's: deviations, and the most. */
  off: 0.035,
  mostOff: 0.1,
  scale: 0.06,
  /** Of a digit, a piece has so much of the width or height. */
  piece: [0.3, 0.66] as const,
  /** A box that overlaps a digit's more, or whose middle is nearer to it in its longer side, may be that digit's. */
  mayBeDigit: 0.62,
  mayBeMiddle: 0.14,
} as const;

/** Boxes of a scene that somebody might take for a digit's, and what they are. */
export function pickPlace(scene: NumberScene, bounds: Bounds, random: Random): Place {
  const seen = scene.digits
    .map(({ label, box }) => ({ label, ...clipped(box, bounds) }))
    .filter(({ share }) => share >= PLACE.seen);
  const boxes = seen.map(({ box }) => box);
  const { chance } = PLACE;
  let left = random();
  const comes = (share: number): boolean => (left -= share) < 0;
  if (!comes(chance.digit)) {
    const box = comes(chance.piece)
      ? pieceOf(boxes, random)
      : comes(chance.pair)
        ? pairOf(boxes, random)
        : comes(chance.gap)
          ? gapOf(boxes, random)
          : comes(chance.separator)
            ? anyOf(scene.separators, bounds, random)
            : comes(chance.other)
              ? anyOf(scene.words, bounds, random)
              : somewhere(scene.size, bounds, random);
    if (box && !boxes.some((digit) => mayBe(box, digit))) return { box, label: NO_DIGIT };
  }
  const digit = oneOf(seen, random);
  if (digit) return { box: jittered(digit.box, random), label: digit.label };
  return { box: somewhere(scene.size, bounds, random), label: NO_DIGIT };
}

/** Whether a box is as much that of a digit as it is not. */
function mayBe(box: BoundingBox, digit: BoundingBox): boolean {
  if (intersectionOverUnion(box, digit) > PLACE.mayBeDigit) return true;
  const longer = Math.max(digit.width, digit.height);
  const ratio = Math.max(box.width, box.height) / longer;
  const off = Math.hypot(
    box.x + box.width / 2 - digit.x - digit.width / 2,
    box.y + box.height / 2 - digit.y - digit.height / 2,
  );
  return off < PLACE.mayBeMiddle * longer && ratio > 0.75 && ratio < 1.33;
}

function jittered({ x, y, width, height }: BoundingBox, random: Random): BoundingBox {
  const longer = Math.max(width, height);
  const off = (): number =>
    longer * Math.max(-PLACE.mostOff, Math.min(PLACE.mostOff, PLACE.off * normal(random)));
  const scale = Math.exp(PLACE.scale * normal(random));
  return {
    x: x + (width - width * scale) / 2 + off(),
    y: y + (height - height * scale) / 2 + off(),
    width: width * scale,
    height: height * scale,
  };
}

/** One side of a digit, or what one of its neighbours leaves of it. */
function pieceOf(boxes: readonly BoundingBox[], random: Random): Picked {
  const digit = oneOf(boxes, random);
  if (!digit) return null;
  const { x, y, width, height } = digit;
  const share = between(random, ...PLACE.piece);
  const isUpright = random() < 0.75;
  const atEnd = random() < 0.5;
  const piece = isUpright
    ? { x: atEnd ? x + width * (1 - share) : x, y, width: width * share, height }
    : { x, y: atEnd ? y + height * (1 - share) : y, width, height: height * share };
  return jittered(piece, random);
}

/** Two digits next to each other. */
function pairOf(boxes: readonly BoundingBox[], random: Random): Picked {
  const pair = neighbours(boxes, random);
  return pair && jittered(around(...pair), random);
}

/** Where two digits meet. */
function gapOf(boxes: readonly BoundingBox[], random: Random): Picked {
  const pair = neighbours(boxes, random);
  if (!pair) return null;
  const [a, b] = pair;
  const [from, to] = [a.x + a.width / 2, b.x + b.width / 2];
  const middle = from + (to - from) * between(random, 0.35, 0.65);
  const width = Math.abs(to - from) * between(random, 0.5, 1.1);
  return jittered({ x: middle - width / 2, y: a.y, width, height: a.height }, random);
}

/** A digit and the nearest one to its right on its line, if there is one. */
function neighbours(boxes: readonly BoundingBox[], random: Random): [BoundingBox, BoundingBox] | null {
  const first = oneOf(boxes, random);
  if (!first) return null;
  const next = boxes
    .filter(({ x, y, height }) => x > first.x && y < first.y + first.height && y + height > first.y)
    .toSorted((a, b) => a.x - b.x)[0];
  return next && next.x < first.x + first.width + 0.5 * first.height ? [first, next] : null;
}

function around(a: BoundingBox, b: BoundingBox): BoundingBox {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  const [right, bottom] = [Math.max(a.x + a.width, b.x + b.width), Math.max(a.y + a.height, b.y + b.height)];
  return { x, y, width: right - x, height: bottom - y };
}

function anyOf(
  all: readonly { readonly box: Parameters<typeof clipped>[0] }[],
  bounds: Bounds,
  random: Random,
): Picked {
  const seen = all.map(({ box }) => clipped(box, bounds)).filter(({ share }) => share >= PLACE.seen);
  const one = oneOf(seen, random);
  return one ? jittered(one.box, random) : null;
}

function somewhere(size: number, { left, top, right, bottom }: Bounds, random: Random): BoundingBox {
  const height = Math.min(size, bottom - top) * between(random, 0.6, 1.2);
  const width = height * between(random, 0.2, 1);
  const x = between(random, left, Math.max(left, right - width));
  const y = between(random, top, Math.max(top, bottom - height));
  const whole = { x: left, y: top, width: right - left, height: bottom - top };
  return overlap({ x, y, width, height }, whole);
}

function oneOf<T>(all: readonly T[], random: Random): T | undefined {
  return all[Math.floor(random() * all.length)];
}
