import type { Plane } from '../plane.js';
import { zeros } from './zeros.js';

/**
 * The square of each pixel's distance to the nearest one that is wanted, between their middles; `Infinity` where
 * none is. Along columns by counting, along rows by Felzenszwalb and Huttenlocher, "Distance Transforms of Sampled
 * Functions" (2012): exact, linear time.
 * @returns `[height, width]`
 */
export function squaredDistances(
  { width, height, data }: Plane,
  isWanted: (level: number) => boolean,
): Float64Array {
  const wanted = Uint8Array.from({ length: 256 }, (_, level) => (isWanted(level) ? 1 : 0));
  const squares = zeros(Float64Array, data.length);
  for (let i = 0; i < data.length; i++) {
    // From the nearest one above.
    squares[i] = wanted[data[i]!] === 1 ? 0 : i < width ? Infinity : squares[i - width]! + 1;
  }
  for (let i = data.length - width - 1; i >= 0; i--) {
    const fromBelow = squares[i + width]! + 1;
    if (fromBelow < squares[i]!) squares[i] = fromBelow;
  }
  for (let i = 0; i < squares.length; i++) squares[i]! *= squares[i]!;
  const envelope = new Envelope(width);
  for (let y = 0; y < height; y++) envelope.transform(squares, y * width, width);
  return squares;
}

/** The lower envelope of parabolas along one line. */
class Envelope {
  readonly #values: Float64Array;
  /** Where the parabolas of the envelope have their lowest points. */
  readonly #places: Int32Array;
  /** Where each of them begins to be the lowest. */
  readonly #begins: Float64Array;

  constructor(length: number) {
    this.#values = zeros(Float64Array, length);
    this.#places = zeros(Int32Array, length);
    this.#begins = zeros(Float64Array, length);
  }

  /** Replaces `count` values: each becomes the least of `value + squared distance` over all. */
  transform(squares: Float64Array, first: number, count: number): void {
    const values = this.#values;
    const places = this.#places;
    const begins = this.#begins;
    let last = -1;
    for (let at = 0; at < count; at++) {
      const value = squares[first + at]!;
      values[at] = value;
      if (value === Infinity) continue;
      let begin = -Infinity;
      while (last >= 0) {
        const place = places[last]!;
        begin = (value + at * at - values[place]! - place * place) / (2 * (at - place));
        if (begin > begins[last]!) break;
        last--;
        begin = -Infinity;
      }
      last++;
      places[last] = at;
      begins[last] = begin;
    }
    if (last < 0) return;
    for (let at = 0, parabola = 0; at < count; at++) {
      while (parabola < last && begins[parabola + 1]! < at) parabola++;
      const place = places[parabola]!;
      squares[first + at] = (at - place) * (at - place) + values[place]!;
    }
  }
}
