import type { ImageContent } from '../image/picture.js';
import { readingsOfContents, type FramePictures, type ImageReading } from '../reading/content-reading.js';
import type { PictureReader } from '../reading/picture-reading.js';
import type { ModelCard } from './card/card.js';
import { openModel, type Classifier, type ClassifierOptions } from './classifier.js';
import { framePictures } from './pictures/frame-pictures.js';
import { openPictureReader } from './pictures/picture-reader.js';

export type { ImageReading } from '../reading/content-reading.js';

/** The networks that read digits. */
export interface DigitModels {
  /** Reads frames as MNIST's are. */
  readonly classifier: Classifier;
  /** Reads all other pictures; where there is none, they are made frames. */
  readonly pictures?: PictureReader | undefined;
  /** Makes them frames; with the shipped finder, if unsaid. */
  readonly framePictures?: FramePictures;
}

/** Models that were opened, and what goes with them. */
export interface OpenedModels extends DigitModels {
  /** What the model of frames says of itself. */
  readonly card: ModelCard;
  /** Frees the native memory. */
  close(): Promise<void>;
}

/**
 * Opens a model of frames, and the networks of pictures that lie beside it.
 * @throws InkdigitError `missing_file` or `invalid_model`
 */
export async function openDigitModels(
  modelPath: string,
  options: ClassifierOptions = {},
): Promise<OpenedModels> {
  const { classifier, card } = await openModel(modelPath, options);
  const pictures = await openPictureReader(modelPath, options).catch(async (thrown: unknown) => {
    await classifier.close();
    throw thrown;
  });
  return {
    classifier,
    card,
    pictures,
    async close() {
      await classifier.close();
      await pictures?.close();
    },
  };
}

/**
 * Reads frames and pictures, all frames in one inference: as many as memory and those who wait can bear.
 * @param withInputs whether the answers are to have what the model got
 * @returns one reading an image, in their order
 */
export function readContents(
  models: DigitModels,
  contents: readonly ImageContent[],
  withInputs = false,
): Promise<ImageReading[]> {
  return readingsOfContents({ framePictures, ...models }, contents, withInputs);
}
