import { packFrames, planeOfFrame, type Frame } from '../image/frame.js';
import type { ImageContent, Picture } from '../image/picture.js';
import type { Plane } from '../image/plane.js';
import type { ModelCard } from './card/card.js';
import { openModel, type Classifier, type ClassifierOptions } from './classifier.js';
import { framePictures, type FramePictures } from './pictures/frame-pictures.js';
import { openPictureReader, type PictureReader } from './pictures/picture-reader.js';
import { readingsOf, type PixelBox, type Reading } from './readings.js';

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

/** What became of one image. */
export interface ImageReading {
  readonly reading: Reading;
  /**
   * What the model got, where it was asked for: `[28, 28]` of a frame and of a picture made one, `[32, 32]` of a small
   * picture that was read as a whole, `[64, 64]` of any other picture.
   */
  readonly input: Plane | undefined;
}

/**
 * Reads frames and pictures, all frames in one inference: as many as memory and those who wait can bear.
 * @param withInputs whether the answers are to have what the model got
 * @returns one reading an image, in their order
 */
export async function readContents(
  { classifier, pictures, framePictures: makeFrames = framePictures }: DigitModels,
  contents: readonly ImageContent[],
  withInputs = false,
): Promise<ImageReading[]> {
  // Most requests are of frames alone.
  const onlyFrames = framesOnly(contents);
  if (onlyFrames) return readFrames(classifier, onlyFrames, withInputs);
  const frames = contents.flatMap((content) => (content.kind === 'frame' ? [{ frame: content.frame }] : []));
  const others = contents.flatMap((content) => (content.kind === 'picture' ? [content.picture] : []));
  if (!pictures) {
    const all = inOrder(contents, frames, await makeFrames(others));
    return readFrames(classifier, all, withInputs);
  }
  const ofFrames = await readFrames(classifier, frames, withInputs);
  return inOrder(contents, ofFrames, await readPictures(pictures, others, withInputs));
}

/** @returns undefined where there is a picture among them */
function framesOnly(contents: readonly ImageContent[]): FrameToRead[] | undefined {
  const frames: FrameToRead[] = [];
  for (const content of contents) {
    if (content.kind !== 'frame') return undefined;
    frames.push(content);
  }
  return frames;
}

/** What became of frames and what became of pictures, in the order that the images came in. */
function inOrder<T>(
  contents: readonly ImageContent[],
  ofFrames: readonly T[],
  ofPictures: readonly T[],
): T[] {
  const frames = ofFrames.values();
  const pictures = ofPictures.values();
  return contents.map(({ kind }) => {
    const { done, value } = (kind === 'frame' ? frames : pictures).next();
    if (done) throw new Error('unreachable: something becomes of every image');
    return value;
  });
}

/** A frame, and where in a picture it is from, if it is from one. */
interface FrameToRead {
  readonly frame: Frame;
  readonly box?: PixelBox;
}

async function readFrames(
  classifier: Classifier,
  frames: readonly FrameToRead[],
  withInputs: boolean,
): Promise<ImageReading[]> {
  if (frames.length === 0) return [];
  const batch = packFrames(frames.map(({ frame }) => frame));
  const probabilities = await classifier.probabilities(batch);
  const readings = readingsOf(batch, probabilities, classifier.digitThreshold);
  return readings.map((reading, i) => {
    const { frame, box } = frames[i]!;
    return {
      reading: box ? { ...reading, box } : reading,
      input: withInputs ? planeOfFrame(frame) : undefined,
    };
  });
}

async function readPictures(
  reader: PictureReader,
  pictures: readonly Picture[],
  withInputs: boolean,
): Promise<ImageReading[]> {
  if (pictures.length === 0) return [];
  const readings = await reader.read(pictures, withInputs);
  return readings.map(({ reading, view }) => ({ reading, input: view }));
}
