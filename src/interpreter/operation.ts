import { integerStep, packLayer, type IntegerLayer, type PackedLayer } from './integer-layers.js';
import { sizeOf, type Pieces, type Slot, type Step } from './slot.js';
import type { Surroundings } from './surroundings.js';

/** What an operator gives, and what computes it; nothing where the same memory only goes by another shape. */
export interface Operation {
  readonly output: Slot;
  readonly step?: Step;
  /** Whether it runs even where its output is not there: it decides that. */
  readonly isAlwaysRun?: boolean;
  /** How a part of its output is computed, where it has parts. */
  readonly pieces?: Pieces;
  /** Of one that sums products of integers. */
  readonly layer?: PackedLayer;
}

/** Memory for a value that is there whenever another is. */
export function likeSlot(
  { presence }: Slot,
  shape: readonly number[],
  kind: 'levels' | 'floats',
  isChannelsLast = false,
): Slot {
  const size = sizeOf(shape);
  const data = kind === 'levels' ? new Float64Array(size) : new Float32Array(size);
  return { shape, data, isChannelsLast, presence };
}

/** An operator that computes its output in pieces. */
export function inPieces(output: Slot, pieces: Pieces): Operation {
  const { compute, count } = pieces;
  return { output, step: () => compute(0, count), pieces };
}

/** An operator that sums products of integers. @throws InkdigitError `invalid_model` where sums would not fit */
export function summed(layer: IntegerLayer, output: Slot, { refuse }: Surroundings): Operation {
  const packed = packLayer(layer);
  if (!packed) throw refuse('has more inputs than can be summed exactly');
  return { output, step: integerStep(packed), layer: packed };
}
