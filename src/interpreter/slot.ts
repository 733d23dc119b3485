/** Whether there is anything for the operators to do: the second stage of a cascade has an image or none. */
export interface Presence {
  isThere: boolean;
}

/** A value between two operators, of one image, in memory that every run uses again. */
export interface Slot {
  /** As the operators see it; the first size, of images, is 1. */
  readonly shape: readonly number[];
  /** Whole numbers in doubles, all else in 32 bits. */
  readonly data: Float64Array | Float32Array;
  /** Whether a picture `[1,C,H,W]` lies in memory as `[1,H,W,C]`. */
  readonly isChannelsLast: boolean;
  /** Shared by all that are there together. */
  readonly presence: Presence;
}

/** One operator at work: reads its slots and writes its slot. */
export type Step = () => void;

/** An operator whose output can be computed in pieces: by places of a picture, or value by value. */
export interface Pieces {
  readonly input: Slot;
  /** How many values of the input lie together and reach the same pieces. */
  readonly inputValues: number;
  /** Calls `use` with each piece of the output that depends on a piece of the input. */
  readonly reach: (inputPiece: number, use: (piece: number) => void) => void;
  /** How many there are; all have the same number of values. */
  readonly count: number;
  /** Computes the pieces `from` … `to - 1`. */
  readonly compute: (from: number, to: number) => void;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Where a difference of halves lies, the even number is next: with this added, the sum has no room for fractions. */
const NO_FRACTIONS = 1.5 * 2 ** 52;

/** The nearest of 0…255; of two that are equally near the even one, as ONNX Runtime rounds. */
export function levelOf(value: number): number {
  return (value > 255 ? 255 : value > 0 ? value : 0) + NO_FRACTIONS - NO_FRACTIONS;
}
