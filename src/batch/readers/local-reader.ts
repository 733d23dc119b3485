import { InkdigitError } from '../../errors.js';
import { FRAME_PIXELS, frameAt, type FrameBatch } from '../../image/frame.js';
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
import { FrameFiles } from './frame-files.js';
import type { ObjectStore } from '../inputs/object-store.js';
import { groupEnd } from '../plan/chunks.js';
import { namesOfFrames, quotedNamesOfFrames, type FoundFrames } from '../plan/found-image.js';
import { digitRow, failedRow, numberRow, type ResultRow } from '../plan/result-rows.js';
import { chunkRows, type ChunkReader, type ChunkRows, type ReadSettings } from './chunk-reader.js';
import { DigitLines } from './digit-lines.js';
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
  const frameFiles = new FrameFiles();
  const read: Reading = { ...settings, models, question, frameFiles };
  return {
    capacity: 1,
    async read(chunk) {
      if (chunk.kind === 'frames') return readFrames(chunk.first, chunk.pieces, read);
      const rows: ResultRow[] = [];
      for (const [from, to] of groupsOf(chunk.first, chunk.images.length)) {
        const images = loadImages(chunk.images.slice(from, to), objects);
        rows.push(...(await (read.read === 'digits' ? readDigits(images, read) : readNumbers(images, read))));
      }
      return chunkRows(rows);
    },
    async close() {
      frameFiles.close();
      await models.close();
    },
  };
}

interface Reading extends ReadSettings {
  readonly models: OpenedModels;
  readonly question: NumberQuestion;
  readonly frameFiles: FrameFiles;
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
  { read, models, question, frameFiles }: Reading,
): Promise<ChunkRows> {
  const pixels = await frameFiles.pixelsOf(pieces);
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
  const names = quotedNamesOfFrames(pieces);
  const lines = new DigitLines();
  for (const [from, to] of groupsOf(first, count)) {
    const batch = framesBetween(from, to);
    const readings = readingsOf(batch, await classifier.probabilities(batch), classifier.digitThreshold);
    for (const [i, reading] of readings.entries()) {
      lines.add(names[from + i] ?? '', reading.class, reading.probability, reading.digit);
    }
  }
  return lines.rows;
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
