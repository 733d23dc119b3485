import type { Plane } from '../plane.js';

/**
 * The small picture that was enlarged by repeating every pixel `n x n` times, as a zoomed screenshot is; a picture
 * that was not stays as it is. So no digit depends on how large its pixels are drawn.
 */
export function undoEnlargement(plane: Plane): Plane {
  const { width, height, data } = plane;
  let size = divisor(width, height);
  for (let y = 0, i = 0; y < height && size > 1; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (x > 0 && data[i] !== data[i - 1]) size = divisor(size, x);
      if (y > 0 && data[i] !== data[i - width]) size = divisor(size, y);
    }
  }
  if (size === 1) return plane;
  const columns = width / size;
  const rows = height / size;
  const small = new Uint8Array(columns * rows);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i++) small[i] = data[(row * width + column) * size]!;
  }
  return { width: columns, height: rows, data: small };
}

/** The greatest that divides both. */
function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}
