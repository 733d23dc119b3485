import type { Plane } from './plane.js';

/**
 * The square of each pixel's distance to the nearest one that is wanted, between their middles; `Infinity` where
 * none is. Felzenszwalb and Huttenlocher, "Distance Transforms of Sampled Functions" (2012): exact, linear time.
 * @returns `[height, width]`
 */
export function squaredDistances(
  { width, height, data }: Plane,
  isWanted: (level: number) => boolean,
): Float64Array {
  const squares = Float64Array.from(data, (level) => (isWanted(level) ? 0 : Infinity));
  const scratch = new Envelope(Math.max(width, height));
  for (let x = 0; x < width; x++) scratch.transform(squares, x, width, height);
  for (let y = 0; y < height; y++) scratch.transform(squares, y * width, 1, width);
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
    this.#values = new Float64Array(length);
    this.#places = new Int32Array(length);
    this.#begins = new Float64Array(length);
  }

  /** Replaces `count` values, `stride` apart: each becomes the least of `value + squared distance` over all. */
  transform(squares: Float64Array, first: number, stride: number, count: number): void {
    const values = this.#values;
    const places = this.#places;
    const begins = this.#begins;
    let last = -1;
    for (let at = 0; at < count; at++) {
      const value = squares[first + at * stride]!;
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
      squares[first + at * stride] = (at - place) ** 2 + values[place]!;
    }
  }
}
