import { drawDigit } from '../../drawing/draw-digit.js';
import { contentOf, type ImageContent } from '../../image/picture.js';

/** An image of which every sound model says the same. */
export interface GoldenImage {
  readonly content: ImageContent;
  /** 0-9 */
  readonly digit: number;
}

const DIGITS = Array.from({ length: 10 }, (_, digit) => digit);
/** Ways to write each digit. */
const VARIANTS = [0, 1];
const SLANTS = [-8, 0, 8];
/** Strokes in pieces of a pixel or two are smooth, and take a third of the time. */
const FRAME = { piecesPerPoint: 4 };

/** Frames as MNIST's are: clearly drawn digits, upright and a little slanted. */
export function goldenFrames(): GoldenImage[] {
  return [...drawGoldenFrames()];
}

/** The same, each drawn when it is taken: between two, a process that answers requests has its turn. */
export function* drawGoldenFrames(): Generator<GoldenImage> {
  for (const digit of DIGITS) {
    for (const variant of VARIANTS) {
      for (const slantDegrees of SLANTS) {
        const { data } = drawDigit(digit, { ...FRAME, variant, slantDegrees });
        yield { content: contentOf(Uint8Array.from(data)), digit };
      }
    }
  }
}

const PICTURE = {
  width: 120,
  height: 150,
  ink: 40,
  background: 222,
  digitSize: 74,
  penWidth: 8,
  softness: 3,
};

/** Pictures that are no frames: the same digits in dark ink on bright paper. */
export function goldenPictures(): GoldenImage[] {
  return [...drawGoldenPictures()];
}

/** The same, each drawn when it is taken. */
export function* drawGoldenPictures(): Generator<GoldenImage> {
  for (const digit of DIGITS) {
    const { width, height, data } = drawDigit(digit, { ...PICTURE, shiftX: 6, shiftY: -9 });
    const gray = { width, height, data: Uint8Array.from(data) };
    yield { content: { kind: 'picture', picture: { gray, reduction: 1, width, height } }, digit };
  }
}
