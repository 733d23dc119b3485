import { InkdigitError, messageOf } from '../../errors.js';
import { frameOfView } from '../../image/view/frame-of-view.js';
import { resample } from '../../image/view/resample.js';
import { VIEW_SIDE } from '../../image/view/sizes.js';
import { boxInSquare } from '../../image/view/square.js';
import { standardize } from '../../image/view/standardize.js';
import { readModelFiles } from '../read-model-files.js';
import type { FramePictures } from '../../reading/content-reading.js';
import type { Finder } from '../../reading/finding.js';
import { createFinder } from './finder.js';
import { pictureModelPaths, shippedModelPath } from '../model-paths.js';
import { pixelBoxOf } from '../readings.js';

/** Makes frames of the digits that a finder sees: of each picture the most probable. */
export function framePicturesBy(finder: Finder): FramePictures {
  return async (pictures) => {
    const places = await finder.find(pictures);
    return pictures.map((picture, i) => {
      const [likeliest] = places[i] ?? [];
      if (!likeliest) throw new Error('unreachable: a finder names one place at least');
      const { box, square } = likeliest;
      const values = new Float32Array(VIEW_SIDE * VIEW_SIDE);
      resample(picture.gray, square, VIEW_SIDE, values);
      const data = new Uint8Array(values.length);
      standardize(values, data);
      const view = { width: VIEW_SIDE, height: VIEW_SIDE, data };
      const whole = { x: 0, y: 0, width: picture.gray.width, height: picture.gray.height };
      const frame = frameOfView(
        view,
        boxInSquare(box, square, VIEW_SIDE),
        boxInSquare(whole, square, VIEW_SIDE),
      );
      return { frame, box: pixelBoxOf(box, picture) };
    });
  };
}

let opening: Promise<FramePictures> | undefined;

/**
 * The same with the finder that is shipped, which is opened when a picture first needs it and stays open.
 * @throws InkdigitError `missing_file` or `invalid_model`
 */
export const framePictures: FramePictures = async (pictures) => {
  if (pictures.length === 0) return [];
  opening ??= openShipped().catch((thrown: unknown) => {
    opening = undefined;
    throw thrown;
  });
  return (await opening)(pictures);
};

async function openShipped(): Promise<FramePictures> {
  const path = pictureModelPaths(shippedModelPath()).finder;
  try {
    const { bytes } = await readModelFiles(path);
    return framePicturesBy(await createFinder(bytes, {}, path));
  } catch (cause) {
    if (!(cause instanceof InkdigitError)) throw cause;
    throw new InkdigitError(
      cause.code,
      'The digit in a picture is found by the finder that inkdigit ships with, which cannot be opened: ' +
        `${messageOf(cause)} Install inkdigit anew, or have pictures fitted to 28x28 as they are (normalize: never).`,
      { cause },
    );
  }
}
