/**
 * Transforms from gradients to an update, chained: each changes `updates` in place, and the result is added to the
 * parameters. All work element by element, so that threads can share the parameters out among them.
 */
export interface UpdateContext {
  /** 1 for the first update. */
  readonly step: number;
  readonly learningRate: number;
  /** The parameters that `updates` will be added to, in the same order. */
  readonly parameters: Float32Array;
  /** 1 where weight decay applies. */
  readonly decays: Uint8Array;
}

export type Transform = (updates: Float32Array, context: UpdateContext) => void;

/** Applies one transform after the other. */
export function chain(...transforms: readonly Transform[]): Transform {
  return (updates, context) => {
    for (const transform of transforms) transform(updates, context);
  };
}

/** Adam's moments; both start at zero. */
export interface AdamState {
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
}

/** Divides the running mean of the gradients by the root of the running mean of their squares (Kingma and Ba, 2015). */
export function scaleByAdam(
  { firstMoment, secondMoment }: AdamState,
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = {},
): Transform {
  return (updates, { step }) => {
    const correction1 = 1 / (1 - beta1 ** step);
    const correction2 = 1 / (1 - beta2 ** step);
    for (let i = 0; i < updates.length; i++) {
      const gradient = updates[i]!;
      const first = beta1 * firstMoment[i]! + (1 - beta1) * gradient;
      const second = beta2 * secondMoment[i]! + (1 - beta2) * gradient * gradient;
      firstMoment[i] = first;
      secondMoment[i] = second;
      updates[i] = (first * correction1) / (Math.sqrt(second * correction2) + epsilon);
    }
  };
}

/** Adds `rate` times the parameter itself where it decays: decoupled weight decay (Loshchilov and Hutter, 2019). */
export function addDecayedWeights(rate: number): Transform {
  return (updates, { parameters, decays }) => {
    for (let i = 0; i < updates.length; i++) updates[i]! += rate * parameters[i]! * decays[i]!;
  };
}

/** Downhill by the learning rate. */
export function scaleByLearningRate(): Transform {
  return (updates, { learningRate }) => {
    for (let i = 0; i < updates.length; i++) updates[i]! *= -learningRate;
  };
}

/** AdamW (Loshchilov and Hutter, 2019). */
export function adamW(state: AdamState, options: { weightDecay: number }): Transform {
  return chain(scaleByAdam(state), addDecayedWeights(options.weightDecay), scaleByLearningRate());
}

/** Moves `average` towards `values`: average = decay * average + (1 - decay) * values. */
export function moveAverage(average: Float32Array, values: Float32Array, decay: number): void {
  for (let i = 0; i < average.length; i++) average[i] = decay * average[i]! + (1 - decay) * values[i]!;
}

/** The decay of a moving average at step 0, 1, 2, …: lower at first, so that the random start is soon forgotten. */
export function warmedUpDecay(decay: number, step: number): number {
  return Math.min(decay, (1 + step) / (10 + step));
}
