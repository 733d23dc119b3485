import type { ImageContent } from '../../image/picture.js';
import { readContents, type ImageReading } from '../../model/digit-models.js';
import type { MeteredAnswer, ModelMeter } from '../metrics/model-meter.js';
import type { HeldModels } from '../models/held-models.js';
import type { ReadImage } from './jobs.js';
import type { PendingRequest } from './pending-request.js';

/**
 * Images of one batch. With 128 an image takes a tenth less time, as a core that stays longer with one kind of work
 * is quicker at it; but at ten times of capacity, where refusals come between, no more images are answered than with
 * 64.
 */
export const MAX_BATCH_IMAGES = 64;

/** Of them, pictures that are no frames: they take a hundred times as long. */
const MAX_BATCH_PICTURES = 32;

/**
 * After so long the images that were read are classified, however few: pictures of the page take longer to read than
 * frames, and `/livez` is answered between two turns only.
 */
const LONGEST_READING_MS = 10;

/** An image that is ready to be classified. */
export interface ReadyImage {
  readonly request: PendingRequest<unknown>;
  /** Its place in the request. */
  readonly index: number;
  readonly content: ImageContent;
}

/**
 * Reads the next images of `pending`, as many as one inference takes. Requests that have no more to be read leave it,
 * and so do those whose next image is read elsewhere.
 * @param pending requests in the order in which they are to be read
 * @param now milliseconds of a steady clock
 * @param onReadElsewhere is called with a request that leaves with an image still being decoded
 */
export function readBatch(
  pending: PendingRequest<unknown>[],
  readImage: ReadImage,
  now: () => number,
  onReadElsewhere: (request: PendingRequest<unknown>, content: Promise<ImageContent>) => void,
): ReadyImage[] {
  const images: ReadyImage[] = [];
  const endMs = now() + LONGEST_READING_MS;
  let pictures = 0;
  while (images.length < MAX_BATCH_IMAGES && pictures < MAX_BATCH_PICTURES) {
    const [request] = pending;
    if (!request) break;
    if (!request.hasMore()) {
      pending.shift();
      continue;
    }
    const index = request.next;
    const content = request.readNext(readImage);
    if (content instanceof Promise) {
      pending.shift();
      onReadElsewhere(request, content);
    } else if (content) {
      images.push({ request, index, content });
      if (content.kind === 'picture') pictures += 1;
    }
    if (now() > endMs) break;
  }
  return images;
}

/** What goes on beside the answers of a batch. */
export interface BatchWatch {
  readonly meter?: ModelMeter | undefined;
  /** Called with each image and what was read of it. */
  readonly onRead?: ((image: ReadyImage, reading: ImageReading) => void) | undefined;
}

/**
 * Answers images with the models that their requests began with. Frames first: they take next to no time. What fails
 * with the ones does not fail the others.
 */
export async function answerBatch(images: readonly ReadyImage[], watch: BatchWatch = {}): Promise<void> {
  for (const [models, own] of byModels(images)) {
    models.hold();
    try {
      for (const kind of ['frame', 'picture'] as const) {
        const ofKind = own.filter(({ content }) => content.kind === kind);
        if (ofKind.length > 0) await answerTogether(models, ofKind, watch);
      }
    } finally {
      models.letGo();
    }
  }
}

/** Nearly always all of them have the same: requests of two versions meet in the turns after a swap alone. */
function byModels(images: readonly ReadyImage[]): Map<HeldModels, ReadyImage[]> {
  const groups = new Map<HeldModels, ReadyImage[]>();
  for (const image of images) {
    const { models } = image.request;
    const group = groups.get(models);
    if (group) group.push(image);
    else groups.set(models, [image]);
  }
  return groups;
}

async function answerTogether(
  models: HeldModels,
  images: readonly ReadyImage[],
  { meter, onRead = () => {} }: BatchWatch,
): Promise<void> {
  const contents = images.map(({ content }) => content);
  const withInputs = images.some(({ request }) => request.withInputs);
  try {
    const readings = meter
      ? await meter.infer(contents.length, () => readContents(models, contents, withInputs))
      : await readContents(models, contents, withInputs);
    const handOut = (): void => {
      readings.forEach((reading, i) => {
        const image = images[i];
        if (!image) return;
        onRead(image, reading);
        image.request.answer(image.index, reading);
      });
    };
    if (meter) meter.answer(readings.map(meteredOf), handOut);
    else handOut();
  } catch (thrown) {
    models.reportFault(thrown);
    for (const { request } of images) request.fail(thrown);
  }
}

function meteredOf({ reading: { digit, probability, class: likeliest } }: ImageReading): MeteredAnswer {
  return { isAccepted: digit, probability, class: likeliest };
}
