import type { Plane } from '../image/plane.js';
import type { Picture } from '../image/picture.js';
import type { Candidate } from '../image/view/candidates.js';
import { THUMBNAIL_SIDE } from '../image/view/sizes.js';
import { pixelBoxOf, type Reading } from '../model/readings.js';
import { anyDigitProbability } from '../model/softmax.js';
import type { Detector } from './numbers/detecting.js';
import type { Finder } from './finding.js';
import { inBatches } from './in-batches.js';
import type { NumberNetworks, NumberReader } from './numbers/number-reader.js';
import type { ThumbnailReader, ThumbnailReading } from './thumbnail-reading.js';
import { planeOf, type ViewReader } from './view-reading.js';
import type { WhenNeeded } from './when-needed.js';

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
  /** Frees the memory; the reader cannot be used after it. */
  close(): Promise<void>;
}

/** Networks that are open. */
export interface PictureParts {
  readonly finding: Finder;
  readonly reading: ViewReader;
  /** Reads small pictures, as far as it is sure. */
  readonly small?: ThumbnailReader | undefined;
  /** For numbers. */
  readonly detecting?: WhenNeeded<Detector> | undefined;
  /** Reads what the detector found once more; the reader of pictures does where there is none. */
  readonly verifying?: WhenNeeded<ViewReader> | undefined;
}

/** Makes a reader of pictures of networks, which it closes when it is closed. */
export function pictureReaderOf(parts: PictureParts): PictureReader {
  const { finding, reading, small, detecting, verifying } = parts;
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
      numberReaderOf({
        finder: finding,
        detector: () => detecting.get(),
        verifier: verifying ? () => verifying.get() : async () => reading,
        reader: reading,
      }),
    async close() {
      for (const part of [finding, reading, small, detecting, verifying]) await part?.close();
    },
  };
}

/**
 * The same, of a reader that is opened when it is first needed.
 * @param readsNumbers whether it will
 */
export function pictureReaderWhenNeeded(
  opened: WhenNeeded<PictureReader>,
  readsNumbers: boolean,
): PictureReader {
  return {
    read: async (pictures, withDetails) => (await opened.get()).read(pictures, withDetails),
    numbers: readsNumbers
      ? {
          async read(picture, rules) {
            const { numbers } = await opened.get();
            if (!numbers) throw new Error('unreachable: it was said to read numbers');
            return numbers.read(picture, rules);
          },
        }
      : undefined,
    close: () => opened.close(),
  };
}

/** Browsers load the code with the first number. */
function numberReaderOf(networks: NumberNetworks): NumberReader {
  return {
    async read(picture, rules) {
      const { createNumberReader } = await import('./numbers/number-reader.js');
      return createNumberReader(networks).read(picture, rules);
    },
  };
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
