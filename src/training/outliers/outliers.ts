/**
 * Non-digits for training, drawn from a random stream of their own. The kinds that models are measured with
 * (`evaluation/outliers/`) are others, and may not be imported here.
 */
import type { LabelledFrames } from '../../data/labelled-frames.js';
import { FRAME_PIXELS, type Frame, type FrameBatch } from '../../image/frame.js';
import type { Glyph } from '../../drawing/glyphs.js';
import { drawGlyph } from '../../drawing/draw-digit.js';
import { between, pick, wholeBetween, type Random } from '../../random.js';
import { randomStream } from '../../random-streams.js';
import { copyFrame, type Augment } from '../augmentation/augment.js';
import * as fields from './fields.js';
import * as fromDigits from './from-digits.js';
import type { Digits } from './from-digits.js';
import { inOneGo, invented } from './invented.js';
import { FOREIGN_LETTERS } from './foreign-letters.js';
import { LETTERS } from './letters.js';
import { sideBySide } from './paths.js';
import { SHAPES } from './shapes.js';
import { SIGNS } from './signs.js';

/** One kind of outliers. */
export interface OutlierKind {
  readonly name: string;
  /** Relative frequency. */
  readonly weight: number;
  /** Whether it is warped and corrupted like digits: all pen drawings are. Textures are not. */
  readonly isDrawing: boolean;
  /** Writes 784 levels of 0..255. */
  readonly draw: (frame: Frame, digits: Digits, random: Random) => void;
}

function texture(name: string, weight: number, draw: fields.DrawField): OutlierKind {
  return { name, weight, isDrawing: false, draw: (frame, _digits, random) => draw(frame, random) };
}

function ofDigits(name: string, weight: number, draw: fromDigits.DrawFromDigits): OutlierKind {
  return { name, weight, isDrawing: true, draw };
}

function written(
  name: string,
  weight: number,
  write: (random: Random) => Glyph,
  penWidth = PEN_WIDTH,
): OutlierKind {
  return {
    name,
    weight,
    isDrawing: true,
    draw: (frame, _digits, random) => frame.set(inSomeHand(write(random), penWidth, random)),
  };
}

/** Width of the pen in pixels, for characters of a digit's size and for words, whose letters are smaller. */
const PEN_WIDTH: readonly [number, number] = [1.4, 3.8];
const WORD_PEN_WIDTH: readonly [number, number] = [1, 2];

/** Enough straight pieces for a frame of 28 pixels. */
const PIECES_PER_POINT = 4;

/** Drawn as large and as thick as digits are, sometimes smaller and off centre. */
function inSomeHand(glyph: Glyph, penWidth: readonly [number, number], random: Random): Uint8Array {
  const isOff = random() < 0.2;
  const width = between(random, 0.75, 1.25);
  return drawGlyph(
    glyph.map((stroke) => stroke.map(([x, y]) => [x * width, y] as const)),
    {
      digitSize: isOff ? between(random, 9, 25) : between(random, 17, 21),
      penWidth: between(random, ...penWidth),
      softness: between(random, 1, 2),
      slantDegrees: between(random, -12, 14),
      rotationDegrees: between(random, -8, 8),
      jitter: random() < 0.5 ? 0.03 : 0.08,
      shiftX: isOff ? between(random, -5, 5) : 0,
      shiftY: isOff ? between(random, -5, 5) : 0,
      piecesPerPoint: PIECES_PER_POINT,
      random,
    },
  ).data;
}

function someWord(random: Random): Glyph {
  const letters = Array.from({ length: wholeBetween(random, 2, 3) }, () => pick(random, LETTERS));
  return sideBySide(letters, random);
}

/** Every kind that is trained on. */
export const OUTLIER_KINDS: readonly [OutlierKind, ...OutlierKind[]] = [
  written('letters', 20, (random) => pick(random, LETTERS)),
  written('letters of other scripts', 30, (random) => pick(random, FOREIGN_LETTERS)),
  written('signs and drawings', 18, (random) => pick(random, SIGNS)),
  written('words', 4, someWord, WORD_PEN_WIDTH),
  written('shapes', 24, (random) => pick(random, SHAPES)(random)),
  written('invented characters', 14, invented),
  written('characters in one go', 10, inOneGo),
  ofDigits('pieces', 3, fromDigits.piece),
  ofDigits('overlaps', 5, fromDigits.overlap),
  ofDigits('pairs', 8, fromDigits.pair),
  ofDigits('between digits', 3, fromDigits.inBetween),
  ofDigits('sideways', 4, fromDigits.sideways),
  ofDigits('shuffled', 5, fromDigits.shuffled),
  texture('blank', 3, fields.blank),
  texture('specks', 2, fields.specks),
  texture('noise', 4, fields.noise),
  texture('soft noise', 3, fields.softNoise),
  texture('clouds', 4, fields.cloudy),
  texture('stripes', 3, fields.stripes),
  texture('checks', 2, fields.checks),
  texture('gradients', 1, fields.gradient),
  texture('patches', 3, fields.patch),
];

const TOTAL_WEIGHT = OUTLIER_KINDS.reduce((sum, { weight }) => sum + weight, 0);

/** Writes an outlier of any kind: 784 numbers of 0..1 at `offset` of `target`. */
export type DrawOutlier = (target: Float32Array, offset: number, random: Random) => void;

/**
 * Makes the function that draws outliers.
 * @param digits images that the kinds made of digits use
 * @param augment what digits are changed with; drawings are too, so that only their content tells them from digits
 */
export function createOutliers(digits: Digits, augment: Augment): DrawOutlier {
  const frame = new Uint8Array(FRAME_PIXELS);
  return (target, offset, random) => {
    const kind = anyKind(random);
    kind.draw(frame, digits, random);
    const change = kind.isDrawing ? augment : copyFrame;
    change(frame, 0, target, offset, random);
  };
}

function anyKind(random: Random): OutlierKind {
  let left = random() * TOTAL_WEIGHT;
  return OUTLIER_KINDS.find(({ weight }) => (left -= weight) < 0) ?? OUTLIER_KINDS[0];
}

/** Outliers of the trained kinds for choosing an epoch: always the same ones. */
export function outliersToChooseBy({ frames, labels }: LabelledFrames, augment: Augment): FrameBatch {
  const drawOutlier = createOutliers({ pixels: frames.pixels, labels }, augment);
  const levels = new Float32Array(OUTLIERS_TO_CHOOSE_BY * FRAME_PIXELS);
  for (let i = 0; i < OUTLIERS_TO_CHOOSE_BY; i++) {
    drawOutlier(levels, i * FRAME_PIXELS, randomStream('chosenByOutliers', i));
  }
  return {
    count: OUTLIERS_TO_CHOOSE_BY,
    pixels: Uint8Array.from(levels, (level) => Math.round(255 * level)),
  };
}

const OUTLIERS_TO_CHOOSE_BY = 4000;
