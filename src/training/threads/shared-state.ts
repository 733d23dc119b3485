import { isGridShown } from '../../model/contract.js';
import type { LabelledFrames } from '../../data/labelled-frames.js';
import { FRAME_PIXELS } from '../../image/frame.js';
import { elementCount } from '../../onnx/graph.js';
import type { NetworkPlan } from '../../network/network.js';
import { normal } from '../../random.js';
import { randomStream } from '../../random-streams.js';
import { gather } from '../graph/parameter-layouts.js';

/**
 * The state that the threads of a training share, in shared memory. Arrays per parameter are in the order in which
 * the training graph gives gradients.
 */
export interface SharedState {
  /** Steps that there is room for, so that images are made while others are trained on. */
  readonly stepsAhead: number;
  /** `[count, 28, 28]` training images and their labels; empty where scenes are trained on. */
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
  /**
   * The samples of the next steps: `[stepsAhead, batch, side, side]` augmented images of 0..1, and their labels, 10
   * for a non-digit.
   */
  readonly batchImages: Float32Array;
  readonly batchLabels: Uint8Array;
  /**
   * Targets of a network that answers in cells, and their weights in the loss, `[stepsAhead, batch, outputs]`; of
   * length 0 for other networks.
   */
  readonly batchTargets: Float32Array;
  readonly batchWeights: Float32Array;
  /** `[parameterCount]` */
  readonly parameters: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
  /** 1 where weight decay applies. */
  readonly decays: Uint8Array;
  /** Moving averages of the parameters and of the batch norms' statistics: what is exported. */
  readonly averageParameters: Float32Array;
  readonly averageStatistics: Float32Array;
  /** One row for each microbatch of a step: `[slots, parameterCount]`, `[slots, statisticCount]`, `[slots]`. */
  readonly gradients: Float32Array;
  readonly statistics: Float32Array;
  readonly losses: Float32Array;
  /** `[1]`: the next microbatch of this step that no thread has taken. */
  readonly nextSlot: Int32Array;
}

/** Zeros in shared memory. */
export function sharedFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(4 * length));
}

/** A copy in shared memory. */
export function sharedBytes(bytes: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}

/** The initial parameters of a network, drawn from `seed`: `[parameterCount]`. */
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
 * Allocates the memory and draws the initial parameters from `seed`.
 * @param data the training images, or `null` where scenes are trained on
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
    stepsAhead: number;
    whole?: Pick<NetworkPlan, 'shown' | 'input' | 'outputs'>;
  },
): SharedState {
  const { batchSize, slots, seed, gradientIndices, stepsAhead, whole = plan } = settings;
  const numbers = isGridShown(whole.shown) ? stepsAhead * batchSize * whole.outputs : 0;
  const { parameterCount, statisticCount } = plan;
  const decays = new Uint8Array(parameterCount);
  for (const { offset, size, decays: decay } of plan.parameters)
    decays.fill(decay ? 1 : 0, offset, offset + size);
  const parameters = sharedFloats(parameterCount);
  parameters.set(gather(initialParameters(plan, seed), gradientIndices));
  const averageParameters = sharedFloats(parameterCount);
  averageParameters.set(parameters);
  return {
    stepsAhead,
    pixels: sharedBytes(
      data ? data.frames.pixels.subarray(0, data.frames.count * FRAME_PIXELS) : new Uint8Array(),
    ),
    labels: sharedBytes(data ? data.labels : new Uint8Array()),
    batchImages: sharedFloats(stepsAhead * batchSize * elementCount(whole.input)),
    batchLabels: new Uint8Array(new SharedArrayBuffer(stepsAhead * batchSize)),
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
