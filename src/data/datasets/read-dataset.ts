import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { codeOf, InkdigitError, messageOf } from '../../errors.js';
import { faultAndAdvice } from '../../files/file-fault.js';
import { sha256Of } from '../../sha256.js';
import { cacheFolder, type Environment } from '../download/cache-folder.js';
import { invalidFile, type Dataset, type DatasetFile } from './dataset.js';

/** The variable that names the folder of data sets. */
const FOLDER_VARIABLE = 'INKDIGIT_DATASETS_DIR';

/**
 * The folder in which data sets lie: the one that was named, else that of `INKDIGIT_DATASETS_DIR`, else `datasets` in
 * the user's cache folder.
 */
export function datasetsFolder(named: string | undefined, env: Environment): string {
  return named || env[FOLDER_VARIABLE] || join(cacheFolder(env), 'datasets');
}

/** A data set as it was read, and of which files. */
export interface ReadDataset<T> {
  readonly data: T;
  /** File name -> SHA-256 of its unpacked content. */
  readonly digests: Readonly<Record<string, string>>;
}

/** The unpacked content of a file, and its digest. */
export interface VerifiedFile {
  readonly content: Uint8Array;
  readonly sha256: string;
}

/**
 * Reads a data set from the folder of data sets; every file is verified by its SHA-256 before it is parsed.
 * @throws InkdigitError `missing_file` that says how to get the file, `invalid_data` when one is damaged or another
 */
export async function readDataset<T>(dataset: Dataset<T>, folder: string): Promise<ReadDataset<T>> {
  const content = new Map<string, Uint8Array>();
  const digests: Record<string, string> = {};
  for (const file of dataset.files) {
    const read = await readDatasetFile(folder, file);
    if (!read) throw missingFile(dataset, file, folder);
    content.set(file.name, read.content);
    digests[file.name] = read.sha256;
  }
  return { data: dataset.parse(content), digests };
}

/** What to say of a file that a folder lacks: where it can be had and where to put it. */
export function missingFile(dataset: Dataset<unknown>, file: DatasetFile, folder: string): InkdigitError {
  const { name, page } = dataset;
  const how =
    file.urls.length > 0
      ? `Let inkdigit download --dataset ${name} --datasets-dir ${folder} get it.`
      : `No address gives that file itself: the data set is described at ${page}. Put the file ` +
        `(${file.bytes} bytes unpacked, SHA-256 ${file.sha256}) into ${folder}, or name the folder that has it by ` +
        `--datasets-dir or ${FOLDER_VARIABLE}.`;
  return new InkdigitError(
    'missing_file',
    `${folder} has neither ${file.name}.gz nor ${file.name} of the data set ${name}. ${how}`,
  );
}

/**
 * Reads one file, packed by gzip or not.
 * @returns its unpacked, verified content; `undefined` when the folder has neither
 * @throws InkdigitError `invalid_data` when it is there but another; `missing_file` when it cannot be read
 */
export async function readDatasetFile(folder: string, file: DatasetFile): Promise<VerifiedFile | undefined> {
  for (const path of [join(folder, `${file.name}.gz`), join(folder, file.name)]) {
    const bytes = await readIfThere(path, file);
    if (bytes) return verifyDatasetFile(file, bytes, path);
  }
  return undefined;
}

/**
 * Unpacks one file where it is packed, and makes sure that it is the right one.
 * @throws InkdigitError `invalid_data`
 */
export function verifyDatasetFile(file: DatasetFile, bytes: Uint8Array, source: string): VerifiedFile {
  const content = unpack(file, bytes, source);
  const forms = [file, ...(file.otherForms ?? [])];
  if (!forms.some((form) => form.bytes === content.length)) {
    const lengths = forms.map((form) => form.bytes).join(' or ');
    throw invalidFile(
      source,
      `expected ${lengths} bytes of content, got ${content.length}: it is damaged or another`,
    );
  }
  const sha256 = sha256Of(content);
  if (forms.some((form) => form.sha256 === sha256)) return { content, sha256 };
  const expected = forms.map((form) => form.sha256).join(' or ');
  throw invalidFile(
    source,
    `expected content with the SHA-256 ${expected}, got ${sha256}: it is damaged, or another version of ${file.name}`,
  );
}

/** The longest form of a file. */
function maxContentBytes(file: DatasetFile): number {
  return Math.max(file.bytes, ...(file.otherForms ?? []).map(({ bytes }) => bytes));
}

/**
 * More than any packed file of it: gzip adds 18 bytes, a name, and 5 bytes to every 16 kB that it cannot make smaller.
 */
export function maxPackedBytes(file: DatasetFile): number {
  return Math.ceil(1.001 * maxContentBytes(file)) + 1024;
}

async function readIfThere(path: string, file: DatasetFile): Promise<Uint8Array | undefined> {
  try {
    const { size } = await stat(path);
    if (size > maxPackedBytes(file)) {
      throw invalidFile(
        path,
        `expected at most ${maxPackedBytes(file)} bytes, got ${size}: it is another file`,
      );
    }
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof InkdigitError) throw cause;
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw new InkdigitError('missing_file', `Cannot read ${path}: ${faultAndAdvice(cause)}`, { cause });
  }
}

function unpack(file: DatasetFile, bytes: Uint8Array, source: string): Uint8Array {
  // By content, not by name: a server may have unpacked on the way what is named .gz.
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: maxContentBytes(file) });
  } catch (cause) {
    const reason =
      codeOf(cause) === 'ERR_BUFFER_TOO_LARGE'
        ? `unpacks to more than the ${maxContentBytes(file)} bytes of ${file.name}: it is another file`
        : `cannot be unpacked as gzip (${bytes.length} bytes): ${messageOf(cause)}; it is truncated or damaged`;
    throw invalidFile(source, reason, cause);
  }
}
