import { InkdigitError } from '../errors.js';
import type { Weights } from './network.js';
import type { ModelWeights } from './weights-file.js';

/** A model's weights, and the file that they are of. */
export interface NamedWeights extends ModelWeights {
  readonly file: string;
}

/**
 * The mean of the weights of models that came from one another, or from one beginning: it errs less than each of them
 * and keeps what they have in common (Wortsman et al., 2022: "Model soups"; "Robust fine-tuning of zero-shot models",
 * which has this mean of a model and of what it became).
 * @throws InkdigitError `invalid_option` for models of different networks, or less than two
 */
export function averageWeights(models: readonly NamedWeights[]): Weights {
  const [first, ...others] = models;
  if (!first || others.length === 0) {
    throw new InkdigitError(
      'invalid_option',
      `Expected at least two models, got ${models.length}: the mean of one is itself.`,
    );
  }
  const formOf = ({ network, outputs }: ModelWeights): string => `${network} of ${outputs} outputs`;
  const odd = others.find((model) => formOf(model) !== formOf(first));
  if (odd) {
    throw new InkdigitError(
      'invalid_option',
      `${odd.file} is of another network than ${first.file}: expected ${formOf(first)}, got ${formOf(odd)}.`,
    );
  }
  const mean = (kind: keyof Weights): Float32Array =>
    first.weights[kind].map(
      (_, i) => models.reduce((sum, { weights }) => sum + weights[kind][i]!, 0) / models.length,
    );
  return { parameters: mean('parameters'), statistics: mean('statistics') };
}
