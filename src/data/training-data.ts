import { FRAME_DATASETS, loadFrameSets, type FrameDatasetName } from './glyphs/load-frames.js';
import type { GlyphDatasetName } from './glyphs/load-glyphs.js';
import { datasetNames } from './datasets/registry.js';
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

/** Where the images of a training come from: MNIST, other data sets, a folder, or all of them. */
export interface DataSource {
  readonly mnist: boolean;
  readonly images: ImageSource | null;
  /**
   * Data sets that scenes are made of, for networks that learn from those, or frames. Left out where frames are of
   * MNIST alone, or of none; `mnist` says whether MNIST is among those that frames are of.
   */
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
  /** What `validation` is made of, where it is of several data sets: each by its name. */
  readonly validationSets: readonly NamedFrames[];
}

/** Frames of one data set. */
export interface NamedFrames {
  readonly name: FrameDatasetName;
  readonly data: LabelledFrames;
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
 * Loads all images of a training. Each source validates with its own share; images of one's own come first, then those
 * of data sets in the order of their names, MNIST's last, so that a training on the first few has the others.
 * @throws InkdigitError as `loadMnist`, `loadFrameSets` and `loadImageFolder`
 */
export async function loadTrainingData(
  { mnist, images, datasets }: DataSource,
  readFrame: ReadFrame,
  settings: LoadSettings = {},
): Promise<TrainingData> {
  const own = images && (await loadOwn(images, readFrame, settings));
  const others = datasets && (await loadFramesOf(datasets));
  const { dataDir, onDownload } = settings;
  const whole = mnist ? await loadMnist({ dataDir, ...(onDownload && { onProgress: onDownload }) }) : null;
  const sets = [
    ...(others?.sets ?? []),
    ...(whole ? [{ name: 'mnist' as const, ...splitValidation(whole.train) }] : []),
  ];
  const parts = [...(own ? [own] : []), ...sets];
  if (parts.length === 0) {
    throw new InkdigitError(
      'invalid_data',
      'Expected images to train on, got neither MNIST nor another data set nor a folder.',
    );
  }
  return {
    training: joined(parts.map(({ training }) => training)),
    validation: joined(parts.map(({ validation }) => validation)),
    test: whole?.test ?? null,
    digests: { ...whole?.digests, ...others?.digests, ...own?.digests },
    validationSets: datasets ? sets.map(({ name, validation }) => ({ name, data: validation })) : [],
  };
}

/** A single part is not copied. */
function joined(parts: readonly LabelledFrames[]): LabelledFrames {
  const [only, ...others] = parts;
  return only && others.length === 0 ? only : joinFrames(...parts);
}

function loadFramesOf({ names, folder }: DatasetSource): ReturnType<typeof loadFrameSets> {
  return loadFrameSets(datasetNames(names, FRAME_DATASETS), { datasetsDir: folder });
}

async function loadOwn(
  { folder, skipBad, normalize, validationShare }: ImageSource,
  readFrame: ReadFrame,
  { onImage, onFolder }: LoadSettings,
): Promise<TrainingSplit & Pick<TrainingData, 'digests'>> {
  const loaded = await loadImageFolder(folder, readFrame, {
    skipBad,
    normalize,
    ...(onImage && { onProgress: onImage }),
  });
  onFolder?.(loaded);
  return {
    ...splitShare(loaded.data, validationShare),
    digests: { [IMAGES_DIGEST]: loaded.digest },
  };
}
