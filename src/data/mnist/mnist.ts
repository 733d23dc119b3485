import { join } from 'node:path';
import { InkdigitError } from '../../errors.js';
import { cacheFolder, type Environment } from '../download/cache-folder.js';
import { downloadFile, type DownloadSettings } from '../download/download-file.js';
import { parseIdxImages, parseIdxLabels } from './idx.js';
import { labelFrames, type LabelledFrames } from '../labelled-frames.js';
import {
  maxDownloadBytes,
  MNIST_FILES,
  MNIST_MIRRORS,
  readMnistFile,
  verifyMnistFile,
  type MnistFile,
} from './mnist-files.js';

/** File name -> SHA-256 of its uncompressed content. */
type DataDigests = Readonly<Record<string, string>>;

/** Which half of MNIST. */
export type MnistPartName = keyof typeof MNIST_FILES;

/** One half of MNIST, and of which files it came. */
export interface MnistPart {
  readonly data: LabelledFrames;
  readonly digests: DataDigests;
}

/** 60,000 digits to learn from, 10,000 to test with. */
export interface Mnist {
  readonly train: LabelledFrames;
  readonly test: LabelledFrames;
  readonly digests: DataDigests;
}

export interface MnistSettings extends DownloadSettings {
  /** The folder that holds the files. By default the variable `MNIST_DATA_DIR`, else the user's cache folder. */
  readonly dataDir?: string | undefined;
  /** Addresses, each ending in `/`, to download from into the cache folder. */
  readonly mirrors?: readonly string[];
  readonly env?: Environment;
}

/**
 * Loads MNIST. From the folder that was named, if one was; else from the user's cache folder, into which what
 * is missing there is downloaded. Every file is verified by its SHA-256.
 * @throws InkdigitError `missing_file` when the named folder lacks a file, `invalid_data` when a file is not
 * the genuine one, `download_failed` when no mirror gave it.
 */
export async function loadMnist(settings: MnistSettings = {}): Promise<Mnist> {
  const train = await loadMnistPart('train', settings);
  const test = await loadMnistPart('test', settings);
  return { train: train.data, test: test.data, digests: { ...train.digests, ...test.digests } };
}

/** Loads one half of MNIST; otherwise as `loadMnist`. */
export async function loadMnistPart(part: MnistPartName, settings: MnistSettings = {}): Promise<MnistPart> {
  const { images, labels } = MNIST_FILES[part];
  const imageBytes = await loadFile(images, settings);
  const labelBytes = await loadFile(labels, settings);
  return {
    data: labelFrames(
      parseIdxImages(imageBytes, images.name),
      parseIdxLabels(labelBytes, labels.name),
      images.name,
    ),
    digests: { [images.name]: images.sha256, [labels.name]: labels.sha256 },
  };
}

async function loadFile(file: MnistFile, settings: MnistSettings): Promise<Uint8Array> {
  const env = settings.env ?? process.env;
  const named = settings.dataDir || env['MNIST_DATA_DIR'];
  if (!named) return (await ensureMnistFile(cacheFolder(env), file, settings)).content;
  const content = await readMnistFile(named, file);
  if (content) return content;
  throw new InkdigitError(
    'missing_file',
    `${named} has neither ${file.name}.gz nor ${file.name}. Put the four files of MNIST there, or let ` +
      `inkdigit download --data-dir ${named} do it.`,
  );
}

/** One file that lies in a folder now, and whether it had to be downloaded. */
export interface EnsuredFile {
  readonly content: Uint8Array;
  readonly downloaded: boolean;
}

/**
 * Makes sure that a folder holds one genuine file of MNIST: a missing one is downloaded.
 * @throws InkdigitError `invalid_data` when another file lies there, `download_failed`
 */
export async function ensureMnistFile(
  folder: string,
  file: MnistFile,
  settings: MnistSettings = {},
): Promise<EnsuredFile> {
  const present = await readMnistFile(folder, file);
  if (present) return { content: present, downloaded: false };
  const name = `${file.name}.gz`;
  const content = await downloadFile(
    {
      target: join(folder, name),
      maxBytes: maxDownloadBytes(file),
      urls: (settings.mirrors ?? MNIST_MIRRORS).map((mirror) => mirror + name),
      verify: (bytes, source) => verifyMnistFile(file, bytes, source),
    },
    settings,
  );
  return { content, downloaded: true };
}
