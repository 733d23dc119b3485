import type { ModelCard } from './card.js';

/** How well a model reads digits, of which a card keeps a part. */
export interface AccuracyFigures {
  /** Share of right answers, 0..1. */
  readonly accuracy: number;
  readonly correct: number;
  readonly count: number;
  readonly calibrationError: number;
  readonly negativeLogLikelihood: number;
}

/** How well a network that answers in cells points to those of digits. */
export interface GridFigures extends Pick<AccuracyFigures, 'accuracy' | 'correct' | 'count'> {
  readonly loss: number;
}

/** What a model was chosen by. */
export type ValidationFigures = AccuracyFigures | GridFigures;

/** What a card keeps of the figures of images. */
export function accuracyOf(figures: AccuracyFigures): ModelCard['validation'] {
  const { accuracy, correct, count, calibrationError, negativeLogLikelihood } = figures;
  return { accuracy, correct, count, calibrationError, negativeLogLikelihood };
}

/** Of a network that answers in cells, the share of digits whose cell it points to. */
export function validationOf(validation: ValidationFigures): ModelCard['validation'] {
  if (!('loss' in validation)) return accuracyOf(validation);
  const { accuracy, correct, count } = validation;
  return { accuracy, correct, count };
}
