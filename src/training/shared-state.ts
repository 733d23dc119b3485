import { FRAME_PIXELS } from '../image/frame.js';
import type { LabelledFrames } from '../data/labelled-frames.js';
import type { NetworkPlan } from './network.js';
import { normal } from '../random.js';
import { randomStream } from '../random-streams.js';
import { gather } from './parameter-forms.js';

/**
 * Everything that the threads of a training share. It lies in shared memory: nothing is copied between them. What belongs to a
 * parameter is in the order in which the training graph gives gradients.
 */
export interface SharedState {
  /** `[count, 28, 28]` training images and their labels. */
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
  /**
   * What the next steps are to learn from: `[STEPS_AHEAD, batch, 28, 28]` changed images of 0..1, and their labels, 10 that of what
   * is no digit.
   */
  readonly batchImages: Float32Array;
  readonly batchLabels: Uint8Array;
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

/** For how many steps there is room for images, so that they can be made while others are learnt from. */
export const STEPS_AHEAD = 4;

/** What a network knows before it has learnt anything, drawn from `seed`: `[parameterCount]`. */
export function initialParameters(plan: NetworkPlan, seed: number): Float32Array {
  const parameters = new Float32Array(plan.parameterCount);
  plan.parameters.forEach(({ offset, size, initial }, index) => {
    const random = randomStream('initialWeights', seed, index);
    for (let i = offset; i < offset + size; i++) {
      parameters[i] = 'normal' in initial ? initial.normal * normal(random) : initial.constant;
    }
  });
  return parameters;
}

/** Lays the memory out and draws the first parameters from `seed`. */
export function createSharedState(
  plan: NetworkPlan,
  data: LabelledFrames,
  settings: { batchSize: number; slots: number; seed: number; gradientPlaces: Int32Array },
): SharedState {
  const { batchSize, slots, seed, gradientPlaces } = settings;
  const { parameterCount, statisticCount } = plan;
  const decays = new Uint8Array(parameterCount);
  for (const { offset, size, decays: decay } of plan.parameters)
    decays.fill(decay ? 1 : 0, offset, offset + size);
  const parameters = sharedFloats(parameterCount);
  parameters.set(gather(initialParameters(plan, seed), gradientPlaces));
  const averageParameters = sharedFloats(parameterCount);
  averageParameters.set(parameters);
  return {
    pixels: sharedBytes(data.frames.pixels.subarray(0, data.frames.count * FRAME_PIXELS)),
    labels: sharedBytes(data.labels),
    batchImages: sharedFloats(STEPS_AHEAD * batchSize * FRAME_PIXELS),
    batchLabels: new Uint8Array(new SharedArrayBuffer(STEPS_AHEAD * batchSize)),
    parameters,
    firstMoment: sharedFloats(parameterCount),
    secondMoment: sharedFloats(parameterCount),
    decays: sharedBytes(Uint8Array.from(gather(decays, gradientPlaces))),
    averageParameters,
    averageStatistics: sharedFloats(statisticCount),
    gradients: sharedFloats(slots * parameterCount),
    statistics: sharedFloats(slots * statisticCount),
    losses: sharedFloats(slots),
    nextSlot: new Int32Array(new SharedArrayBuffer(4)),
  };
}
