import { validationOf, type ValidationFigures } from './card-figures.js';
import { unmeasured, type ModelCard } from './card.js';
import { sha256Of } from '../../sha256.js';

/** What a quantization made. */
interface QuantizedModel {
  readonly model: Uint8Array;
  readonly digitThreshold: number;
  readonly validation: ValidationFigures;
  /** Validation images that it reads as the model does that it was made from. */
  readonly agreeing: number;
  readonly cascade?: Omit<NonNullable<ModelCard['cascade']>, 'first'>;
}

/** The same of a network that answers in cells. */
interface QuantizedGridNetwork extends QuantizedModel {
  readonly boxShift: number;
}

/** What only the caller of a quantization knows. */
export interface QuantizationFacts {
  readonly name: string;
  /** The file of the model that it was made from. */
  readonly from: string;
  readonly calibrationImages: number;
  /** Of the first stage, where there is one. */
  readonly first?: { readonly file: string; readonly card: ModelCard };
  readonly versions: Readonly<Record<string, string>>;
  readonly finished: Date;
}

/**
 * The card of an int8 model: that of the float model, without what was measured on that one.
 * @param card of the model that it was made from
 */
export function makeQuantizedCard(
  card: ModelCard,
  quantized: QuantizedModel | QuantizedGridNetwork,
  { name, from, calibrationImages, first, versions, finished }: QuantizationFacts,
): ModelCard {
  const { model, digitThreshold, validation, agreeing, cascade } = quantized;
  return {
    ...unmeasured(card),
    name,
    ...(digitThreshold > 0 && { digitThreshold }),
    validation: validationOf(validation),
    test: null,
    quantization: {
      bits: 8,
      from,
      sha256: card.file.sha256,
      calibrationImages,
      agreement: agreeing / validation.count,
      ...('boxShift' in quantized && { boxShift: quantized.boxShift }),
      finished: finished.toISOString(),
    },
    ...(cascade && first && { cascade: { ...cascade, first: firstStageOf(first) } }),
    versions,
    file: { bytes: model.length, sha256: sha256Of(model) },
  };
}

function firstStageOf({
  file,
  card: {
    network,
    seed,
    recipe,
    file: { sha256 },
  },
}: Required<QuantizationFacts>['first']): Required<ModelCard>['cascade']['first'] {
  return { file, sha256, network, seed, recipe };
}
