import { packFrames, planeOfFrame, type Frame } from '../image/frame.js';
import type { ImageContent, Picture } from '../image/picture.js';
import type { Plane } from '../image/plane.js';
import { readingsOf, type PixelBox, type Reading } from '../model/readings.js';
import type { Classifier } from './network-classifier.js';
import type { PictureReader } from './picture-reading.js';

/** A picture made a frame. */
export interface FramedPicture {
  readonly frame: Frame;
  /** Where in the picture its digit was found. */
  readonly box: PixelBox;
}

/** Makes frames as MNIST's are of pictures, one each, for networks that read nothing else. */
export type FramePictures = (pictures: readonly Picture[]) => Promise<FramedPicture[]>;

/** The networks that read digits. */
export interface DigitNetworks {
  /** Reads frames as MNIST's are; needed where there are any. */
  readonly classifier?: Classifier | undefined;
  /** Reads all other pictures; where there is none, they are made frames. */
  readonly pictures?: PictureReader | undefined;
  /** Makes them frames; needed where there is no reader of pictures. */
  readonly framePictures?: FramePictures;
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
export function readingsOfContents(
  networks: DigitNetworks,
  contents: readonly ImageContent[],
  withInputs = false,
): Promise<ImageReading[]> {
  // Most requests are of frames alone.
  const onlyFrames = framesOnly(contents);
  return onlyFrames
    ? readFrames(networks.classifier, onlyFrames, withInputs)
    : readBothKinds(networks, contents, withInputs);
}

async function readBothKinds(
  { classifier, pictures, framePictures }: DigitNetworks,
  contents: readonly ImageContent[],
  withInputs: boolean,
): Promise<ImageReading[]> {
  const frames = contents.flatMap((content) => (content.kind === 'frame' ? [{ frame: content.frame }] : []));
  const others = contents.flatMap((content) => (content.kind === 'picture' ? [content.picture] : []));
  if (!pictures) {
    const all = inOrder(contents, frames, await toFrames(framePictures, others));
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
  classifier: Classifier | undefined,
  frames: readonly FrameToRead[],
  withInputs: boolean,
): Promise<ImageReading[]> {
  if (frames.length === 0) return [];
  if (!classifier) throw new Error('unreachable: frames come with a model that reads them');
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

async function toFrames(
  framePictures: FramePictures | undefined,
  pictures: readonly Picture[],
): Promise<FramedPicture[]> {
  if (pictures.length === 0) return [];
  if (!framePictures) throw new Error('unreachable: pictures come with networks that read them');
  return framePictures(pictures);
}
