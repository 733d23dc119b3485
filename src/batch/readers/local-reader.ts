import { InkdigitError } from '../../errors.js';
import { FRAME_PIXELS, frameAt } from '../../image/frame.js';
import { toContent } from '../../image/normalize/to-content.js';
import { contentOf, type ImageContent } from '../../image/picture.js';
import { readImageSyncIfSmall } from '../../image/read-image.js';
import { runYielding } from '../../image/task.js';
import { openDigitModels, readContents, type OpenedModels } from '../../model/digit-models.js';
import { readNumberIn } from '../../model/read-number.js';
import { readingsOf } from '../../model/readings.js';
import {
  NUMBER_LARGEST_SIDE,
  numberQuestionOf,
  type NumberQuestion,
} from '../../reading/number-in-content.js';
import type { ObjectStore } from '../inputs/object-store.js';
import { groupEnd } from '../plan/chunks.js';
import { sizeOf, type Chunk, type FoundFrames } from '../plan/found-image.js';
import { digitRow, failedRow, numberRow, type ResultRow } from '../plan/result-rows.js';
import { chunkRows, type ChunkReader, type ReadSettings } from './chunk-reader.js';
import { loadImages, type LoadedImage } from './load-images.js';

/**
 * Reads chunks in this process.
 * @throws InkdigitError `missing_file`, `invalid_model` or `invalid_option`
 */
export async function openLocalReader(
  modelPath: string,
  settings: ReadSettings,
  objects: ObjectStore,
): Promise<ChunkReader> {
  const question = numberQuestionOf(settings.numbers);
  const models = await openDigitModels(modelPath);
  const read = { ...settings, models, question, objects };
  return {
    capacity: 1,
    async read(chunk) {
      const rows: ResultRow[] = [];
      const count = sizeOf(chunk);
      for (let from = 0; from < count;) {
        const to = Math.min(count, groupEnd(chunk.first + from) - chunk.first);
        rows.push(...(await readGroup(chunk, from, to, read)));
        from = to;
      }
      return chunkRows(rows);
    },
    close: () => models.close(),
  };
}

interface Reading extends ReadSettings {
  readonly models: OpenedModels;
  readonly question: NumberQuestion;
  readonly objects: ObjectStore;
}

/** Reads images of a chunk together. */
async function readGroup(chunk: Chunk, from: number, to: number, reading: Reading): Promise<ResultRow[]> {
  if (chunk.kind === 'frames') {
    const names = chunk.names.slice(from, to);
    const frames = { names, pixels: chunk.pixels.subarray(from * FRAME_PIXELS, to * FRAME_PIXELS) };
    return reading.read === 'digits' ? readFrames(frames, reading) : readFrameNumbers(frames, reading);
  }
  const images = loadImages(chunk.images.slice(from, to), reading.objects);
  return reading.read === 'digits' ? readDigits(images, reading) : readNumbers(images, reading);
}

/** All in one inference, without anything before it. */
async function readFrames({ names, pixels }: FoundFrames, { models }: Reading): Promise<ResultRow[]> {
  const { classifier } = models;
  const batch = { count: names.length, pixels };
  const probabilities = await classifier.probabilities(batch);
  return readingsOf(batch, probabilities, classifier.digitThreshold).map((reading, i) =>
    digitRow(names[i] ?? '', reading.class, reading.probability, reading.digit),
  );
}

async function readFrameNumbers(
  { names, pixels }: FoundFrames,
  { models, question }: Reading,
): Promise<ResultRow[]> {
  const batch = { count: names.length, pixels };
  const rows: ResultRow[] = [];
  for (const [i, name] of names.entries()) {
    const { text, probability, accepted } = await readNumberIn(
      models,
      contentOf(frameAt(batch, i)),
      question,
    );
    rows.push(numberRow(name, text, probability, accepted));
  }
  return rows;
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
