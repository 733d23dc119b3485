import { InkdigitError } from '../errors.js';
import type { GridMetrics, Validation } from '../evaluation/measure-grid.js';
import type { Metrics } from '../evaluation/metrics.js';
import type { NetworkPlan, Weights } from '../network/network.js';

/** What a training reports while it runs. */
export interface TrainingHooks<V extends Validation = Metrics> {
  readonly onStep?: (state: StepReport) => void;
  /**
   * `takeSnapshot` copies what is needed to continue from here as if never stopped. It is not given for an epoch
   * that was cut short: there the last one holds.
   */
  readonly onEpoch?: (
    report: EpochReport<V>,
    takeSnapshot: (() => Snapshot<V>) | null,
  ) => void | Promise<void>;
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

export interface EpochReport<V extends Validation = Metrics> {
  readonly epoch: number;
  readonly epochs: number;
  /** Mean training loss. */
  readonly loss: number;
  readonly learningRate: number;
  /** Of the calibrated model. */
  readonly validation: V;
  /** What the logits were divided by, fitted on the validation images; 1 of a finder. */
  readonly temperature: number;
  /** How probable it must be that an image is a digit, set on the validation images; 0 without an output for what is none. */
  readonly digitThreshold: number;
  /** Share of outliers, of the kinds that are trained on, that pass the threshold; only with an output for what is none. */
  readonly outliersPassing?: number;
  /** Whether this is the best epoch so far. */
  readonly best: boolean;
  /** Of the training steps, without the validation. */
  readonly imagesPerSecond: number;
  readonly seconds: number;
}

export interface TrainingResult<V extends Validation = Metrics> {
  readonly plan: NetworkPlan;
  /** The epoch with the highest (capped) likelihood of the validation images and the fewest outliers that pass. */
  readonly best: EpochReport<V>;
  /** Of that epoch, calibrated. */
  readonly weights: Weights;
  readonly epochs: readonly EpochReport<V>[];
  readonly imagesPerSecond: number;
  readonly seconds: number;
  readonly interrupted: boolean;
}

/** Whether an epoch was judged as one of a network that answers in cells. */
export function isOfGrid(report: EpochReport<Validation>): report is EpochReport<GridMetrics> {
  return 'loss' in report.validation;
}

/** Whether an epoch was judged as networks that read digits are. */
export function isOfReader(report: EpochReport<Validation>): report is EpochReport {
  return !('loss' in report.validation);
}

/** A training after a whole number of epochs. All that is random is drawn anew from the seed, so none of it is kept. */
export interface Snapshot<V extends Validation = Metrics> {
  readonly epochs: readonly EpochReport<V>[];
  /** Time in training steps, and in all. */
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
 * What a training is to begin with, as one of a network that is judged in one way.
 * @throws InkdigitError `invalid_data` for a snapshot of a network that is judged otherwise
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
    'The checkpoint has epochs that were judged as those of another kind of network; start over with --force.',
  );
}
