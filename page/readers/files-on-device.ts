import { MnistClientError, type MnistClient } from '../../src/client/exports.js';
import { askOfFiles, PictureAsker, type PageReading } from '../number/picture-asker.js';
import type { KnownNumber, ReadAs } from '../number/read-as.js';
import { DeviceReadError, type PageReader } from './page-reader.js';

/** What is wrong with a picture, and not with the reader. */
const PICTURE_FAULTS: ReadonlySet<string> = new Set(['not_an_image', 'too_many_pixels']);

export function isPictureFault(thrown: unknown): thrown is DeviceReadError {
  return thrown instanceof DeviceReadError && PICTURE_FAULTS.has(thrown.code);
}

/**
 * Reads several files: on the device, or else by the service, in one request.
 * @throws as `readFilesWith` and the client
 */
export function readFiles(
  onDevice: PageReader | null,
  client: MnistClient,
  files: readonly Blob[],
  as: ReadAs,
  known: KnownNumber,
): Promise<readonly PageReading[]> {
  if (onDevice) return readFilesWith(onDevice, files, as, known);
  const classify = () => client.classify(files, { detail: 'full' });
  return askOfFiles({ classify, readNumbers: () => client.read(files, known) }, as);
}

/**
 * Reads several files, one after the other.
 * @throws MnistClientError whose items name those that cannot be read, as the service refuses them; whatever else the
 * reader throws
 */
async function readFilesWith(
  reader: PageReader,
  files: readonly Blob[],
  as: ReadAs,
  known: KnownNumber,
): Promise<readonly PageReading[]> {
  const { signal } = new AbortController();
  const readings: PageReading[] = [];
  const items: { readonly index: number; readonly message: string }[] = [];
  for (const [index, file] of files.entries()) {
    const picture = { pixels: null, file: async () => file };
    const questions = {
      classify: () => reader.classify(picture, signal),
      readNumber: () => reader.readNumber(picture, known, signal),
    };
    try {
      readings.push(await new PictureAsker().ask(questions, null, as));
    } catch (thrown) {
      if (!isPictureFault(thrown)) throw thrown;
      items.push({ index, message: thrown.message });
    }
  }
  if (items.length > 0) throw new MnistClientError('not_an_image', 'Some files cannot be read.', { items });
  return readings;
}
