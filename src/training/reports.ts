import { InkdigitError } from '../errors.js';
import type { GridMetrics, Validation } from '../evaluation/measure-grid.js';
import type { Metrics } from '../evaluation/metrics.js';
import type { NetworkPlan, Weights } from '../network/network.js';

/** What a training reports while it runs. */
export interface TrainingHooks<V extends Validation = Metrics> {
  readonly onStep?: (state: StepReport) => void;
  /**
   * `takeSnapshot` copies what is needed to resume from here. It is `null` for an epoch that was cut short: then the
   * snapshot before it is the newest.
   */
  readonly onEpoch?: (
    report: EpochReport<V>,
    takeSnapshot: (() => Snapshot<V>) | null,
  ) => void | Promise<void>;
  /** When aborted, the training ends after the current step and keeps the best model. */
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

export interface EpochReport<V extends Validation = Metrics> {
  readonly epoch: number;
  readonly epochs: number;
  /** Mean training loss. */
  readonly loss: number;
  readonly learningRate: number;
  /** Of the calibrated model. */
  readonly validation: V;
  /** Divisor of the logits, fitted on the validation images; 1 for a finder. */
  readonly temperature: number;
  /**
   * Lowest probability of being a digit that is accepted, fitted on the validation images; 0 without an output for
   * non-digits.
   */
  readonly digitThreshold: number;
  /** False accept rate at that threshold, on outliers of the trained kinds; absent without an output for non-digits. */
  readonly outliersPassing?: number;
  /** Whether this is the best epoch so far. */
  readonly best: boolean;
  /** Of the training steps, without validation. */
  readonly imagesPerSecond: number;
  readonly seconds: number;
}

export interface TrainingResult<V extends Validation = Metrics> {
  readonly plan: NetworkPlan;
  /** The epoch with the lowest validation loss (capped per image) plus false accept rate. */
  readonly best: EpochReport<V>;
  /** Of the best epoch, calibrated. */
  readonly weights: Weights;
  readonly epochs: readonly EpochReport<V>[];
  readonly imagesPerSecond: number;
  readonly seconds: number;
  readonly interrupted: boolean;
}

/** Whether an epoch has the metrics of a network that answers in cells. */
export function isOfGrid(report: EpochReport<Validation>): report is EpochReport<GridMetrics> {
  return 'loss' in report.validation;
}

/** Whether an epoch has the metrics of a network that reads digits. */
export function isOfReader(report: EpochReport<Validation>): report is EpochReport {
  return !('loss' in report.validation);
}

/** A training after a whole number of epochs. Random streams are derived from the seed, so none is kept. */
export interface Snapshot<V extends Validation = Metrics> {
  readonly epochs: readonly EpochReport<V>[];
  /** Time in training steps, and in total. */
  readonly trainingMs: number;
  readonly elapsedMs: number;
  /** `[parameterCount]` */
  readonly parameters: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
  readonly average: Weights;
  /** Of the best epoch so far, calibrated. */
  readonly best: Weights;
}

/**
 * The start of a training, with the epochs' metrics of one kind.
 * @throws InkdigitError `invalid_data` for a snapshot with metrics of the other kind
 */
export function startOf<V extends Validation>(
  begin: Snapshot<Validation> | Weights | null,
  isOfKind: (report: EpochReport<Validation>) => report is EpochReport<V>,
): Snapshot<V> | Weights | null {
  if (begin === null || !('epochs' in begin)) return begin;
  const epochs = begin.epochs.filter(isOfKind);
  if (epochs.length === begin.epochs.length) return { ...begin, epochs };
  throw new InkdigitError(
    'invalid_data',
    'The checkpoint has epochs with the metrics of another kind of network; start over with --force.',
  );
}
