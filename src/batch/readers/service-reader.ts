import { MnistClientError, type MnistClient } from '../../client/exports.js';
import { FRAME_PIXELS, planeOfFrame } from '../../image/frame.js';
import { planePng } from '../../image/plane-png.js';
import { FrameFiles } from './frame-files.js';
import type { ObjectStore } from '../inputs/object-store.js';
import { namesOfFrames, type FoundFrames, type FoundImage } from '../plan/found-image.js';
import { digitRow, failedRow, numberRow, type ResultRow } from '../plan/result-rows.js';
import { chunkRows, type ChunkReader, type ReadSettings } from './chunk-reader.js';
import { loadImages } from './load-images.js';

/** An image file that is sent, or the row of one that cannot be. */
type ToSend = { readonly name: string; readonly bytes: Uint8Array } | ResultRow;

/** What a service is asked with. */
export type ServiceClient = Pick<MnistClient, 'classify' | 'read'>;

/**
 * Has a service read chunks: a request each, several at a time. Frames are sent as PNG files.
 * @param requests in flight at a time
 */
export function serviceReader(
  client: ServiceClient,
  requests: number,
  settings: ReadSettings,
  objects: ObjectStore,
): ChunkReader {
  const ask = settings.read === 'digits' ? askForDigits : askForNumbers;
  const frameFiles = new FrameFiles();
  return {
    capacity: requests,
    async read(chunk) {
      const toSend: ToSend[] = [];
      const images = chunk.kind === 'images' ? chunk.images : await imagesOf(chunk.pieces, frameFiles);
      for await (const { name, content } of loadImages(images, objects)) {
        if (content instanceof Uint8Array) toSend.push({ name, bytes: content });
        else if ('plane' in content) toSend.push({ name, bytes: planePng(content.plane) });
        else toSend.push(failedRow(name, content.fault));
      }
      const sent = toSend.filter((one) => 'bytes' in one);
      const rows = (sent.length > 0 ? await ask(client, sent, settings) : []).values();
      return chunkRows(toSend.map((one) => ('bytes' in one ? nextOf(rows) : one)));
    },
    close: async () => frameFiles.close(),
  };
}

interface SentImage {
  readonly name: string;
  readonly bytes: Uint8Array;
}

async function askForDigits(
  client: ServiceClient,
  sent: readonly SentImage[],
  { normalize }: ReadSettings,
): Promise<ResultRow[]> {
  const images = sent.map(({ bytes }) => bytes);
  const answers = await client.classify(images, { detail: 'full', normalize, partial: true });
  return sent.map(({ name }, i) => {
    const answer = answers[i];
    if (!answer) throw new Error('unreachable: there is an answer for every image');
    if ('error' in answer) return { file: name, error: answer.error.code, message: answer.error.message };
    return digitRow(name, answer.class, answer.probability, answer.digit);
  });
}

/** The service refuses a whole request for one bad image, and names it: the others are sent again. */
async function askForNumbers(
  client: ServiceClient,
  sent: readonly SentImage[],
  settings: ReadSettings,
): Promise<ResultRow[]> {
  try {
    const answers = await client.read(
      sent.map(({ bytes }) => bytes),
      settings.numbers,
    );
    return sent.map(({ name }, i) => {
      const answer = answers[i];
      if (!answer) throw new Error('unreachable: there is an answer for every image');
      return numberRow(name, answer.text, answer.probability, answer.accepted);
    });
  } catch (thrown) {
    if (!(thrown instanceof MnistClientError)) throw thrown;
    const refused = new Map(thrown.items.map(({ index, message }) => [index, message]));
    const others = sent.filter((_, i) => !refused.has(i));
    if (others.length === sent.length) throw thrown;
    const rows = (others.length > 0 ? await askForNumbers(client, others, settings) : []).values();
    return sent.map(({ name }, i) => {
      const message = refused.get(i);
      return message === undefined ? nextOf(rows) : { file: name, error: thrown.code, message };
    });
  }
}

function nextOf(rows: Iterator<ResultRow>): ResultRow {
  const { done, value } = rows.next();
  if (done) throw new Error('unreachable: there is a row for every image');
  return value;
}

async function imagesOf(pieces: readonly FoundFrames[], files: FrameFiles): Promise<FoundImage[]> {
  const pixels = await files.pixelsOf(pieces);
  return namesOfFrames(pieces).map((name, i) => ({
    name,
    content: { plane: planeOfFrame(pixels.subarray(i * FRAME_PIXELS, (i + 1) * FRAME_PIXELS)) },
  }));
}
