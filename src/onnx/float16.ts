import { roundHalfToEven } from '../round.js';

const word = new Uint32Array(1);
const asFloat = new Float32Array(word.buffer);

/** The largest number that half precision holds. */
const LARGEST = 65504;

/** Whether half precision holds every one of these numbers. */
export function fitsFloat16(values: Float32Array): boolean {
  return values.every((value) => Math.abs(value) <= LARGEST);
}

/**
 * Numbers in half precision (IEEE 754 binary16), each rounded to the nearest, ties to the even one.
 * @throws RangeError for one that half precision cannot hold
 */
export function toFloat16(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, (value) => {
    if (!(Math.abs(value) <= LARGEST)) {
      throw new RangeError(`Expected a number within ±${LARGEST} for half precision, got ${value}.`);
    }
    return halfOf(value);
  });
}

function halfOf(value: number): number {
  asFloat[0] = value;
  const bits = word[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 127;
  if (exponent < -14) {
    // Below the smallest normal number halves are whole multiples of 2^-24.
    return sign | roundHalfToEven(Math.abs(value) * 2 ** 24);
  }
  // Rounding up past the last digit carries into the exponent, as it should.
  return sign | roundHalfToEven((((exponent + 15) << 23) | (bits & 0x7f_ffff)) / 2 ** 13);
}
