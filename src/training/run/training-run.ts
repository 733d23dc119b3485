import { isGridShown } from '../../model/contract.js';
import { InkdigitError } from '../../errors.js';
import { diverged, DivergenceWatch } from './divergence.js';
import type { Validator, ValidationResult } from './validators.js';
import type { NetworkPlan, Weights } from '../../network/network.js';
import { moveAverage, warmedUpDecay } from '../threads/optimizer.js';
import { scatter } from '../graph/parameter-layouts.js';
import type { Recipe } from '../recipe.js';
import type { EpochReport, Snapshot, TrainingHooks, TrainingResult } from '../reports.js';
import type { Validation } from '../../evaluation/measure-grid.js';
import { warmUpCosine, type Schedule } from './schedule.js';
import type { SharedState } from '../threads/shared-state.js';
import type { StepCommand } from '../threads/step-worker.js';
import type { WorkerHandle } from '../threads/workers.js';

/** Everything that one training works with. */
interface TrainingParts<V extends Validation> {
  readonly recipe: Recipe;
  /** Of the resulting network. */
  readonly plan: NetworkPlan;
  readonly shared: SharedState;
  /** The order of the arrays per parameter in the shared state. */
  readonly gradientIndices: Int32Array;
  /** They take turns, one step each. */
  readonly loaders: readonly WorkerHandle[];
  readonly workers: readonly WorkerHandle[];
  /** The images at the end of an epoch's order that do not fill a batch are left out. */
  readonly stepsPerEpoch: number;
  readonly validate: Validator<V>;
  readonly hooks: TrainingHooks<V>;
  readonly resumeFrom: Snapshot<V> | null;
}

/** The main thread's part of one training. */
export class TrainingRun<V extends Validation> {
  readonly #parts: TrainingParts<V>;
  readonly #now: () => number;
  readonly #stepsPerEpoch: number;
  readonly #schedule: Schedule;
  readonly #startedMs: number;
  readonly #epochs: EpochReport<V>[];
  readonly #divergence: DivergenceWatch;
  #best: Weights | null;
  #step: number;
  /** Steps whose images were requested, and the requests under way. */
  #loadedSteps: number;
  readonly #loading: Promise<void>[] = [];
  #trainingMs: number;

  constructor(parts: TrainingParts<V>) {
    const { recipe, hooks, resumeFrom } = parts;
    this.#parts = parts;
    this.#now = hooks.now ?? (() => performance.now());
    this.#stepsPerEpoch = parts.stepsPerEpoch;
    const totalSteps = this.#stepsPerEpoch * recipe.epochs;
    this.#schedule = warmUpCosine({
      peak: recipe.learningRate,
      warmUpSteps: Math.round(recipe.warmUp * totalSteps),
      totalSteps,
    });
    this.#startedMs = this.#now() - (resumeFrom?.elapsedMs ?? 0);
    this.#trainingMs = resumeFrom?.trainingMs ?? 0;
    this.#epochs = [...(resumeFrom?.epochs ?? [])];
    this.#divergence = new DivergenceWatch(
      totalSteps,
      this.#epochs.map(({ loss }) => loss),
      isGridShown(parts.plan.shown) ? Infinity : undefined,
    );
    this.#best = resumeFrom?.best ?? null;
    this.#step = this.#epochs.length * this.#stepsPerEpoch;
    this.#loadedSteps = this.#step;
  }

  async run(): Promise<TrainingResult<V>> {
    const { recipe, plan, hooks } = this.#parts;
    for (let epoch = this.#epochs.length + 1; epoch <= recipe.epochs && !this.#stopped(); epoch++) {
      const loss = await this.#trainEpoch(epoch);
      const weights = this.#averageWeights();
      const { whole, ...figures } = await this.#validate(weights, epoch);
      const before = this.#epochs.findLast((report) => report.best);
      const report: EpochReport<V> = {
        epoch,
        epochs: recipe.epochs,
        loss,
        learningRate: this.#schedule(this.#step - 1),
        ...figures,
        best: !before || isBetter(figures, before),
        imagesPerSecond: this.#imagesPerSecond(),
        seconds: this.#seconds(),
      };
      this.#epochs.push(report);
      if (report.best) this.#best = whole;
      const isWhole = this.#step === epoch * this.#stepsPerEpoch;
      await hooks.onEpoch?.(report, isWhole ? () => this.#takeSnapshot() : null);
    }
    const best = this.#epochs.findLast((report) => report.best);
    if (!best || !this.#best) {
      throw new InkdigitError('training_failed', 'The training was stopped before its first step.');
    }
    return {
      plan,
      best,
      weights: this.#best,
      epochs: this.#epochs,
      imagesPerSecond: this.#imagesPerSecond(),
      seconds: this.#seconds(),
      interrupted: this.#step < this.#stepsPerEpoch * recipe.epochs,
    };
  }

  #takeSnapshot(): Snapshot<V> {
    const { shared, gradientIndices } = this.#parts;
    const average = this.#averageWeights();
    return {
      epochs: [...this.#epochs],
      trainingMs: this.#trainingMs,
      elapsedMs: this.#now() - this.#startedMs,
      parameters: scatter(shared.parameters, gradientIndices),
      firstMoment: scatter(shared.firstMoment, gradientIndices),
      secondMoment: scatter(shared.secondMoment, gradientIndices),
      average,
      best: this.#best ?? average,
    };
  }

  /** @returns the mean loss */
  async #trainEpoch(epoch: number): Promise<number> {
    const { epochs, averageDecay } = this.#parts.recipe;
    const startedMs = this.#now();
    const trainedMs = this.#trainingMs;
    const totalSteps = this.#stepsPerEpoch * epochs;
    let lossSum = 0;
    let steps = 0;
    while (steps < this.#stepsPerEpoch && (steps === 0 || !this.#stopped())) {
      Atomics.store(this.#parts.shared.nextSlot, 0, 0);
      await this.#imagesLoaded(totalSteps);
      await this.#everyWorker({ kind: 'gradients', step: this.#step });
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
        secondsLeft: (this.#seconds() / this.#step) * (totalSteps - this.#step),
      });
    }
    return lossSum / steps;
  }

  /** Waits for the images of this step, and requests those of later steps. */
  async #imagesLoaded(totalSteps: number): Promise<void> {
    const { loaders, shared } = this.#parts;
    for (; this.#loadedSteps < Math.min(totalSteps, this.#step + shared.stepsAhead); this.#loadedSteps++) {
      const loader = loaders[this.#loadedSteps % loaders.length];
      if (!loader) throw new Error('unreachable: a training has a loader');
      const loaded = loader.run({ kind: 'images', step: this.#loadedSteps });
      // A training that ends early does not wait for this request.
      loaded.catch(() => {});
      this.#loading.push(loaded);
    }
    await this.#loading.shift();
  }

  async #everyWorker(command: StepCommand): Promise<void> {
    await Promise.all(this.#parts.workers.map((worker) => worker.run(command)));
  }

  #stepLoss(epoch: number): number {
    const { losses } = this.#parts.shared;
    const loss = losses.reduce((a, b) => a + b, 0) / losses.length;
    const trouble = this.#divergence.observe(loss);
    if (trouble === null) return loss;
    throw diverged(trouble, epoch, this.#step + 1, this.#parts.recipe.learningRate);
  }

  /** The batch norms' statistics follow the same moving average as the weights. */
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
    const { shared, gradientIndices } = this.#parts;
    return {
      parameters: scatter(shared.averageParameters, gradientIndices),
      statistics: Float32Array.from(shared.averageStatistics),
    };
  }

  async #validate(weights: Weights, epoch: number): Promise<ValidationResult<V>> {
    const { validate, workers, recipe } = this.#parts;
    const result = await validate(weights, workers.length);
    if (result) return result;
    // The last update may have broken the model after the loss of its step was measured.
    throw diverged('the model no longer gives numbers', epoch, this.#step, recipe.learningRate);
  }

  #seconds(): number {
    return (this.#now() - this.#startedMs) / 1000;
  }

  #imagesPerSecond(): number {
    return (this.#step * this.#parts.recipe.batchSize * 1000) / this.#trainingMs;
  }

  #stopped(): boolean {
    return this.#parts.hooks.signal?.aborted ?? false;
  }
}

/**
 * Compares by the mean log loss of the validation images, each capped, plus the false accept rate. Accuracy differs
 * between epochs by some ten images of thousands, which is chance. The cap keeps wrong labels in MNIST from favouring
 * the least certain epoch. A false accept counts for one nat. Finders are compared by their loss. Of equal epochs the
 * last is kept: its weights average more steps.
 */
function isBetter(a: Figures, b: Figures): boolean {
  const lossOf = ({ outliersPassing = 0, validation }: Figures): number =>
    'loss' in validation ? validation.loss : validation.cappedLogLoss + outliersPassing;
  return lossOf(a) <= lossOf(b);
}

type Figures = Pick<EpochReport<Validation>, 'validation' | 'outliersPassing'>;
