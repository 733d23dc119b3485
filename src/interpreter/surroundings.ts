import type { InkdigitError } from '../errors.js';
import type { StoredNumbers, StoredTensor } from './onnx-file.js';
import type { Slot } from './slot.js';

/** What an operator finds around it. */
export interface Surroundings {
  readonly attributes: ReadonlyMap<string, readonly number[]>;
  /** A value that an operator before it gives, by its place among the inputs. */
  readonly slot: (place: number) => Slot;
  /** A constant of the file, by its place among the inputs. */
  readonly constant: (place: number) => StoredTensor;
  /** An error that names the operator, to be thrown. */
  readonly refuse: (why: string) => InkdigitError;
}

/** Of its inputs, sizes or attributes. */
export const OTHER_FORM = 'has a form that is not known here';

/** The same on both axes and on all sides. */
export function stridesOf(around: Surroundings): { readonly stride: number; readonly padding: number } {
  const strides = around.attributes.get('strides') ?? [1];
  const pads = around.attributes.get('pads') ?? [0];
  const [stride = 1] = strides;
  const [padding = 0] = pads;
  const isAlike = strides.every((one) => one === stride) && pads.every((one) => one === padding);
  if (!isAlike || padding < 0) throw around.refuse(OTHER_FORM);
  return { stride, padding };
}

export function outputSize(size: number, kernel: number, stride: number, padding: number): number {
  return Math.floor((size + 2 * padding - kernel) / stride) + 1;
}

/** The first number of a constant. */
export function floatOf(around: Surroundings, place: number): number {
  const [value] = ofType(around.constant(place).values, Float32Array, around);
  if (value === undefined) throw around.refuse(`has nothing as its input ${place}`);
  return value;
}

/** Levels and weights stand for 0 where they are 0. */
export function requireZeros(around: Surroundings, place: number): void {
  if (around.constant(place).values.some((value) => value !== 0)) {
    throw around.refuse('has a zero point other than 0');
  }
}

/** The values, where they are of this type. */
export function ofType<T extends StoredNumbers>(
  values: StoredNumbers,
  type: new (...args: never[]) => T,
  { refuse }: Surroundings,
): T {
  if (values instanceof type) return values;
  throw refuse('has numbers of another type than is known here');
}
