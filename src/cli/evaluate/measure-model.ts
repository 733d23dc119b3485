import { measureRobustness, type Robustness } from '../../evaluation/corruptions/robustness.js';
import { findMisclassified, measure, type Metrics, type Misclassified } from '../../evaluation/metrics.js';
import { measureOutliers, type OutlierReport } from '../../evaluation/outliers/measure-outliers.js';
import type { Speed } from '../../evaluation/report.js';
import type { OpenedModels } from '../../model/digit-models.js';
import { INFERENCE_BATCH } from '../../model/logits-of.js';
import type { ProgressBar } from '../../progress.js';
import type { EvaluateOptions } from './evaluate-options.js';
import type { EvaluationData, OutlierData } from './evaluation-data.js';

/** All figures of an evaluation. */
export interface Findings {
  readonly metrics: Metrics;
  readonly misclassified: readonly Misclassified[];
  readonly robustness: Robustness | null;
  readonly outliers: OutlierReport | null;
  readonly speed: Speed;
}

/** Measures the answers of models, and their robustness where it is asked for. */
export async function measureModel(
  { classifier }: OpenedModels,
  { labels, answers, seconds, frames }: EvaluationData,
  outlierData: OutlierData | null,
  { threads, robustness }: Pick<EvaluateOptions, 'threads' | 'robustness'>,
  bar: ProgressBar,
): Promise<Findings> {
  const { probabilities } = answers;
  const metrics = measure(probabilities, labels);
  const imagesPerSecond = metrics.count / seconds;
  return {
    metrics,
    misclassified: findMisclassified(probabilities, labels),
    speed: { imagesPerSecond, threads, batch: Math.min(INFERENCE_BATCH, metrics.count) },
    robustness:
      robustness && frames
        ? await measureRobustness(classifier, { frames, labels }, (text, fraction) =>
            bar.update({ label: 'robustness', fraction, text }),
          )
        : null,
    outliers: outlierData && measureOutliers(classifier, answers, outlierData),
  };
}
