import { openDigitReader } from '../../src/model/digit-reader.js';
import { InkdigitError } from '../../src/errors.js';
import { FRAME_SIDE } from '../../src/image/frame.js';
import { placeDigit } from '../../src/image/view/place.js';
import { drawSample } from './frames.js';
import type { RequestBody } from '../load/requests.js';
import { encodeJpeg, encodePng } from './variants.js';

export const FORMATS = ['PNG', 'JPEG'] as const;
export type Format = (typeof FORMATS)[number];

/** Images in a large request, and in a batch of the bare loop: the most that the service takes by default. */
export const LARGE_REQUEST = 64;

const IMAGE_COUNT = 256;
const JPEG_QUALITY = 90;

/** Files of drawn digits, and what the model says to each, read without a server. */
export interface ImageSet {
  readonly files: readonly Uint8Array[];
  readonly classes: readonly number[];
}

/** Draws digits, no two alike, places them as MNIST's are, and writes each as a file of 28 x 28. */
export async function drawImages(format: Format, model: string): Promise<ImageSet> {
  const files: Uint8Array[] = [];
  for (let i = 0; i < IMAGE_COUNT; i++) {
    const data = placeDigit(drawSample(i));
    const frame = { width: FRAME_SIDE, height: FRAME_SIDE, channels: 1, data } as const;
    files.push(format === 'PNG' ? await encodePng(frame) : await encodeJpeg(frame, JPEG_QUALITY));
  }
  const reader = await openDigitReader(model);
  try {
    const classes = (await reader.read(files)).map((reading) => {
      if (reading instanceof InkdigitError) throw reading;
      return reading.class;
    });
    return { files, classes };
  } finally {
    await reader.close();
  }
}

/** The JSON bodies that send all images of a set, `imagesInEach` in each request. */
export function requestBodies({ files, classes }: ImageSet, imagesInEach: number): RequestBody[] {
  const bodies: RequestBody[] = [];
  for (let from = 0; from + imagesInEach <= files.length; from += imagesInEach) {
    const to = from + imagesInEach;
    const requests = files.slice(from, to).map((file) => ({ image: Buffer.from(file).toString('base64') }));
    bodies.push({
      body: Buffer.from(JSON.stringify({ requests })),
      imageCount: imagesInEach,
      classes: classes.slice(from, to),
    });
  }
  return bodies;
}
