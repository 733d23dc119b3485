import { existsSync } from 'node:fs';
import type { Plane } from '../../image/plane.js';
import type { Picture } from '../../image/picture.js';
import type { Candidate } from '../../image/view/candidates.js';
import { THUMBNAIL_SIDE } from '../../image/view/sizes.js';
import { readModelFiles, thresholdOf } from '../classifier.js';
import { createFinder, pixelBoxOf, type Finder } from './finder.js';
import { inBatches } from '../runtime/in-batches.js';
import { pictureModelPaths, type PictureModelPaths } from '../model-paths.js';
import { createDetector } from './detector.js';
import { whenNeeded } from '../runtime/when-needed.js';
import type { InferenceOptions } from '../runtime/pixel-network.js';
import type { Reading } from '../readings.js';
import { anyDigitProbability } from '../softmax.js';
import { createNumberReader, type NumberReader } from './number-reader.js';
import { createThumbnailReader, type ThumbnailReader, type ThumbnailReading } from './thumbnail-reader.js';
import { createViewReader, planeOf, type ViewReader } from './view-reader.js';

/** What became of one picture. */
export interface PictureReading {
  /** With its `box`, unless the picture was small and read as a whole; then with details alone. */
  readonly reading: Reading;
  /** The gray levels that the network was shown, `[64, 64]` or `[32, 32]`, with details. */
  readonly view?: Plane;
}

/** Finds and reads the digit in pictures that are no frames. */
export interface PictureReader {
  /**
   * One reading a picture, in their order. Between two inferences others have their turn.
   * @param withDetails whether all readings are to have a box, and what the network was shown
   */
  read(pictures: readonly Picture[], withDetails?: boolean): Promise<PictureReading[]>;
  /** Reads all digits of pictures as numbers, where there is a detector. */
  readonly numbers: NumberReader | undefined;
  /** Frees the native memory; the reader cannot be used after it. */
  close(): Promise<void>;
}

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
  if (!existsSync(paths.finder) && !existsSync(paths.reader)) return undefined;
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
  /** `image` float32 [N,1,96,96] -> `logits` [N,2448], as `view/detector-cells.ts` has it */
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
  const close = async (): Promise<void> => {
    for (const network of opened) await network.close();
  };
  const openAll = async (): Promise<OpenNetworks> => ({
    finding: await open(createFinder(finder, options, sources.finder)),
    reading: await open(createViewReader(reader, options, sources.reader)),
    small: thumbnail && (await open(createThumbnailReader(thumbnail, threshold, options, sources.thumbnail))),
  });
  const { finding, reading, small } = await openAll().catch(async (thrown: unknown) => {
    await close();
    throw thrown;
  });

  const detecting = detector && whenNeeded(() => createDetector(detector, options, sources.detector));
  if (detecting) opened.push(detecting);
  const verifying = verifier && whenNeeded(() => createViewReader(verifier, options, sources.verifier));
  if (verifying) opened.push(verifying);

  const readLooks = async (looks: readonly Look[], withViews: boolean): Promise<LookReading[]> => {
    const views = looks.map(({ picture, candidate }) => ({ gray: picture.gray, square: candidate.square }));
    const read = await reading.read(views, withViews);
    return read.flatMap(({ reading: own, shown }, i): LookReading[] => {
      const look = looks[i];
      if (!look) return [];
      const score = anyDigitProbability(own.probabilities, 0) * Math.sqrt(look.candidate.probability);
      return [{ look, reading: own, score, view: shown }];
    });
  };

  return {
    async read(pictures, withDetails = false) {
      const sure = (await small?.read(pictures, withDetails)) ?? new Map<Picture, ThumbnailReading>();
      const toFind = withDetails ? pictures : pictures.filter((picture) => !sure.has(picture));
      const found = await finding.find(toFind);
      const places = new Map(toFind.map((picture, i) => [picture, found[i] ?? []]));
      const looks = toFind
        .filter((picture) => !sure.has(picture))
        .flatMap((picture) => (places.get(picture) ?? []).map((candidate) => ({ picture, candidate })));
      const readings = await inBatches(looks, (some) => readLooks(some, withDetails));
      const best = new Map<Picture, LookReading>();
      for (const each of readings) {
        const { picture } = each.look;
        const other = best.get(picture);
        if (!other || each.score > other.score) best.set(picture, each);
      }
      return pictures.map((picture) => {
        const known = sure.get(picture);
        return known ? thumbnailResult(known, picture, places.get(picture)) : resultOf(best.get(picture));
      });
    },
    numbers:
      detecting &&
      createNumberReader({
        finder: finding,
        detector: () => detecting.get(),
        verifier: verifying ? () => verifying.get() : async () => reading,
        reader: reading,
      }),
    close,
  };
}

interface OpenNetworks {
  readonly finding: Finder;
  readonly reading: ViewReader;
  readonly small: ThumbnailReader | undefined;
}

/** A place of a picture that the reader is shown. */
interface Look {
  readonly picture: Picture;
  readonly candidate: Candidate;
}

interface LookReading {
  readonly look: Look;
  readonly reading: Reading;
  /** The higher, the rather it is the picture's digit. */
  readonly score: number;
  readonly view: Plane | undefined;
}

function resultOf(best: LookReading | undefined): PictureReading {
  if (!best) throw new Error('unreachable: each picture is looked at once at least');
  const { look, reading, view } = best;
  const box = pixelBoxOf(look.candidate.box, look.picture);
  return { reading: { ...reading, box }, ...(view && { view }) };
}

/** @param places where the finder sees its digit, where that was asked for */
function thumbnailResult(
  { reading, thumbnail }: ThumbnailReading,
  picture: Picture,
  places: readonly Candidate[] | undefined,
): PictureReading {
  const [likeliest] = places ?? [];
  if (!likeliest) return { reading };
  const box = pixelBoxOf(likeliest.box, picture);
  return { reading: { ...reading, box }, ...(thumbnail && { view: planeOf(thumbnail, THUMBNAIL_SIDE) }) };
}
