import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { codeOf, InkdigitError, messageOf } from '../../errors.js';
import { faultAndAdvice } from '../../files/file-fault.js';
import { sha256Of } from '../../sha256.js';
import { parseIdx } from './idx.js';

/** One of the four files of MNIST. */
export interface MnistFile {
  /** Its name without `.gz`. */
  readonly name: string;
  /** Of the uncompressed content. */
  readonly bytes: number;
  /** SHA-256 of the uncompressed content, so that any mirror's compression serves. */
  readonly sha256: string;
}

/** Images and labels of the 60,000 digits to learn from and the 10,000 to test with. */
export const MNIST_FILES = {
  train: {
    images: {
      name: 'train-images-idx3-ubyte',
      bytes: 47_040_016,
      sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    },
    labels: {
      name: 'train-labels-idx1-ubyte',
      bytes: 60_008,
      sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    },
  },
  test: {
    images: {
      name: 't10k-images-idx3-ubyte',
      bytes: 7_840_016,
      sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    },
    labels: {
      name: 't10k-labels-idx1-ubyte',
      bytes: 10_008,
      sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    },
  },
} as const satisfies Record<string, Record<'images' | 'labels', MnistFile>>;

/** Where each file lies as `<mirror><name>.gz`, in the order in which they are asked. */
export const MNIST_MIRRORS: readonly string[] = [
  'https://ossci-datasets.s3.amazonaws.com/mnist/',
  'https://storage.googleapis.com/cvdf-datasets/mnist/',
];

/**
 * More than any mirror's file of it: gzip adds 18 bytes, a name, and 5 bytes to every 16 kB that it cannot make
 * smaller.
 */
export function maxDownloadBytes({ bytes }: MnistFile): number {
  return Math.ceil(1.001 * bytes) + 1024;
}

const unzip = promisify(gunzip);

/**
 * Unpacks (where it is packed) one file of MNIST and makes sure that it is the genuine one.
 * @returns the uncompressed content.
 * @throws InkdigitError `invalid_data` that says what is wrong with it.
 */
export async function verifyMnistFile(
  file: MnistFile,
  bytes: Uint8Array,
  source: string,
): Promise<Uint8Array> {
  const content = isGzip(bytes) ? await unpack(file, bytes, source) : bytes;
  const sha256 = sha256Of(content);
  if (sha256 === file.sha256) return content;
  parseIdx(content, source); // a broken structure says more than a digest does
  throw new InkdigitError(
    'invalid_data',
    `${source} is not MNIST's ${file.name}: expected uncompressed content with the SHA-256 ${file.sha256}, ` +
      `got ${sha256} (${content.length} bytes). It is damaged, or of another data set that uses the same names.`,
  );
}

/**
 * Reads one file of MNIST, `<name>.gz` or `<name>`, from a folder.
 * @returns the uncompressed, verified content; `undefined` when the folder has neither.
 * @throws InkdigitError `invalid_data` when it is there but not genuine.
 */
export async function readMnistFile(folder: string, file: MnistFile): Promise<Uint8Array | undefined> {
  for (const path of [join(folder, `${file.name}.gz`), join(folder, file.name)]) {
    const bytes = await readIfThere(path);
    if (bytes) return verifyInFolder(file, bytes, path);
  }
  return undefined;
}

// Never replaced unasked: a folder may hold another data set under the same names.
async function verifyInFolder(file: MnistFile, bytes: Uint8Array, path: string): Promise<Uint8Array> {
  try {
    return await verifyMnistFile(file, bytes, path);
  } catch (thrown) {
    if (!(thrown instanceof InkdigitError)) throw thrown;
    const advice = 'Remove it, and inkdigit download fetches it again.';
    throw new InkdigitError(thrown.code, `${thrown.message} ${advice}`, { cause: thrown });
  }
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw new InkdigitError('missing_file', `Cannot read ${path}: ${faultAndAdvice(cause)}`, { cause });
  }
}

// By content, not by name: a server may have unpacked on the way what is named .gz.
function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function unpack(file: MnistFile, bytes: Uint8Array, source: string): Promise<Uint8Array> {
  try {
    return await unzip(bytes, { maxOutputLength: file.bytes });
  } catch (cause) {
    if (codeOf(cause) === 'ERR_BUFFER_TOO_LARGE') {
      throw new InkdigitError(
        'invalid_data',
        `${source} is not MNIST's ${file.name}: it unpacks to more than the ${file.bytes} bytes of that. ` +
          'It is of another data set that uses the same names, or made to fill memory.',
        { cause },
      );
    }
    throw new InkdigitError(
      'invalid_data',
      `${source} cannot be unpacked as gzip (${bytes.length} bytes): ${messageOf(cause)}. It is truncated or damaged.`,
      { cause },
    );
  }
}
