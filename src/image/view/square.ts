import type { BoundingBox } from './bounding-box.js';

/** A square of a picture, in its pixels; it may reach beyond the picture. */
export interface Square {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** Share of a view's side that the longer side of the digit's box takes. */
export const VIEW_FILL = 0.7;

/** The square that a picture is shown in as a whole: as long as its longer side, the picture in its middle. */
export function squareAround({ width, height }: { readonly width: number; readonly height: number }): Square {
  const side = Math.max(width, height);
  return { x: (width - side) / 2, y: (height - side) / 2, side };
}

/** The square that a digit is read in: its box in the middle, with some room around it. */
export function squareOfDigit({ x, y, width, height }: BoundingBox): Square {
  const side = Math.max(width, height) / VIEW_FILL;
  return { x: x + (width - side) / 2, y: y + (height - side) / 2, side };
}

/** A box of the picture, in pixels of a square's copy of `side x side` pixels. */
export function boxInSquare(box: BoundingBox, square: Square, side: number): BoundingBox {
  const scale = side / square.side;
  return {
    x: (box.x - square.x) * scale,
    y: (box.y - square.y) * scale,
    width: box.width * scale,
    height: box.height * scale,
  };
}

/** The other way: a box in pixels of a square's copy of `side x side` pixels, in pixels of the picture. */
export function boxInPicture(box: BoundingBox, square: Square, side: number): BoundingBox {
  const scale = square.side / side;
  return {
    x: square.x + box.x * scale,
    y: square.y + box.y * scale,
    width: box.width * scale,
    height: box.height * scale,
  };
}
