import { enlarge, shrinkToLargest, shrinkToMean } from './scale.js';
import { squaredDistances } from './distance.js';
import { boxOf, crop, longSide, type Plane } from '../plane.js';
import { zeros } from './zeros.js';

/** Side of the square that the digit is fitted into. */
export const BOX_SIDE = 20;

/** What MNIST's strokes are between, in pixels of the frame: 5 % of its training images lie on either side. */
const THINNEST = 1.75;
const THICKEST = 3.75;

/** Sides of a digit, in pixels, that strokes are thickened and thinned at: enough for smooth edges. */
const SMALLEST_WORK = 80;
const LARGEST_WORK = 160;

/** Thinning leaves so much of the strokes' mean width, or thin places would break. */
const LEAST_LEFT = 0.45;

/**
 * The mean width of strokes, in pixels: twice their area over the length of their outline, that being the total
 * variation of the plane. Soft edges count by how dark they are.
 */
export function strokeWidth({ width, height, data }: Plane): number {
  let area = 0;
  let outline = 0;
  // Squares of four pixels, those over the border included; beyond it there is no ink.
  for (let y = 0; y <= height; y++) {
    const hasUpper = y > 0;
    const hasLower = y < height;
    let upperLeft = 0;
    let lowerLeft = 0;
    for (let x = 0, lower = y * width; x < width; x++, lower++) {
      const upperRight = hasUpper ? data[lower - width]! : 0;
      const lowerRight = hasLower ? data[lower]! : 0;
      if (upperLeft !== upperRight || upperLeft !== lowerLeft || upperLeft !== lowerRight) {
        outline += steepness(upperLeft, upperRight, lowerLeft, lowerRight);
      }
      area += lowerRight;
      upperLeft = upperRight;
      lowerLeft = lowerRight;
    }
    outline += steepness(upperLeft, 0, lowerLeft, 0);
  }
  return outline === 0 ? 0 : (2 * area) / outline;
}

/** The length of the gradient between four pixels. */
function steepness(upperLeft: number, upperRight: number, lowerLeft: number, lowerRight: number): number {
  const across = upperRight - upperLeft + lowerRight - lowerLeft;
  const down = lowerLeft - upperLeft + lowerRight - upperRight;
  return Math.sqrt(across * across + down * down) / 2;
}

/**
 * Brings strokes of very thin and very thick pens near those of MNIST, as wide as they will be in the frame; others stay
 * as they are.
 * @param digit ink, cropped to the digit
 */
export function matchStrokeWidth(digit: Plane): Plane {
  const side = Math.max(digit.width, digit.height);
  const inFrame = (strokeWidth(digit) * BOX_SIDE) / side;
  if (inFrame >= THINNEST && inFrame <= THICKEST) return digit;
  const target = inFrame < THINNEST ? THINNEST : THICKEST;
  const resized = toWorkingSize(digit, target === THINNEST);
  const box = boxOf(resized);
  if (!box) return digit;
  // Thickening makes the digit larger too: (width + 2 reach) / (side + 2 reach) is to be target / BOX_SIDE.
  const width = strokeWidth(resized);
  const wanted = (target * longSide(box) - width * BOX_SIDE) / (2 * (BOX_SIDE - target));
  return wanted > 0
    ? thicken(resized, wanted)
    : thin(resized, Math.min(-wanted, (width * (1 - LEAST_LEFT)) / 2));
}

/** Thin strokes are not averaged away: a cell is as dark as its darkest pixel. */
function toWorkingSize(digit: Plane, isThin: boolean): Plane {
  const side = Math.max(digit.width, digit.height);
  if (side < SMALLEST_WORK) return enlarge(digit, Math.ceil(SMALLEST_WORK / side));
  const factor = Math.ceil(side / LARGEST_WORK);
  if (factor === 1) return digit;
  return isThin ? shrinkToLargest(digit, factor) : shrinkToMean(digit, factor);
}

/** Grows ink by `reach` pixels on every side, with soft edges. */
export function thicken(plane: Plane, reach: number): Plane {
  const margin = Math.ceil(reach) + 1;
  const wide = crop(plane, {
    left: -margin,
    top: -margin,
    right: plane.width - 1 + margin,
    bottom: plane.height - 1 + margin,
  });
  const squares = squaredDistances(wide, (level) => level >= 128);
  const data = zeros(Uint8Array, wide.data.length);
  for (let i = 0; i < data.length; i++) {
    // Half a pixel of the distance lies within the ink's last pixel, half of the next pixel beyond its middle.
    data[i] = Math.max(wide.data[i]!, inkWithin(reach + 1 - Math.sqrt(squares[i]!)));
  }
  return { ...wide, data };
}

/** Takes `reach` pixels of ink away on every side, with soft edges. */
export function thin(plane: Plane, reach: number): Plane {
  // A margin, as beyond the plane there is paper.
  const wide = crop(plane, { left: -1, top: -1, right: plane.width, bottom: plane.height });
  const squares = squaredDistances(wide, (level) => level < 128);
  const data = zeros(Uint8Array, wide.data.length);
  for (let i = 0; i < data.length; i++) {
    data[i] = Math.min(wide.data[i]!, inkWithin(Math.sqrt(squares[i]!) - reach));
  }
  return { ...wide, data };
}

/** The level of a pixel whose edge lies so far within a stroke. */
function inkWithin(pixels: number): number {
  if (pixels <= 0) return 0;
  return pixels >= 1 ? 255 : Math.round(255 * pixels);
}
