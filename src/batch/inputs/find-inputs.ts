import { InkdigitError } from '../../errors.js';
import { isFolder, isImageName } from '../../files/list-images.js';
import { readLines } from '../../files/read-lines.js';
import { basename } from 'node:path';
import { openSource, type ByteSource } from './byte-source.js';
import { HEAD_BYTES, kindOfFile, type FileKind } from './file-kind.js';
import { gunzipPieces } from './gunzip.js';
import { parseIdxHeader } from './idx-images.js';
import { STDIN, type InputEntry } from './input-entry.js';
import { entryOfLine } from './manifest-lines.js';
import { isS3Address, type ObjectStore } from './object-store.js';
import type { StandardInput } from './standard-input.js';
import { patternOf, walkFiles } from './walk-files.js';

/** Where inputs come from. */
export interface InputPlaces {
  readonly objects: ObjectStore;
  readonly stdin: StandardInput;
  /** The column of images of Parquet files, where the user named one. */
  readonly column: string | undefined;
}

/**
 * What the inputs of a command line stand for, in their order: images of folders, of patterns and of lists one by one,
 * files of many images as one entry. Nothing is held or sorted.
 * @throws InkdigitError `missing_file`, `invalid_data` or `invalid_option` for an input that cannot be read
 */
export async function* findInputs(
  inputs: readonly string[],
  places: InputPlaces,
): AsyncGenerator<InputEntry> {
  for (const input of inputs) {
    if (input === STDIN) yield* inStandardInput(places);
    else if (isS3Address(input)) yield* inStore(input, places);
    else yield* inFiles(input, places);
  }
}

async function* inFiles(input: string, places: InputPlaces): AsyncGenerator<InputEntry> {
  if (/^https?:\/\//i.test(input)) {
    // The address is not repeated: it may hold a password.
    throw new InkdigitError(
      'invalid_option',
      'Expected files, folders or s3://bucket/key, got an address, and nothing is fetched. --server names a service.',
    );
  }
  if (await isFolder(input)) {
    for await (const path of walkFiles(input)) if (isImageName(basename(path))) yield imageAt(path);
    return;
  }
  const pattern = patternOf(input);
  const source = await openSource(input, places.objects).catch((thrown: unknown) => {
    if (pattern) return undefined;
    throw thrown;
  });
  if (source) {
    yield* inSource(source, places);
    return;
  }
  if (!pattern) return;
  let count = 0;
  for await (const path of walkFiles(pattern.base, pattern.depth)) {
    if (!pattern.matches(path)) continue;
    count++;
    yield* inMatch(path, places);
  }
  requireMatches(input, count);
}

/** Objects: one, those that a pattern matches, or the images among all whose keys begin so. */
async function* inStore(input: string, places: InputPlaces): AsyncGenerator<InputEntry> {
  const pattern = patternOf(input);
  const isFolderName = input.endsWith('/') || /^s3:\/\/[^/]+$/.test(input);
  if (!pattern && !isFolderName) {
    yield* inSource(await places.objects.open(input), places);
    return;
  }
  let count = 0;
  for await (const { path } of places.objects.list(pattern?.base ?? input)) {
    if (pattern ? !pattern.matches(path) : !isImageName(basename(path))) continue;
    count++;
    if (pattern) yield* inMatch(path, places);
    else yield imageAt(path);
  }
  if (pattern) requireMatches(input, count);
}

function imageAt(path: string): InputEntry {
  return { kind: 'image', name: path, path };
}

/** What has the name of an image is not opened before its turn. */
async function* inMatch(path: string, places: InputPlaces): AsyncGenerator<InputEntry> {
  if (isImageName(basename(path))) yield imageAt(path);
  else yield* inSource(await openSource(path, places.objects), places);
}

function requireMatches(input: string, count: number): void {
  if (count > 0) return;
  throw new InkdigitError('missing_file', `Nothing matches ${input}: expected files, or a pattern of some.`);
}

async function* inSource(source: ByteSource, places: InputPlaces): AsyncGenerator<InputEntry> {
  const { path, stamp, size } = source;
  const file = kindOfFile(path, await source.read(0, Math.min(size, HEAD_BYTES)));
  switch (file.kind) {
    case 'image':
      yield imageAt(path);
      break;
    case 'idx':
      yield { kind: 'idx', path, stamp, images: parseIdxHeader(file.head, path).images };
      break;
    case 'tar':
      yield { kind: 'tar', path, stamp, bytes: size };
      break;
    case 'lines':
      yield* inLines(path, file, source.stream());
      break;
    case 'parquet': {
      // Loaded only where it is used.
      const { parquetHeader } = await import('./parquet-images.js');
      yield { kind: 'parquet', path, stamp, ...(await parquetHeader(source, places.column)) };
    }
  }
}

async function* inStandardInput({ stdin }: InputPlaces): AsyncGenerator<InputEntry> {
  const head = await stdin.head();
  const file = kindOfFile('standard input', head);
  const stamp = '';
  switch (file.kind) {
    case 'idx':
      yield { kind: 'idx', path: STDIN, stamp, images: parseIdxHeader(file.head, STDIN).images };
      break;
    case 'tar':
      // How many bytes come is not known: nothing is said of the time that is left.
      yield { kind: 'tar', path: STDIN, stamp, bytes: 0 };
      break;
    case 'lines':
      yield* inLines(STDIN, file, stdin.stream());
      break;
    case 'image':
    case 'parquet':
      throw new InkdigitError(
        'invalid_data',
        'Expected paths, one a line, a tar archive or an IDX file on standard input; got ' +
          (head.length === 0
            ? 'nothing.'
            : file.kind === 'parquet'
              ? 'Parquet, which is read from its end: name the file.'
              : 'neither. inkdigit classify --local - reads one image from there.'),
      );
  }
}

async function* inLines(
  list: string,
  { isGzip }: FileKind,
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<InputEntry> {
  let line = 0;
  for await (const lines of readLines(isGzip ? gunzipPieces(pieces, list) : pieces, list)) {
    for (const text of lines) {
      const entry = entryOfLine(text, list, ++line);
      if (entry) yield entry;
    }
  }
}
