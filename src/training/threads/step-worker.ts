import { InkdigitError, messageOf } from '../../errors.js';
import { elementCount } from '../../onnx/graph.js';
import { InferenceSession, Tensor } from '../../model/runtime/onnx-runtime.js';
import { adamW, moveAverage, type Transform } from './optimizer.js';
import { randomStream } from '../../random-streams.js';
import type { SharedState } from './shared-state.js';
import type { Device } from '../compute.js';
import { writeTargets } from './targets.js';
import { Teachers, type Distillation } from './distillation.js';
import { TRAINING_TENSORS, type DropoutMask } from '../graph/training-graph.js';

/** The settings of a thread that works on steps. */
export interface StepWorkerSettings {
  readonly role: 'steps';
  readonly model: Uint8Array;
  readonly device: Device;
  readonly dropoutMasks: readonly DropoutMask[];
  /** As in `TrainingGraph`: for each parameter that the graph takes, its index in the shared state. */
  readonly parameterNumbers: Int32Array;
  readonly shared: SharedState;
  readonly microbatch: number;
  /** Shape of an image, `[1,side,side]`. */
  readonly input: readonly number[];
  /** Logits per image, or all numbers of a finder. */
  readonly outputs: number;
  readonly seed: number;
  readonly labelSmoothing: number;
  readonly distillation: Distillation | null;
  readonly weightDecay: number;
  /** This thread's share of the parameters in updates: `from … to - 1`. */
  readonly from: number;
  readonly to: number;
}

/** The two halves of a step; all threads finish the first before any begins the second. */
export type StepCommand =
  | {
      readonly kind: 'gradients';
      /** 0 for the first of the training. */
      readonly step: number;
    }
  | {
      readonly kind: 'update';
      /** 1 for the first. */
      readonly step: number;
      readonly learningRate: number;
      readonly averageDecay: number;
    };

/**
 * One thread's part of a training. Gradients of microbatches are summed in their order within the step, whichever
 * thread computed them, so that the result does not depend on the number of threads.
 */
export class StepWorker {
  readonly #settings: StepWorkerSettings;
  readonly #session: InferenceSession;
  readonly #images: Float32Array;
  readonly #targets: Float32Array;
  /** Of length 0 except for a finder. */
  readonly #weights: Float32Array;
  readonly #parameters: Float32Array;
  readonly #masks: readonly (DropoutMask & { readonly values: Float32Array })[];
  readonly #feeds: Readonly<Record<string, Tensor>>;
  readonly #fetches: Readonly<Record<string, Tensor>>;
  readonly #outputs: { loss: Float32Array; gradients: Float32Array; statistics: Float32Array };
  readonly #teachers: Teachers | null;
  readonly #optimizer: Transform;
  readonly #updates: Float32Array;

  private constructor(settings: StepWorkerSettings, session: InferenceSession, teachers: Teachers | null) {
    const { shared, microbatch, input, outputs, dropoutMasks, from, to } = settings;
    const statisticCount = shared.averageStatistics.length;
    this.#settings = settings;
    this.#session = session;
    // ONNX Runtime refuses tensors over shared memory, so each thread copies what it reads and writes.
    this.#images = new Float32Array(microbatch * elementCount(input));
    this.#targets = new Float32Array(microbatch * outputs);
    this.#weights = new Float32Array(shared.batchWeights.length > 0 ? microbatch * outputs : 0);
    this.#parameters = new Float32Array(settings.parameterNumbers.length);
    this.#masks = dropoutMasks.map((mask) => ({
      ...mask,
      values: new Float32Array(mask.shape.reduce((a, b) => a * b, 1)),
    }));
    this.#feeds = {
      [TRAINING_TENSORS.image]: new Tensor('float32', this.#images, [microbatch, ...input]),
      [TRAINING_TENSORS.target]: new Tensor('float32', this.#targets, [microbatch, outputs]),
      ...(this.#weights.length > 0 && {
        [TRAINING_TENSORS.weight]: new Tensor('float32', this.#weights, [microbatch, outputs]),
      }),
      [TRAINING_TENSORS.parameters]: new Tensor('float32', this.#parameters, [this.#parameters.length]),
      ...Object.fromEntries(
        this.#masks.map(({ name, values, shape }) => [name, new Tensor('float32', values, shape)]),
      ),
    };
    this.#outputs = {
      loss: new Float32Array(1),
      gradients: new Float32Array(shared.parameters.length),
      statistics: new Float32Array(statisticCount),
    };
    this.#fetches = {
      [TRAINING_TENSORS.loss]: new Tensor('float32', this.#outputs.loss, []),
      [TRAINING_TENSORS.gradients]: new Tensor('float32', this.#outputs.gradients, [
        shared.parameters.length,
      ]),
      ...(statisticCount > 0 && {
        [TRAINING_TENSORS.statistics]: new Tensor('float32', this.#outputs.statistics, [statisticCount]),
      }),
    };
    this.#teachers = teachers;
    this.#optimizer = adamW(
      {
        firstMoment: shared.firstMoment.subarray(from, to),
        secondMoment: shared.secondMoment.subarray(from, to),
      },
      { weightDecay: settings.weightDecay },
    );
    this.#updates = new Float32Array(to - from);
  }

  static async create(settings: StepWorkerSettings): Promise<StepWorker> {
    const session = await openSession(settings);
    const teachers = settings.distillation && (await Teachers.open(settings.distillation));
    return new StepWorker(settings, session, teachers);
  }

  run(command: StepCommand): Promise<void> {
    if (command.kind === 'gradients') return this.#runMicrobatches(command.step);
    this.#update(command);
    return Promise.resolve();
  }

  async close(): Promise<void> {
    await this.#session.release();
    await this.#teachers?.close();
  }

  async #runMicrobatches(step: number): Promise<void> {
    const { shared, parameterNumbers } = this.#settings;
    for (let i = 0; i < parameterNumbers.length; i++) {
      this.#parameters[i] = shared.parameters[parameterNumbers[i]!]!;
    }
    for (;;) {
      const slot = Atomics.add(shared.nextSlot, 0, 1);
      if (slot >= shared.losses.length) return;
      await this.#prepare(step, slot);
      await this.#session.run(this.#feeds, this.#fetches);
      const { loss, gradients, statistics } = this.#outputs;
      shared.losses[slot] = loss[0] ?? NaN;
      shared.gradients.set(gradients, slot * gradients.length);
      shared.statistics.set(statistics, slot * statistics.length);
    }
  }

  /** Writes the inputs of one microbatch. */
  async #prepare(step: number, slot: number): Promise<void> {
    const { shared, microbatch, seed } = this.#settings;
    const place = (step % shared.stepsAhead) * shared.losses.length + slot;
    const take = (own: Float32Array, all: Float32Array): void =>
      own.set(all.subarray(place * own.length, (place + 1) * own.length));
    take(this.#images, shared.batchImages);
    if (this.#weights.length > 0) {
      take(this.#targets, shared.batchTargets);
      take(this.#weights, shared.batchWeights);
    } else {
      await this.#writeTargets(shared.batchLabels.subarray(place * microbatch, (place + 1) * microbatch));
    }
    this.#masks.forEach(({ values, rate }, index) => {
      const random = randomStream('dropout', seed, step, slot, index);
      const kept = 1 / (1 - rate);
      for (let i = 0; i < values.length; i++) values[i] = random() < rate ? 0 : kept;
    });
  }

  async #writeTargets(labels: Uint8Array): Promise<void> {
    writeTargets(this.#targets, labels, this.#settings.labelSmoothing);
    await this.#teachers?.teach(this.#feeds[TRAINING_TENSORS.image], labels, this.#targets);
  }

  #update({ step, learningRate, averageDecay }: Extract<StepCommand, { kind: 'update' }>): void {
    const { shared, from, to } = this.#settings;
    const slots = shared.losses.length;
    const updates = this.#updates;
    const rowLength = shared.parameters.length;
    updates.fill(0);
    for (let slot = 0; slot < slots; slot++) {
      const row = shared.gradients.subarray(slot * rowLength + from, slot * rowLength + to);
      for (let i = 0; i < updates.length; i++) updates[i]! += row[i]! / slots;
    }
    const parameters = shared.parameters.subarray(from, to);
    this.#optimizer(updates, { step, learningRate, parameters, decays: shared.decays.subarray(from, to) });
    for (let i = 0; i < updates.length; i++) parameters[i]! += updates[i]!;
    moveAverage(shared.averageParameters.subarray(from, to), parameters, averageDecay);
  }
}

/** @throws InkdigitError `training_failed` where there is no graphics card that it could compute on */
function openSession({ model, device }: StepWorkerSettings): Promise<InferenceSession> {
  const options = {
    // Several sessions of one thread are faster than one session of several.
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
  } as const;
  if (device === 'cpu') return InferenceSession.create(model, options);
  // Warnings: that shapes are worked out on a core.
  const onCard = { ...options, executionProviders: ['webgpu', 'cpu'], logSeverityLevel: 3 } as const;
  return InferenceSession.create(model, onCard).catch((cause: unknown) => {
    throw new InkdigitError(
      'training_failed',
      'There is no graphics card that WebGPU can use here: on Linux it needs a Vulkan driver and its loader ' +
        `(libvulkan1). Install them, or train with --device cpu. (${messageOf(cause)})`,
      { cause },
    );
  });
}
