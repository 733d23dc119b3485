import { InkdigitError } from '../errors.js';
import { FRAME_PIXELS } from '../image/frame.js';
import { contentOf, type ImageContent } from '../image/picture.js';
import { planePng } from '../image/plane-png.js';
import { readImageSyncIfSmall } from '../image/read-image.js';
import { readContents, type DigitModels } from '../model/digit-models.js';

/** Frames that the model must answer. */
const FRAMES = 8;

/** What the networks of pictures must answer, in pixels of each side: a drawing of the page. */
const PICTURE_SIDE = 280;

/**
 * Has the model answer blank frames.
 * @throws InkdigitError `invalid_model` where an answer is no probability
 */
export async function answerFrames(models: DigitModels, modelPath: string): Promise<void> {
  const blank = contentOf(new Uint8Array(FRAME_PIXELS));
  await answer(
    models,
    Array.from({ length: FRAMES }, () => blank),
    modelPath,
  );
}

/**
 * Has the networks answer a blank picture, decoded from a file: the decoder is loaded with it.
 * @throws InkdigitError as what opens the networks, or `invalid_model`
 */
export async function answerPicture(models: DigitModels, modelPath: string): Promise<void> {
  const blank = new Uint8Array(PICTURE_SIDE * PICTURE_SIDE).fill(255);
  const file = planePng({ width: PICTURE_SIDE, height: PICTURE_SIDE, data: blank });
  await answer(models, [await readImageSyncIfSmall(file)], modelPath);
}

async function answer(
  models: DigitModels,
  contents: readonly ImageContent[],
  modelPath: string,
): Promise<void> {
  const readings = await readContents(models, contents);
  const isProbability = (value: number): boolean => value >= 0 && value <= 1;
  if (readings.every(({ reading }) => reading.probabilities.every(isProbability))) return;
  throw new InkdigitError(
    'invalid_model',
    `${modelPath}, or what lies beside it, answers with what is no probability; train it again.`,
  );
}
