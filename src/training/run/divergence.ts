import { InkdigitError } from '../../errors.js';
import { CLASS_COUNT } from '../../model/contract.js';

/** Decay per step of the moving average of the loss: over some fifty steps, so that single batches do not count. */
const AVERAGE_DECAY = 0.98;

/** Until this step the average is not compared. */
const FIRST_STEPS = 20;

/** The loss of a network that guesses. */
const GUESSING = Math.log(CLASS_COUNT);

/**
 * An average is too high above this multiple of the lowest one, and at least this much above it: a small loss may
 * well triple.
 */
const HIGH_FACTOR = 3;
const HIGH_MARGIN = 1;

/** A loss that fell by this share from its peak is recovering, and the count starts again. */
const RECOVERY = 0.2;

/** Share of all steps, with bounds, that the loss may stay too high without recovering. */
const PATIENCE_SHARE = 0.1;
const PATIENCE_STEPS: readonly [number, number] = [30, 300];

/** Detects divergence from the loss of each step, and tolerates noise. */
export class DivergenceWatch {
  readonly #patience: number;
  readonly #guessing: number;
  #average: number;
  #lowest: number;
  #observed: number;
  #peak = 0;
  #highSteps = 0;

  /**
   * @param totalSteps of the training
   * @param epochLosses mean losses of earlier epochs, where a training is resumed
   * @param guessing the loss of a network that guesses; by default among ten digits
   */
  constructor(totalSteps: number, epochLosses: readonly number[] = [], guessing = GUESSING) {
    const [fewest, most] = PATIENCE_STEPS;
    this.#patience = Math.round(Math.min(most, Math.max(fewest, PATIENCE_SHARE * totalSteps)));
    this.#average = epochLosses.at(-1) ?? 0;
    this.#guessing = guessing;
    this.#lowest = Math.min(guessing, ...epochLosses);
    this.#observed = epochLosses.length > 0 ? FIRST_STEPS : 0;
  }

  /** @returns what the loss did, in words, once it is not finite or has diverged; else `null` */
  observe(loss: number): string | null {
    if (!Number.isFinite(loss)) return `the loss became ${loss}`;
    this.#observed++;
    // A plain mean at first, as nothing comes before.
    const weight = Math.max(1 - AVERAGE_DECAY, 1 / this.#observed);
    this.#average += weight * (loss - this.#average);
    if (this.#observed < FIRST_STEPS) return null;
    this.#lowest = Math.min(this.#lowest, this.#average);
    if (this.#average <= Math.max(HIGH_FACTOR * this.#lowest, this.#lowest + HIGH_MARGIN)) {
      this.#peak = 0;
      this.#highSteps = 0;
      return null;
    }
    this.#highSteps++;
    this.#peak = Math.max(this.#peak, this.#average);
    if (this.#average < (1 - RECOVERY) * this.#peak) {
      this.#peak = this.#average;
      this.#highSteps = 0;
    }
    if (this.#highSteps < this.#patience) return null;
    const [lowest, now] = [this.#lowest.toPrecision(3), this.#average.toPrecision(3)];
    const went =
      this.#lowest < this.#guessing
        ? `the loss rose from ${lowest} to ${now}`
        : `the loss is ${now}, where a guess costs ${lowest},`;
    return `${went} and did not come down in ${this.#patience} steps`;
  }
}

/** @param what the loss did, as `DivergenceWatch` words it */
export function diverged(what: string, epoch: number, step: number, learningRate: number): InkdigitError {
  return new InkdigitError(
    'training_failed',
    `The training diverged in epoch ${epoch}, step ${step}: ${what}. ` +
      `Try a smaller learning rate than ${learningRate}, as --learning-rate ${smallerRate(learningRate)}. ` +
      'Where none helps, look for images with wrong labels.',
  );
}

/** A quarter, rounded to one digit. */
function smallerRate(learningRate: number): number {
  return Number((learningRate / 4).toPrecision(1));
}
