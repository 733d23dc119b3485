import { packFrames, planeOfFrame, type Frame } from '../image/frame.js';
import type { Plane } from '../image/plane.js';
import type { ImageContent, Picture } from '../image/picture.js';
import { readImageByRulesSoon, readImageSoon, type ReadImage } from '../image/read-image.js';
import type { ModelCard } from './card.js';
import { openModel, type Classifier, type ClassifierOptions } from './classifier.js';
import { openPictureReader, type PictureReader } from './picture-reader.js';
import { readingsOf, type Reading } from './readings.js';

/** The networks that read digits. */
export interface DigitModels {
  /** Reads frames as MNIST's are. */
  readonly classifier: Classifier;
  /** Reads all other pictures; where there is none, they are made frames by rules. */
  readonly pictures?: PictureReader | undefined;
}

/** Models that were opened, and what goes with them. */
export interface OpenedModels extends DigitModels {
  /** What the model of frames says of itself. */
  readonly card: ModelCard;
  /** Makes of an image file what these models read. */
  readonly readImage: ReadImage;
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
    readImage: pictures ? readImageSoon : readImageByRulesSoon,
    async close() {
      await classifier.close();
      await pictures?.close();
    },
  };
}

/** What became of one image. */
export interface ImageReading {
  readonly reading: Reading;
  /** What the model got, where it was asked for: `[28, 28]` of a frame, `[64, 64]` of a picture. */
  readonly input: Plane | undefined;
}

/**
 * Reads frames and pictures, all frames in one inference: as many as memory and whoever waits for it bear.
 * @param withInputs whether the answers are to have what the model got
 * @returns one reading an image, in their order
 */
export async function readContents(
  { classifier, pictures }: DigitModels,
  contents: readonly ImageContent[],
  withInputs = false,
): Promise<ImageReading[]> {
  const frames = contents.flatMap((content) => (content.kind === 'frame' ? [content.frame] : []));
  const others = contents.flatMap((content) => (content.kind === 'picture' ? [content.picture] : []));
  const ofFrames = (await readFrames(classifier, frames, withInputs)).values();
  const ofPictures = (await readPictures(pictures, others, withInputs)).values();
  return contents.map(({ kind }) => {
    const { done, value } = (kind === 'frame' ? ofFrames : ofPictures).next();
    if (done) throw new Error('unreachable: there is a reading for every image');
    return value;
  });
}

async function readFrames(
  classifier: Classifier,
  frames: readonly Frame[],
  withInputs: boolean,
): Promise<ImageReading[]> {
  if (frames.length === 0) return [];
  const batch = packFrames(frames);
  const probabilities = await classifier.probabilities(batch);
  return readingsOf(batch, probabilities, classifier.digitThreshold).map((reading, i) => {
    const frame = frames[i];
    return { reading, input: withInputs && frame ? planeOfFrame(frame) : undefined };
  });
}

async function readPictures(
  reader: PictureReader | undefined,
  pictures: readonly Picture[],
  withInputs: boolean,
): Promise<ImageReading[]> {
  if (pictures.length === 0) return [];
  if (!reader) throw new Error('unreachable: without a reader of pictures, all are made frames');
  const readings = await reader.read(pictures, withInputs);
  return readings.map(({ reading, view }) => ({ reading, input: view }));
}
