import { FRAME_PIXELS } from '../image/frame.js';
import type { LabelledFrames } from '../data/labelled-frames.js';
import type { NetworkPlan } from './network.js';
import { createRandom, normal } from '../random.js';

/** Everything that the threads of a training share. It lies in shared memory: nothing is copied between them. */
export interface SharedState {
  /** `[count, 28, 28]` training images and their labels. */
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
  /** The order of the images in this epoch. */
  readonly order: Uint32Array;
  /** `[parameterCount]` */
  readonly parameters: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
  /** 1 where weight decay applies. */
  readonly decays: Uint8Array;
  /** Moving averages of the parameters and of what the batch norms measured: what is exported. */
  readonly averageParameters: Float32Array;
  readonly averageStatistics: Float32Array;
  /** One row for each microbatch of a step: `[slots, parameterCount]`, `[slots, statisticCount]`, `[slots]`. */
  readonly gradients: Float32Array;
  readonly statistics: Float32Array;
  readonly losses: Float32Array;
  /** `[1]`: the next microbatch of this step that no thread has taken yet. */
  readonly nextSlot: Int32Array;
}

function sharedFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(4 * length));
}

function sharedBytes(bytes: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}

/** Lays the memory out and draws the first parameters from `seed`. */
export function createSharedState(
  plan: NetworkPlan,
  data: LabelledFrames,
  slots: number,
  seed: number,
): SharedState {
  const { parameterCount, statisticCount } = plan;
  const decays = new Uint8Array(parameterCount);
  const parameters = sharedFloats(parameterCount);
  plan.parameters.forEach(({ offset, size, initial, decays: decay }, index) => {
    const random = createRandom(seed, INITIAL_STREAM, index);
    const end = offset + size;
    for (let i = offset; i < end; i++) {
      parameters[i] = 'normal' in initial ? initial.normal * normal(random) : initial.constant;
    }
    decays.fill(decay ? 1 : 0, offset, end);
  });
  const averageParameters = sharedFloats(parameterCount);
  averageParameters.set(parameters);
  return {
    pixels: sharedBytes(data.frames.pixels.subarray(0, data.frames.count * FRAME_PIXELS)),
    labels: sharedBytes(data.labels),
    order: new Uint32Array(new SharedArrayBuffer(4 * data.labels.length)),
    parameters,
    firstMoment: sharedFloats(parameterCount),
    secondMoment: sharedFloats(parameterCount),
    decays: sharedBytes(decays),
    averageParameters,
    averageStatistics: sharedFloats(statisticCount),
    gradients: sharedFloats(slots * parameterCount),
    statistics: sharedFloats(slots * statisticCount),
    losses: sharedFloats(slots),
    nextSlot: new Int32Array(new SharedArrayBuffer(4)),
  };
}

/** The streams of random numbers of a training, so that none repeats another. */
export const INITIAL_STREAM = 1;
export const ORDER_STREAM = 2;
export const AUGMENTATION_STREAM = 3;
export const DROPOUT_STREAM = 4;
