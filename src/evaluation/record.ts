import type { ModelCard } from '../model/card.js';
import type { Metrics } from './metrics.js';
import type { Robustness } from './robustness.js';

/** A card with the figures of its test images; what is said of robustness stays where that was not measured anew. */
export function recordTest(card: ModelCard, metrics: Metrics, robustness: Robustness | null): ModelCard {
  const { accuracy, correct, count, calibrationError, negativeLogLikelihood } = metrics;
  const recorded = {
    ...card,
    test: { accuracy, correct, count, calibrationError, negativeLogLikelihood },
  };
  if (!robustness) return recorded;
  const errors = Object.fromEntries(robustness.corruptions.map(({ name, error }) => [name, error]));
  return { ...recorded, robustness: { meanError: robustness.meanError, errors } };
}
