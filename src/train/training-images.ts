import { loadImageFolder } from '../data/image-folder.js';
import { labelFrames, type LabelledFrames } from '../data/labelled-frames.js';
import { InkdigitError, messageOf, type ItemError } from '../errors.js';
import { FRAME_PIXELS, packFrames, type Frame } from '../image/frame.js';
import type { NormalizeMode } from '../image/normalize-mode.js';
import { CLASS_COUNT } from '../model/contract.js';
import { readFrame } from '../model/pictures/read-frame.js';
import { sha256Of } from '../sha256.js';

/** Digits to train on; `labels[i]`, 0-9, is the digit of image i. */
export type TrainingImages = FolderImages | FileImages | FrameImages;

/** Image files in `folder/0` to `folder/9`. */
export interface FolderImages {
  readonly folder: string;
  /** Skip files that cannot be read. */
  readonly skipBad?: boolean;
}

/** The bytes of image files. */
export interface FileImages {
  readonly images: readonly Uint8Array[];
  readonly labels: ArrayLike<number>;
}

/** Gray levels as MNIST has them: `[784]` each, 28 rows of 28, bright ink on 0. */
export interface FrameImages {
  readonly frames: readonly Uint8Array[];
  readonly labels: ArrayLike<number>;
}

interface LoadSettings {
  readonly normalize: NormalizeMode;
  readonly signal?: AbortSignal | undefined;
  readonly onImage?: ((done: number, total: number) => void) | undefined;
}

/** The images, and the SHA-256 that identifies them. */
export interface LoadedImages {
  readonly data: LabelledFrames;
  readonly digest: string;
}

/**
 * Turns the images of a training into frames.
 * @throws InkdigitError `invalid_data`, whose `items` name bad images; `missing_file` for a folder that is not there;
 * the reason of the signal
 */
export async function loadTrainingImages(
  source: TrainingImages,
  settings: LoadSettings,
): Promise<LoadedImages> {
  const { normalize, onImage, signal } = settings;
  if ('folder' in source) {
    const { folder, skipBad = false } = source;
    const onProgress = (done: number, total: number): void => {
      signal?.throwIfAborted();
      onImage?.(done, total);
    };
    return loadImageFolder(folder, readFrame, { normalize, skipBad, onProgress });
  }
  const frames = 'frames' in source ? checkFrames(source.frames) : await readAll(source.images, settings);
  const labels = labelsOf(source.labels);
  const data = labelFrames(packFrames(frames), labels, 'the training images');
  return { data, digest: sha256Of(Buffer.concat([data.frames.pixels, labels])) };
}

function labelsOf(labels: ArrayLike<number>): Uint8Array {
  const items = Array.from(labels).flatMap((label, index): ItemError[] =>
    Number.isInteger(label) && label >= 0 && label < CLASS_COUNT
      ? []
      : [{ index, message: `expected a digit, 0 to 9, got ${label}` }],
  );
  refuse(items, labels.length, 'labels are no digits');
  return Uint8Array.from(labels);
}

function checkFrames(frames: readonly Uint8Array[]): readonly Frame[] {
  const items = frames.flatMap(({ length }, index): ItemError[] =>
    length === FRAME_PIXELS
      ? []
      : [{ index, message: `expected ${FRAME_PIXELS} gray levels, got ${length}` }],
  );
  refuse(items, frames.length, 'frames have another size');
  return frames;
}

async function readAll(
  images: readonly Uint8Array[],
  { normalize, signal, onImage }: LoadSettings,
): Promise<Frame[]> {
  const frames: Frame[] = [];
  const items: ItemError[] = [];
  for (const [index, image] of images.entries()) {
    signal?.throwIfAborted();
    try {
      // A copy: the frame may be a view of a larger buffer.
      frames.push(Uint8Array.from(await readFrame(image, { normalize })));
    } catch (thrown) {
      if (!(thrown instanceof InkdigitError)) throw thrown;
      items.push({ index, message: messageOf(thrown) });
    }
    onImage?.(index + 1, images.length);
  }
  refuse(items, images.length, 'images cannot be read');
  return frames;
}

function refuse(items: readonly ItemError[], total: number, what: string): void {
  const [first] = items;
  if (!first) return;
  throw new InkdigitError(
    'invalid_data',
    `${items.length} of ${total} ${what}, the first at ${first.index}: ${first.message}. Mend or leave them out.`,
    { items },
  );
}
