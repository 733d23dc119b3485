import { existsSync } from 'node:fs';
import type { Plane } from '../../image/plane.js';
import type { Picture } from '../../image/picture.js';
import type { Candidate } from '../../image/view/candidates.js';
import { resample } from '../../image/view/resample.js';
import { VIEW_SIDE } from '../../image/view/sizes.js';
import { standardizeInPlace } from '../../image/view/standardize.js';
import { readModelFiles, thresholdOf } from '../classifier.js';
import { CLASS_COUNT } from '../contract.js';
import { createFinder, pixelBoxOf } from './finder.js';
import { inBatches } from '../runtime/in-batches.js';
import { pictureModelPaths } from '../model-paths.js';
import { openPixelNetwork, type InferenceOptions } from '../runtime/pixel-network.js';
import { readingOf, type Reading } from '../readings.js';
import { anyDigitProbability, digitProbabilities } from '../softmax.js';

const VIEW_PIXELS = VIEW_SIDE * VIEW_SIDE;

/** What became of one picture. */
export interface PictureReading {
  /** With its `box`. */
  readonly reading: Reading;
  /** The gray levels that the reader was shown, `[64, 64]`, where they were asked for. */
  readonly view?: Plane;
}

/** Finds and reads the digit in pictures that are no frames. */
export interface PictureReader {
  /**
   * One reading a picture, in their order. Between two inferences others have their turn.
   * @param withViews whether readings are to have what the reader was shown
   */
  read(pictures: readonly Picture[], withViews?: boolean): Promise<PictureReading[]>;
  /** Frees the native memory; the reader cannot be used after it. */
  close(): Promise<void>;
}

/**
 * Opens the finder and the reader that lie beside a model of frames.
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
  return createPictureReader(finder.bytes, reader.bytes, options, paths);
}

/**
 * Makes a reader of pictures from the bytes of two ONNX files.
 * @param finder `image` float32 [N,1,96,96] -> `logits` [N,216], as `view/finder-cells.ts` has it
 * @param reader `image` float32 [N,1,64,64] -> `logits` [N,10] or [N,11]
 * @throws InkdigitError `invalid_model`
 */
export async function createPictureReader(
  finder: Uint8Array,
  reader: Uint8Array,
  options: InferenceOptions = {},
  sources = { finder: 'the finder', reader: 'the reader' },
): Promise<PictureReader> {
  const threshold = thresholdOf(reader, sources.reader);
  const finding = await createFinder(finder, options, sources.finder);
  const readerContract = { side: VIEW_SIDE, outputs: [CLASS_COUNT, CLASS_COUNT + 1] };
  const reading = await openPixelNetwork(reader, readerContract, options, sources.reader).catch(
    async (thrown: unknown) => {
      await finding.close();
      throw thrown;
    },
  );

  const read = async (looks: readonly Look[], withViews: boolean): Promise<LookReading[]> => {
    const inked: boolean[] = [];
    const views: Plane[] = [];
    const logits = await reading.run(looks.length, (input) =>
      looks.forEach(({ picture, candidate }, i) => {
        const view = input.subarray(i * VIEW_PIXELS, (i + 1) * VIEW_PIXELS);
        resample(picture.gray, candidate.square, VIEW_SIDE, view);
        inked.push(standardizeInPlace(view));
        if (withViews) views.push(planeOf(view));
      }),
    );
    const probabilities = digitProbabilities(logits, reading.outputs);
    return looks.map((look, i) => ({
      look,
      reading: readingOf(probabilities, i, threshold, inked[i] === true),
      score: anyDigitProbability(probabilities, i) * Math.sqrt(look.candidate.probability),
      view: views[i],
    }));
  };

  return {
    async read(pictures, withViews = false) {
      const found = await finding.find(pictures);
      const looks = pictures.flatMap((picture, i) =>
        (found[i] ?? []).map((candidate) => ({ picture, candidate })),
      );
      const readings = await inBatches(looks, (some) => read(some, withViews));
      const best = new Map<Picture, LookReading>();
      for (const each of readings) {
        const { picture } = each.look;
        const other = best.get(picture);
        if (!other || each.score > other.score) best.set(picture, each);
      }
      return pictures.map((picture) => resultOf(best.get(picture)));
    },
    async close() {
      await finding.close();
      await reading.close();
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

/** A copy in whole levels. */
function planeOf(view: Float32Array): Plane {
  return {
    width: VIEW_SIDE,
    height: VIEW_SIDE,
    data: Uint8Array.from(view, (value) => Math.round(255 * value)),
  };
}
