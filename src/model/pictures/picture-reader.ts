import { existsSync } from 'node:fs';
import type { Finder } from '../../reading/finding.js';
import {
  pictureReaderOf,
  pictureReaderWhenNeeded,
  type PictureReader,
} from '../../reading/picture-reading.js';
import type { ThumbnailReader } from '../../reading/thumbnail-reading.js';
import type { ViewReader } from '../../reading/view-reading.js';
import { whenNeeded } from '../../reading/when-needed.js';
import { thresholdOf } from '../classifier.js';
import { readModelFiles } from '../read-model-files.js';
import { pictureModelPaths, type PictureModelPaths } from '../model-paths.js';
import type { InferenceOptions } from '../runtime/pixel-network.js';
import { createDetector } from './detector.js';
import { createFinder } from './finder.js';
import { createThumbnailReader } from './thumbnail-reader.js';
import { createViewReader } from './view-reader.js';

/**
 * Opens the networks that lie beside a model of frames: a finder and a reader, and one of thumbnails, a detector and a
 * verifier if there are any.
 * @returns `undefined` where there are none
 * @throws InkdigitError `missing_file` where one of them or its card is missing; `invalid_model`
 */
export async function openPictureReader(
  modelPath: string,
  options: InferenceOptions = {},
): Promise<PictureReader | undefined> {
  const paths = pictureModelPaths(modelPath);
  return hasPictureNetworks(paths) ? openNetworks(paths, options) : undefined;
}

/**
 * The same, but for what it throws: the networks are opened when a picture is first read, which throws it then.
 * @returns `undefined` where there are none
 */
export function pictureReaderBeside(
  modelPath: string,
  options: InferenceOptions = {},
): PictureReader | undefined {
  const paths = pictureModelPaths(modelPath);
  if (!hasPictureNetworks(paths)) return undefined;
  const opened = whenNeeded(() => openNetworks(paths, options));
  return pictureReaderWhenNeeded(opened, existsSync(paths.detector));
}

function hasPictureNetworks({ finder, reader }: PictureModelPaths): boolean {
  return existsSync(finder) || existsSync(reader);
}

async function openNetworks(paths: PictureModelPaths, options: InferenceOptions): Promise<PictureReader> {
  const finder = await readModelFiles(paths.finder);
  const reader = await readModelFiles(paths.reader);
  const thumbnail = existsSync(paths.thumbnail) ? await readModelFiles(paths.thumbnail) : undefined;
  const detector = existsSync(paths.detector) ? await readModelFiles(paths.detector) : undefined;
  const verifier = existsSync(paths.verifier) ? await readModelFiles(paths.verifier) : undefined;
  const networks = {
    finder: finder.bytes,
    reader: reader.bytes,
    thumbnail: thumbnail?.bytes,
    detector: detector?.bytes,
    verifier: verifier?.bytes,
  };
  return createPictureReader(networks, options, paths);
}

/** What messages call networks that came from no file. */
const SOURCES: PictureModelPaths = {
  finder: 'the finder',
  reader: 'the reader',
  thumbnail: 'the thumbnail reader',
  detector: 'the detector',
  verifier: 'the verifier',
};

/** The bytes of ONNX files. */
export interface PictureNetworks {
  /** `image` float32 [N,1,96,96] -> `logits` [N,216], as `view/finder-cells.ts` has it */
  readonly finder: Uint8Array;
  /** `image` float32 [N,1,64,64] -> `logits` [N,10] or [N,11] */
  readonly reader: Uint8Array;
  /** `image` float32 [N,1,32,32] -> `logits` [N,11] */
  readonly thumbnail?: Uint8Array | undefined;
  /** `image` float32 [N,1,96,96] -> `logits` [N,2736], as `view/detector-cells.ts` has it */
  readonly detector?: Uint8Array | undefined;
  /** As `reader`; in its place, for numbers. */
  readonly verifier?: Uint8Array | undefined;
}

/**
 * Makes a reader of pictures.
 * @throws InkdigitError `invalid_model`
 */
export async function createPictureReader(
  { finder, reader, thumbnail, detector, verifier }: PictureNetworks,
  options: InferenceOptions = {},
  sources: PictureModelPaths = SOURCES,
): Promise<PictureReader> {
  const threshold = thresholdOf(reader, sources.reader);
  const opened: { close(): Promise<void> }[] = [];
  const open = async <T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> => {
    const network = await opening;
    opened.push(network);
    return network;
  };
  const openAll = async (): Promise<OpenNetworks> => ({
    finding: await open(createFinder(finder, options, sources.finder)),
    reading: await open(createViewReader(reader, options, sources.reader)),
    small: thumbnail && (await open(createThumbnailReader(thumbnail, threshold, options, sources.thumbnail))),
  });
  const { finding, reading, small } = await openAll().catch(async (thrown: unknown) => {
    for (const network of opened) await network.close();
    throw thrown;
  });

  const detecting = detector && whenNeeded(() => createDetector(detector, options, sources.detector));
  const verifying = verifier && whenNeeded(() => createViewReader(verifier, options, sources.verifier));
  return pictureReaderOf({ finding, reading, small, detecting, verifying });
}

interface OpenNetworks {
  readonly finding: Finder;
  readonly reading: ViewReader;
  readonly small: ThumbnailReader | undefined;
}
