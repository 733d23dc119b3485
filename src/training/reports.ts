import type { Metrics } from '../evaluation/metrics.js';
import type { NetworkPlan, Weights } from './network.js';

/** What a training reports while it runs. */
export interface TrainingHooks {
  readonly onStep?: (state: StepReport) => void;
  /**
   * `takeSnapshot` copies what is needed to continue from here as if never stopped. It is not given for an epoch
   * that was cut short: there the last one holds.
   */
  readonly onEpoch?: (report: EpochReport, takeSnapshot: (() => Snapshot) | null) => void | Promise<void>;
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
  /** Of the calibrated model. */
  readonly validation: Metrics;
  /** What the logits were divided by, fitted on the validation images. */
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

export interface TrainingResult {
  readonly plan: NetworkPlan;
  /** The epoch with the highest (capped) likelihood of the validation images and the fewest outliers that pass. */
  readonly best: EpochReport;
  /** Of that epoch, calibrated. */
  readonly weights: Weights;
  readonly epochs: readonly EpochReport[];
  readonly imagesPerSecond: number;
  readonly seconds: number;
  readonly interrupted: boolean;
}

/** A training after a whole number of epochs. All that is random is drawn anew from the seed, so none of it is kept. */
export interface Snapshot {
  readonly epochs: readonly EpochReport[];
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
