import { InkdigitError } from '../../errors.js';
import { FRAME_PIXELS, frameAt, type FrameBatch } from '../../image/frame.js';
import { toContent } from '../../image/normalize/to-content.js';
import { contentOf, type ImageContent } from '../../image/picture.js';
import { readImageSyncIfSmall } from '../../image/read-image.js';
import { runYielding } from '../../image/task.js';
import { openModel } from '../../model/classifier.js';
import { readContents, type DigitModels } from '../../model/digit-models.js';
import { openPictureReader } from '../../model/pictures/picture-reader.js';
import { readNumberIn } from '../../model/read-number.js';
import { eachReading } from '../../model/readings.js';
import {
  NUMBER_LARGEST_SIDE,
  numberQuestionOf,
  type NumberQuestion,
} from '../../reading/number-in-content.js';
import { FrameFiles } from './frame-files.js';
import type { ObjectStore } from '../inputs/object-store.js';
import { groupEnd } from '../plan/chunks.js';
import { namesOfFrames, type Chunk, type FoundFrames } from '../plan/found-image.js';
import { digitRow, failedRow, numberRow, type ResultRow } from '../plan/result-rows.js';
import { chunkRows, type ChunkRows, type ReadSettings } from './chunk-reader.js';
import type { FrameReadings } from './frame-rows.js';
import { inTurn } from './in-turn.js';
import { loadImages, type LoadedImage } from './load-images.js';

/** Reads chunks in this process. */
export interface LocalReader {
  /** The rows of a chunk, or of frames what they are made of. @throws as `ChunkReader` */
  read(chunk: Chunk): Promise<ChunkRows | FrameReadings>;
}

/** @throws InkdigitError `missing_file`, `invalid_model` or `invalid_option` */
export async function openLocalReader(
  modelPath: string,
  settings: ReadSettings,
  objects: ObjectStore,
): Promise<LocalReader> {
  const question = numberQuestionOf(settings.numbers);
  const { classifier } = await openModel(modelPath);
  /** Opened for the first image that may be none: a batch of frames has neither time nor memory for these networks. */
  let opening: ReturnType<typeof openPictureReader> | undefined;
  const frameFiles = new FrameFiles();
  const frames = inTurn();
  return {
    async read(chunk) {
      if (chunk.kind === 'frames') {
        const { first, pieces } = chunk;
        const pixels = await frameFiles.pixelsOf(pieces);
        // Chunks whose inferences alternated would end together, and the next ones come when there is nothing to do.
        return frames(() =>
          readFrames(first, pieces, pixels, { ...settings, models: { classifier }, question }),
        );
      }
      opening ??= openPictureReader(modelPath);
      const reading = { ...settings, models: { classifier, pictures: await opening }, question };
      const images = loadImages(chunk.images, objects);
      return chunkRows(
        await (settings.read === 'digits' ? readDigits(images, reading) : readNumbers(images, reading)),
      );
    },
  };
}

interface Reading extends ReadSettings {
  readonly models: DigitModels;
  readonly question: NumberQuestion;
}

/** The images of one inference each: from one place in a chunk to another. */
function* groupsOf(first: number, count: number): Generator<readonly [from: number, to: number]> {
  for (let from = 0; from < count;) {
    const to = Math.min(count, groupEnd(first + from) - first);
    yield [from, to];
    from = to;
  }
}

/** Frames are what the models read: nothing comes before an inference. */
async function readFrames(
  first: number,
  pieces: readonly FoundFrames[],
  pixels: Uint8Array,
  { read, models, question }: Reading,
): Promise<ChunkRows | FrameReadings> {
  const framesBetween = (from: number, to: number): FrameBatch => {
    return { count: to - from, pixels: pixels.subarray(from * FRAME_PIXELS, to * FRAME_PIXELS) };
  };
  const count = pixels.length / FRAME_PIXELS;
  if (read === 'numbers') {
    const rows: ResultRow[] = [];
    for (const [i, name] of namesOfFrames(pieces).entries()) {
      const content = contentOf(frameAt(framesBetween(i, i + 1), 0));
      const { text, probability, accepted } = await readNumberIn(models, content, question);
      rows.push(numberRow(name, text, probability, accepted));
    }
    return chunkRows(rows);
  }
  const { classifier } = models;
  const classes = new Uint8Array(count);
  const probabilities = new Float32Array(count);
  const areDigits = new Uint8Array(count);
  let image = 0;
  for (const [from, to] of groupsOf(first, count)) {
    const batch = framesBetween(from, to);
    const ofDigits = await classifier.probabilities(batch);
    eachReading(batch, ofDigits, classifier.digitThreshold, (digitClass, probability, isDigit) => {
      classes[image] = digitClass;
      probabilities[image] = probability;
      areDigits[image++] = isDigit ? 1 : 0;
    });
  }
  return { classes, probabilities, areDigits };
}

/** Decoded one after the other, so that one decoded picture is in memory at a time, and read together. */
async function readDigits(images: AsyncIterable<LoadedImage>, reading: Reading): Promise<ResultRow[]> {
  const rows: ((next: () => ResultRow) => ResultRow)[] = [];
  const names: string[] = [];
  const contents: ImageContent[] = [];
  for await (const { name, content } of images) {
    const decoded = await decodedOrFailed(name, content, reading);
    if ('file' in decoded) rows.push(() => decoded);
    else {
      names.push(name);
      contents.push(decoded);
      rows.push((next) => next());
    }
  }
  const readings = await readContents(reading.models, contents);
  let place = 0;
  const next = (): ResultRow => {
    const { reading: own } = readings[place] ?? {};
    const name = names[place++];
    if (!own || name === undefined) throw new Error('unreachable: there is a reading for every image');
    return digitRow(name, own.class, own.probability, own.digit);
  };
  return rows.map((row) => row(next));
}

async function readNumbers(images: AsyncIterable<LoadedImage>, reading: Reading): Promise<ResultRow[]> {
  const rows: ResultRow[] = [];
  for await (const { name, content } of images) {
    const decoded = await decodedOrFailed(name, content, reading, NUMBER_LARGEST_SIDE);
    if ('file' in decoded) rows.push(decoded);
    else {
      const { text, probability, accepted } = await readNumberIn(reading.models, decoded, reading.question);
      rows.push(numberRow(name, text, probability, accepted));
    }
  }
  return rows;
}

/** What an image is to the models, or the row that says why it cannot be read. */
async function decodedOrFailed(
  name: string,
  content: LoadedImage['content'],
  { normalize }: ReadSettings,
  largestSide?: number,
): Promise<ImageContent | ResultRow> {
  const options = { ...(normalize && { normalize }), largestSide };
  try {
    if (content instanceof Uint8Array) return await readImageSyncIfSmall(content, options);
    if ('fault' in content) return failedRow(name, content.fault);
    const { width, height, data } = content.plane;
    return await runYielding(
      toContent({ width, height, channels: 1, data }, normalize, 1, undefined, largestSide),
    );
  } catch (thrown) {
    if (thrown instanceof InkdigitError) return failedRow(name, thrown);
    throw thrown;
  }
}
