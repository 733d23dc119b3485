import type { ModelCard } from '../../src/client/exports.js';
import { percent } from '../answers.js';

/** The model in one sentence. */
export function describeModel({ name, test }: ModelCard): string {
  const accuracy = typeof test === 'object' && test && 'accuracy' in test ? Number(test.accuracy) : NaN;
  const figure = Number.isFinite(accuracy) ? `, ${percent(accuracy)} right on the test images of MNIST` : '';
  return `Model ${name}${figure}. `;
}
