import { FRAME_PIXELS, FRAME_SIDE, type Frame } from '../frame.js';
import { BOX_SIDE, CENTRE } from '../normalize/is-frame.js';
import { boxOf, crop, type Plane } from '../plane.js';
import { resample } from './resample.js';

/**
 * Lays a digit into a frame as MNIST's were: its longer side becomes 20 pixels, by area averaging, and whole pixels
 * bring its centre of mass to the middle (LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to
 * document recognition", 1998, III.A), as far as nothing is cut off. Its darkest pixel becomes full ink.
 * @param ink 0 is paper, and what is not belongs to the digit; nothing of it at all gives an empty frame
 */
export function placeDigit(ink: Plane): Frame {
  const frame = new Uint8Array(FRAME_PIXELS);
  const box = boxOf(ink);
  if (!box) return frame;
  const small = fitToBox(crop(ink, box));
  const darkest = Math.max(...small);
  const data = new Uint8Array(small.map((level) => Math.round((255 * level) / darkest)));
  const plane = { width: BOX_SIDE, height: BOX_SIDE, data };
  const inked = boxOf(plane);
  if (!inked) return frame;
  const centre = centreOfMass(plane);
  const left = offset(centre.x, inked.left, inked.right);
  const top = offset(centre.y, inked.top, inked.bottom);
  for (let y = inked.top; y <= inked.bottom; y++) {
    const row = data.subarray(y * BOX_SIDE + inked.left, y * BOX_SIDE + inked.right + 1);
    frame.set(row, (top + y) * FRAME_SIDE + left + inked.left);
  }
  return frame;
}

/** The digit in the middle of `[20, 20]` values, 0..1, as large as fits. */
function fitToBox(tight: Plane): Float32Array {
  const { width, height } = tight;
  // Beyond a plane its edge is repeated, so that it has to be paper.
  const padded = crop(tight, { left: -1, top: -1, right: width, bottom: height });
  const side = Math.max(width, height);
  const fitted = new Float32Array(BOX_SIDE * BOX_SIDE);
  const square = { x: 1 + (width - side) / 2, y: 1 + (height - side) / 2, side };
  resample(padded, square, BOX_SIDE, fitted);
  return fitted;
}

/** Where in the frame the box begins that brings `centre` to the middle, or as near as ink `first … last` lets it. */
function offset(centre: number, first: number, last: number): number {
  return Math.min(FRAME_SIDE - 1 - last, Math.max(-first, CENTRE - Math.round(centre)));
}

/** In pixels; the middle of the first is at 0. */
function centreOfMass({ width, data }: Plane): { readonly x: number; readonly y: number } {
  let mass = 0;
  let momentX = 0;
  let momentY = 0;
  data.forEach((level, i) => {
    mass += level;
    momentX += level * (i % width);
    momentY += level * Math.floor(i / width);
  });
  return { x: momentX / mass, y: momentY / mass };
}
