import { CLASS_COUNT } from '../../model/contract.js';
import { startOfNames, type FoundFrames } from '../plan/found-image.js';
import { inMillionths } from '../plan/result-rows.js';
import type { ChunkRows } from './chunk-reader.js';

/** What was read in frames, one after the other: a tenth of the bytes of their rows. */
export interface FrameReadings {
  readonly classes: Uint8Array;
  /** Of these classes, 0..1. */
  readonly probabilities: Float32Array;
  /** 1 for what was taken for a digit, else 0. */
  readonly areDigits: Uint8Array;
}

// What stands before, between and behind the values of a row, as JSON has it.
const BEFORE_FILE = '{"file":';
const BEFORE_PROBABILITY = Array.from({ length: CLASS_COUNT }, (_, digitClass) =>
  Buffer.from(`","class":${digitClass},"probability":`),
);
const IS_DIGIT = Buffer.from(',"digit":true}\n');
const IS_NONE = Buffer.from(',"digit":false}\n');

/** Bytes of a row behind the start of its name, at most: a place has ten, a probability eight. */
const MOST_OF_ROW = 10 + BEFORE_PROBABILITY[0]!.length + 8 + IS_NONE.length;

/**
 * The rows of frames, as they are written and counted. Of these a batch has the most: they are written as bytes, which
 * takes half as long as making texts of them.
 */
export function frameRows(pieces: readonly FoundFrames[], readings: FrameReadings): ChunkRows {
  const { classes, probabilities, areDigits } = readings;
  const named = pieces.map(({ path, places }) => ({
    start: Buffer.from(BEFORE_FILE + startOfNames(path)),
    places,
  }));
  const most = named.reduce(
    (sum, { start, places }) => sum + places.length * (start.length + MOST_OF_ROW),
    0,
  );
  const bytes = new AsciiWriter(most);
  const accepted = Array.from({ length: CLASS_COUNT }, () => 0);
  let image = 0;
  for (const { start, places } of named) {
    for (let i = 0; i < places.length; i++, image++) {
      const digitClass = classes[image]!;
      const isDigit = areDigits[image] === 1;
      bytes.add(start);
      bytes.addWhole(places[i]!);
      bytes.add(BEFORE_PROBABILITY[digitClass]!);
      bytes.addMillionths(inMillionths(probabilities[image]!));
      bytes.add(isDigit ? IS_DIGIT : IS_NONE);
      if (isDigit) accepted[digitClass]!++;
    }
  }
  const sum = accepted.reduce((before, count) => before + count, 0);
  return {
    lines: bytes.written,
    tally: { images: image, failed: 0, errors: {}, accepted: sum, classes: accepted },
  };
}

const ZERO = 0x30;
const POINT = 0x2e;
/** Digits of a millionth. */
const PLACES = 6;

/** Numbers, as JSON has them, and bytes that are made already, one after the other. */
class AsciiWriter {
  readonly #bytes: Uint8Array;
  #length = 0;

  /** @param most bytes that are written */
  constructor(most: number) {
    this.#bytes = Buffer.allocUnsafe(most);
  }

  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  add(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  addWhole(number: number): void {
    const text = String(number);
    for (let i = 0; i < text.length; i++) this.#bytes[this.#length++] = text.charCodeAt(i);
  }

  /** `1000000` -> `1`, `250000` -> `0.25` */
  addMillionths(millionths: number): void {
    this.#bytes[this.#length++] = millionths === 10 ** PLACES ? ZERO + 1 : ZERO;
    if (millionths % 10 ** PLACES === 0) return;
    this.#bytes[this.#length++] = POINT;
    let rest = millionths;
    for (let at = this.#length + PLACES - 1; at >= this.#length; at--) {
      this.#bytes[at] = ZERO + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    this.#length += PLACES;
    while (this.#bytes[this.#length - 1] === ZERO) this.#length--;
  }
}
