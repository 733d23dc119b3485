import { validationOf, type ValidationFigures } from './card-figures.js';
import { unmeasured, type ModelCard } from './card.js';
import { sha256Of } from '../../sha256.js';

/** How the mean was calibrated, and how it does on the validation images. */
export interface CalibratedFigures {
  readonly validation: ValidationFigures;
  readonly temperature: number;
  readonly digitThreshold: number;
}

/** What only the caller knows. */
export interface AverageFacts {
  readonly name: string;
  /** The models whose mean it is: file and SHA-256. */
  readonly of: readonly { readonly file: string; readonly sha256: string }[];
  readonly versions: Readonly<Record<string, string>>;
  /** The exported file. */
  readonly model: Uint8Array;
  readonly finished: Date;
}

/**
 * The card of a mean of models: that of the first of them, less what was measured on that one.
 * @param card of the first
 */
export function makeAverageCard(
  card: ModelCard,
  { validation, temperature, digitThreshold }: CalibratedFigures,
  { name, of, versions, model, finished }: AverageFacts,
): ModelCard {
  return {
    ...unmeasured(card),
    name,
    ...(digitThreshold > 0 && { digitThreshold }),
    validation: validationOf(validation),
    test: null,
    average: { of: [...of], temperature, finished: finished.toISOString() },
    versions,
    file: { bytes: model.length, sha256: sha256Of(model) },
  };
}
