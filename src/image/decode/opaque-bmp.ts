import type { Raster } from '../raster.js';
import type { Task } from '../task.js';

/** Pixels between two pauses: about a millisecond of work. */
const PIXELS_A_TURN = 250_000;

/**
 * Programs that know nothing of alpha leave it 0 in every pixel of a BMP: the picture is opaque then, as browsers
 * show it. `work` on it begins after that.
 */
export function* afterShowing<T>({ data }: Raster, work: Task<T>): Task<T> {
  if (yield* isUnseen(data)) {
    for (let alpha = 3; alpha < data.length; alpha += 4) {
      data[alpha] = 255;
      if (alpha % (4 * PIXELS_A_TURN) === 3) yield;
    }
  }
  return yield* work;
}

function* isUnseen(rgba: Uint8Array): Task<boolean> {
  for (let alpha = 3; alpha < rgba.length; alpha += 4) {
    if (rgba[alpha] !== 0) return false;
    if (alpha % (4 * PIXELS_A_TURN) === 3) yield;
  }
  return true;
}
