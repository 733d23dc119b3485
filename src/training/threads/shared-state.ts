import type { LabelledFrames } from '../../data/labelled-frames.js';
import { FRAME_PIXELS } from '../../image/frame.js';
import { elementCount } from '../../onnx/graph.js';
import type { NetworkPlan } from '../../network/network.js';
import { normal } from '../../random.js';
import { randomStream } from '../../random-streams.js';
import { gather } from '../graph/parameter-layouts.js';

/**
 * Everything that the threads of a training share. It lies in shared memory: nothing is copied between them. What belongs to a
 * parameter is in the order in which the training graph gives gradients.
 */
export interface SharedState {
  /** `[count, 28, 28]` training images and their labels; none where samples are scenes. */
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
  /**
   * What the next steps are to learn from: `[STEPS_AHEAD, batch, side, side]` changed images of 0..1, and their labels,
   * 10 that of what
   * is no digit.
   */
  readonly batchImages: Float32Array;
  readonly batchLabels: Uint8Array;
  /**
   * What a finder is to give instead, and how much each number counts: `[STEPS_AHEAD, batch, outputs]`; of length 0 for
   * the others.
   */
  readonly batchTargets: Float32Array;
  readonly batchWeights: Float32Array;
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

/** Floats that threads share, all zero. */
export function sharedFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(4 * length));
}

/** A copy that threads share. */
export function sharedBytes(bytes: Uint8Array): Uint8Array {
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

/**
 * Lays the memory out and draws the first parameters from `seed`.
 * @param data the training images, or `null` where samples are scenes
 * @param settings.whole the network that reads the images and gives the outputs, where `plan` is a part of it
 */
export function createSharedState(
  plan: NetworkPlan,
  data: LabelledFrames | null,
  settings: {
    batchSize: number;
    slots: number;
    seed: number;
    gradientIndices: Int32Array;
    whole?: Pick<NetworkPlan, 'shown' | 'input' | 'outputs'>;
  },
): SharedState {
  const { batchSize, slots, seed, gradientIndices, whole = plan } = settings;
  const numbers = whole.shown === 'overview' ? STEPS_AHEAD * batchSize * whole.outputs : 0;
  const { parameterCount, statisticCount } = plan;
  const decays = new Uint8Array(parameterCount);
  for (const { offset, size, decays: decay } of plan.parameters)
    decays.fill(decay ? 1 : 0, offset, offset + size);
  const parameters = sharedFloats(parameterCount);
  parameters.set(gather(initialParameters(plan, seed), gradientIndices));
  const averageParameters = sharedFloats(parameterCount);
  averageParameters.set(parameters);
  return {
    pixels: sharedBytes(
      data ? data.frames.pixels.subarray(0, data.frames.count * FRAME_PIXELS) : new Uint8Array(),
    ),
    labels: sharedBytes(data ? data.labels : new Uint8Array()),
    batchImages: sharedFloats(STEPS_AHEAD * batchSize * elementCount(whole.input)),
    batchLabels: new Uint8Array(new SharedArrayBuffer(STEPS_AHEAD * batchSize)),
    batchTargets: sharedFloats(numbers),
    batchWeights: sharedFloats(numbers),
    parameters,
    firstMoment: sharedFloats(parameterCount),
    secondMoment: sharedFloats(parameterCount),
    decays: sharedBytes(Uint8Array.from(gather(decays, gradientIndices))),
    averageParameters,
    averageStatistics: sharedFloats(statisticCount),
    gradients: sharedFloats(slots * parameterCount),
    statistics: sharedFloats(slots * statisticCount),
    losses: sharedFloats(slots),
    nextSlot: new Int32Array(new SharedArrayBuffer(4)),
  };
}
