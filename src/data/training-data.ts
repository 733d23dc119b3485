import type { GlyphDatasetName } from './glyphs/load-glyphs.js';
import { InkdigitError } from '../errors.js';
import type { NormalizeMode } from '../image/normalize-mode.js';
import type { ReadFrame } from '../image/read-image.js';
import type { DownloadProgress } from './download/download-file.js';
import { loadImageFolder, type ImageFolder } from './image-folder.js';
import { joinFrames, type LabelledFrames } from './labelled-frames.js';
import { loadMnist } from './mnist/mnist.js';
import { splitShare, splitValidation, type TrainingSplit } from './split.js';

/** Images of one's own, one folder a digit. */
export interface ImageSource {
  readonly folder: string;
  /** Go without files that cannot be read. */
  readonly skipBad: boolean;
  /** Whether to look for the digit in each picture. */
  readonly normalize: NormalizeMode;
  /** Share of them, 0..1, that validates. */
  readonly validationShare: number;
}

/** Where the images of a training come from: MNIST, a folder, or both. */
export interface DataSource {
  readonly mnist: boolean;
  readonly images: ImageSource | null;
  /** Data sets that scenes are made of, for networks that learn from those; the others leave it out. */
  readonly datasets?: DatasetSource;
}

/** Data sets by name, and the folder that they lie in. */
export interface DatasetSource {
  readonly folder: string;
  readonly names: readonly GlyphDatasetName[];
}

/** What a training learns from, is measured on, and the digests that say which data that was. */
export interface TrainingData extends TrainingSplit {
  /** MNIST's test images; `null` where MNIST is not part of the training. */
  readonly test: LabelledFrames | null;
  /** File name -> SHA-256; a folder of images is one entry, `IMAGES_DIGEST`. */
  readonly digests: Readonly<Record<string, string>>;
}

/** Under which name the digest of a folder of images stands among those of MNIST's files. */
export const IMAGES_DIGEST = 'images';

interface LoadSettings {
  readonly dataDir?: string | undefined;
  readonly onDownload?: (progress: DownloadProgress) => void;
  readonly onImage?: (done: number, total: number) => void;
  /** Is told what came of the folder, before anything is done with it. */
  readonly onFolder?: (folder: ImageFolder) => void;
}

/**
 * Loads all images of a training. Of both sources each validates with its own share; images of one's own come first,
 * so that a training on the first few has them.
 * @throws InkdigitError as `loadMnist` and `loadImageFolder`
 */
export async function loadTrainingData(
  { mnist, images }: DataSource,
  readFrame: ReadFrame,
  settings: LoadSettings = {},
): Promise<TrainingData> {
  const own = images && (await loadOwn(images, readFrame, settings));
  if (!mnist) {
    if (!own)
      throw new InkdigitError('invalid_data', 'Expected images to train on, got neither MNIST nor a folder.');
    return own;
  }
  const { dataDir, onDownload } = settings;
  const { train, test, digests } = await loadMnist({
    dataDir,
    ...(onDownload && { onProgress: onDownload }),
  });
  const { training, validation } = splitValidation(train);
  if (!own) return { training, validation, test, digests };
  return {
    training: joinFrames(own.training, training),
    validation: joinFrames(own.validation, validation),
    test,
    digests: { ...digests, ...own.digests },
  };
}

async function loadOwn(
  { folder, skipBad, normalize, validationShare }: ImageSource,
  readFrame: ReadFrame,
  { onImage, onFolder }: LoadSettings,
): Promise<TrainingData> {
  const loaded = await loadImageFolder(folder, readFrame, {
    skipBad,
    normalize,
    ...(onImage && { onProgress: onImage }),
  });
  onFolder?.(loaded);
  return {
    ...splitShare(loaded.data, validationShare),
    test: null,
    digests: { [IMAGES_DIGEST]: loaded.digest },
  };
}
