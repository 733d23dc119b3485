import { InkdigitError } from '../errors.js';
import type { LabelledFrames } from '../data/labelled-frames.js';
import { evaluate } from '../evaluation/evaluate.js';
import type { Metrics } from '../evaluation/metrics.js';
import { createClassifier } from '../model/classifier.js';
import { exportModel, type Weights } from './export.js';
import { planNetwork, type NetworkPlan } from './network.js';
import { moveAverage, warmedUpDecay } from './optimizer.js';
import { createRandom, shuffle } from './random.js';
import { microbatchOf, type Recipe } from './recipe.js';
import { warmUpCosine, type Schedule } from './schedule.js';
import { createSharedState, ORDER_STREAM, type SharedState } from './shared-state.js';
import type { StepCommand } from './step-worker.js';
import { buildTrainingGraph } from './training-graph.js';
import type { StartWorker, WorkerHandle } from './workers.js';

/** What a training reports while it runs. */
export interface TrainingHooks {
  readonly onStep?: (state: StepReport) => void;
  readonly onEpoch?: (report: EpochReport) => void;
  /** When aborted, the training ends after the step under way and keeps the best model. */
  readonly signal?: AbortSignal;
  /** Milliseconds of any steady clock. */
  readonly now?: () => number;
}

export interface StepReport {
  /** 1 for the first, of `epochs`. */
  readonly epoch: number;
  readonly epochs: number;
  /** Steps done, of `totalSteps`. */
  readonly step: number;
  readonly totalSteps: number;
  /** Mean loss of this epoch so far. */
  readonly loss: number;
  readonly imagesPerSecond: number;
  readonly secondsLeft: number;
}

export interface EpochReport {
  readonly epoch: number;
  readonly epochs: number;
  /** Mean training loss. */
  readonly loss: number;
  readonly learningRate: number;
  readonly validation: Metrics;
  /** Whether this is the best epoch so far. */
  readonly best: boolean;
  /** Of the training steps, without the validation. */
  readonly imagesPerSecond: number;
  readonly seconds: number;
}

export interface TrainingResult {
  readonly plan: NetworkPlan;
  /** Of the epoch with the highest validation accuracy. */
  readonly best: EpochReport;
  readonly weights: Weights;
  readonly epochs: readonly EpochReport[];
  readonly imagesPerSecond: number;
  readonly seconds: number;
  readonly interrupted: boolean;
}

/**
 * Trains a network, data parallel over `threads` threads. The result depends on the recipe and the data alone, not
 * on the number of threads.
 * @throws InkdigitError `invalid_option` for a batch that does not fit the data, `training_failed` when the loss
 * is no longer a number
 */
export async function train(
  recipe: Recipe,
  data: { readonly training: LabelledFrames; readonly validation: LabelledFrames },
  threads: number,
  startWorker: StartWorker,
  hooks: TrainingHooks = {},
): Promise<TrainingResult> {
  const plan = planNetwork(recipe.network);
  const microbatch = microbatchOf(recipe.batchSize);
  const slots = recipe.batchSize / microbatch;
  const count = data.training.labels.length;
  if (count < recipe.batchSize) {
    throw new InkdigitError(
      'invalid_option',
      `The batch size ${recipe.batchSize} is larger than the ${count} training images; choose a smaller one.`,
    );
  }
  const shared = createSharedState(plan, data.training, slots, recipe.seed);
  const graph = buildTrainingGraph(plan, microbatch);
  const workerCount = Math.min(threads, slots);
  const share = (worker: number): number => Math.floor((plan.parameterCount * worker) / workerCount);
  const workers = await Promise.all(
    Array.from({ length: workerCount }, (_, worker) =>
      startWorker({
        ...graph,
        shared,
        microbatch,
        seed: recipe.seed,
        augmentation: recipe.augmentation,
        labelSmoothing: recipe.labelSmoothing,
        weightDecay: recipe.weightDecay,
        from: share(worker),
        to: share(worker + 1),
      }),
    ),
  );
  try {
    return await new Training({
      recipe,
      plan,
      shared,
      workers,
      validation: data.validation,
      threads,
      hooks,
    }).run();
  } finally {
    await Promise.all(workers.map((worker) => worker.close()));
  }
}

/** What one training works with. */
interface TrainingParts {
  readonly recipe: Recipe;
  readonly plan: NetworkPlan;
  readonly shared: SharedState;
  readonly workers: readonly WorkerHandle[];
  readonly validation: LabelledFrames;
  readonly threads: number;
  readonly hooks: TrainingHooks;
}

/** The leading thread of one training. */
class Training {
  readonly #parts: TrainingParts;
  readonly #now: () => number;
  readonly #stepsPerEpoch: number;
  readonly #schedule: Schedule;
  readonly #startedMs: number;
  #step = 0;
  #trainingMs = 0;

  constructor(parts: TrainingParts) {
    const { recipe, shared, hooks } = parts;
    this.#parts = parts;
    this.#now = hooks.now ?? (() => performance.now());
    // The last images of an epoch's order that do not fill a batch wait for another epoch.
    this.#stepsPerEpoch = Math.floor(shared.order.length / recipe.batchSize);
    const totalSteps = this.#stepsPerEpoch * recipe.epochs;
    this.#schedule = warmUpCosine({
      peak: recipe.learningRate,
      warmUpSteps: Math.round(recipe.warmUp * totalSteps),
      totalSteps,
    });
    this.#startedMs = this.#now();
  }

  async run(): Promise<TrainingResult> {
    const epochs: EpochReport[] = [];
    let best: { report: EpochReport; weights: Weights } | undefined;
    for (let epoch = 1; epoch <= this.#parts.recipe.epochs && !this.#stopped(); epoch++) {
      const loss = await this.#trainEpoch(epoch);
      const validation = await this.#validate();
      const isBest = !best || isBetter(validation, best.report.validation);
      const report: EpochReport = {
        epoch,
        epochs: this.#parts.recipe.epochs,
        loss,
        learningRate: this.#schedule(this.#step - 1),
        validation,
        best: isBest,
        imagesPerSecond: this.#imagesPerSecond(),
        seconds: (this.#now() - this.#startedMs) / 1000,
      };
      epochs.push(report);
      if (isBest) best = { report, weights: this.#averageWeights() };
      this.#parts.hooks.onEpoch?.(report);
    }
    if (!best) throw new InkdigitError('training_failed', 'The training was stopped before its first step.');
    return {
      plan: this.#parts.plan,
      best: best.report,
      weights: best.weights,
      epochs,
      imagesPerSecond: this.#imagesPerSecond(),
      seconds: (this.#now() - this.#startedMs) / 1000,
      interrupted: this.#stopped(),
    };
  }

  /** @returns the mean loss */
  async #trainEpoch(epoch: number): Promise<number> {
    const { seed, batchSize, epochs, averageDecay } = this.#parts.recipe;
    const startedMs = this.#now();
    const trainedMs = this.#trainingMs;
    const totalSteps = this.#stepsPerEpoch * epochs;
    shuffle(this.#parts.shared.order, createRandom(seed, ORDER_STREAM, epoch));
    let lossSum = 0;
    let steps = 0;
    while (steps < this.#stepsPerEpoch && (steps === 0 || !this.#stopped())) {
      Atomics.store(this.#parts.shared.nextSlot, 0, 0);
      await this.#everyWorker({ kind: 'gradients', epoch, firstImage: steps * batchSize });
      lossSum += this.#stepLoss(epoch);
      const decay = warmedUpDecay(averageDecay, this.#step);
      const learningRate = this.#schedule(this.#step);
      this.#step++;
      steps++;
      await this.#everyWorker({ kind: 'update', step: this.#step, learningRate, averageDecay: decay });
      this.#averageStatistics(decay);
      this.#trainingMs = trainedMs + this.#now() - startedMs;
      this.#parts.hooks.onStep?.({
        epoch,
        epochs,
        step: this.#step,
        totalSteps,
        loss: lossSum / steps,
        imagesPerSecond: this.#imagesPerSecond(),
        secondsLeft: ((this.#now() - this.#startedMs) / 1000 / this.#step) * (totalSteps - this.#step),
      });
    }
    return lossSum / steps;
  }

  async #everyWorker(command: StepCommand): Promise<void> {
    await Promise.all(this.#parts.workers.map((worker) => worker.run(command)));
  }

  #stepLoss(epoch: number): number {
    const { losses } = this.#parts.shared;
    const loss = losses.reduce((a, b) => a + b, 0) / losses.length;
    if (Number.isFinite(loss)) return loss;
    throw new InkdigitError(
      'training_failed',
      `The loss became ${loss} in epoch ${epoch}, step ${this.#step + 1}: the training diverged. ` +
        `Try a smaller learning rate than ${this.#parts.recipe.learningRate}.`,
    );
  }

  /** The batch norms' statistics follow the same moving average as the weights that they belong to. */
  #averageStatistics(decay: number): void {
    const { statistics, losses, averageStatistics } = this.#parts.shared;
    const size = averageStatistics.length;
    const mean = new Float32Array(size);
    for (let slot = 0; slot < losses.length; slot++) {
      for (let i = 0; i < size; i++) mean[i]! += statistics[slot * size + i]! / losses.length;
    }
    moveAverage(averageStatistics, mean, decay);
  }

  #averageWeights(): Weights {
    return {
      parameters: Float32Array.from(this.#parts.shared.averageParameters),
      statistics: Float32Array.from(this.#parts.shared.averageStatistics),
    };
  }

  /** Measures the very file that would be written now. */
  async #validate(): Promise<Metrics> {
    const classifier = await createClassifier(exportModel(this.#parts.plan, this.#averageWeights()), {
      threads: this.#parts.threads,
    });
    try {
      return await evaluate(classifier, this.#parts.validation);
    } finally {
      await classifier.close();
    }
  }

  #imagesPerSecond(): number {
    return (this.#step * this.#parts.recipe.batchSize * 1000) / this.#trainingMs;
  }

  #stopped(): boolean {
    return this.#parts.hooks.signal?.aborted ?? false;
  }
}

function isBetter(a: Metrics, b: Metrics): boolean {
  return (
    a.correct > b.correct || (a.correct === b.correct && a.negativeLogLikelihood <= b.negativeLogLikelihood)
  );
}
