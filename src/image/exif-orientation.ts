import type { Plane } from './plane.js';

/**
 * How a picture was stored, 1-8: what stands in the Exif tag Orientation. 2 to 4 are mirrored or upside down; of 5
 * to 8 rows are columns. https://www.cipa.jp/std/documents/e/DC-X008-Translation-2019-E.pdf, 4.6.5.1
 */
export const ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8] as const;
export type Orientation = (typeof ORIENTATIONS)[number];

/** Turns a stored picture as it is to be seen. */
export function applyExifOrientation(plane: Plane, orientation: Orientation): Plane {
  if (orientation === 1) return plane;
  const { width, height, data } = plane;
  const rowsAreColumns = orientation >= 5;
  const seenWidth = rowsAreColumns ? height : width;
  const seenHeight = rowsAreColumns ? width : height;
  // Where a stored row and a stored column end up counted from the far side.
  const fromRight = orientation === 2 || orientation === 3 || orientation === 7 || orientation === 8;
  const fromBottom = orientation === 3 || orientation === 4 || orientation === 6 || orientation === 7;
  const seen = new Uint8Array(data.length);
  for (let y = 0, i = 0; y < seenHeight; y++) {
    for (let x = 0; x < seenWidth; x++, i++) {
      const along = rowsAreColumns ? y : x;
      const down = rowsAreColumns ? x : y;
      const column = fromRight ? width - 1 - along : along;
      const row = fromBottom ? height - 1 - down : down;
      seen[i] = data[row * width + column]!;
    }
  }
  return { width: seenWidth, height: seenHeight, data: seen };
}
