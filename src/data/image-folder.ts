import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { codeOf, InkdigitError, type ErrorCode, type ItemError } from '../errors.js';
import { faultAndAdvice } from '../files/file-fault.js';
import { packFrames, type Frame } from '../image/frame.js';
import { DEFAULT_NORMALIZE, type NormalizeMode } from '../image/normalize-mode.js';
import type { ReadFrame } from '../image/read-image.js';
import { IMAGE_EXTENSIONS, isFolder, isImageName, listFolder, naturalOrder } from '../files/list-images.js';
import type { LabelledFrames } from './labelled-frames.js';

/** What is wrong with a picture itself. */
const OF_PICTURES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'not_an_image',
  'truncated_image',
  'corrupt_image',
  'too_many_pixels',
]);

/** A file that is no picture, and why in plain words. */
export interface BadFile {
  readonly file: string;
  readonly message: string;
}

/** Digits from a folder of image files, one folder a digit (the ImageFolder convention). */
export interface ImageFolder {
  readonly data: LabelledFrames;
  /** Where each frame came from, relative to the folder, with `/`: digit by digit, in natural order. */
  readonly files: readonly string[];
  /** Files that were passed over; empty unless `skipBad`. */
  readonly bad: readonly BadFile[];
  /** SHA-256 over names and contents of `files`. */
  readonly digest: string;
  /**
   * What a user may want to know and need not act on, a line each: digits that no image shows, what was passed over.
   */
  readonly notes: readonly string[];
}

export interface VisitSettings {
  /** Go without files that cannot be read, instead of refusing the folder. */
  readonly skipBad?: boolean;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface ImageFolderSettings extends VisitSettings {
  /** Whether to look for the digit in each picture. Default `auto`: unless it is a frame as MNIST's are. */
  readonly normalize?: NormalizeMode;
}

/** Takes the bytes of a file; what it throws says why they cannot be read. */
export type TakeImage = (bytes: Uint8Array) => Promise<void>;

/**
 * Reads every image in `folder/0` … `folder/9` and makes frames of them. One file is in memory at a time, and of each
 * only its frame is kept.
 * @throws InkdigitError as `visitImageFolder`
 */
export async function loadImageFolder(
  folder: string,
  readFrame: ReadFrame,
  { normalize = DEFAULT_NORMALIZE, ...settings }: ImageFolderSettings = {},
): Promise<ImageFolder> {
  const frames: Frame[] = [];
  const { labels, ...visited } = await visitImageFolder(folder, settings, async (bytes) => {
    // A copy, as what the frame was decoded into may be larger.
    frames.push(Uint8Array.from(await readFrame(bytes, { normalize })));
  });
  return { data: { frames: packFrames(frames), labels }, ...visited };
}

/** Of a folder whose images were visited; `labels[i]` is the digit of the i-th of `files`. */
export type VisitedFolder = Omit<ImageFolder, 'data'> & { readonly labels: Uint8Array };

/**
 * Gives `take` every image in `folder/0` … `folder/9`, digit by digit, in natural order.
 * @throws InkdigitError `missing_file` for a folder that is not there or cannot be read; `invalid_data` where it is
 * laid out otherwise, has no images, or (unless `skipBad`) has files that cannot be read: `items` has the first of
 * them.
 */
export async function visitImageFolder(
  folder: string,
  settings: VisitSettings,
  take: TakeImage,
): Promise<VisitedFolder> {
  const layout = await findClasses(folder);
  const digest = createHash('sha256');
  const { files, places, bad } = await visitAll(
    folder,
    layout.files.map(({ path }) => path),
    settings,
    async (bytes, file) => {
      await take(bytes);
      digest.update(`${Buffer.byteLength(file)} ${file} ${bytes.length}\n`).update(bytes);
    },
  );
  const labels = Uint8Array.from(places, (place) => layout.files[place]?.digit ?? 0);
  return {
    labels,
    files,
    bad,
    digest: digest.digest('hex'),
    notes: [
      ...missingDigits(labels),
      ...passedOver(folder, layout.others),
      ...outsideClasses(layout.outside),
    ],
  };
}

/** Pictures from a folder, of which nothing says what they show. */
export type UnlabelledFolder = Pick<ImageFolder, 'files' | 'bad' | 'notes'>;

/**
 * Gives `take` every image in a folder and those below it.
 * @throws InkdigitError as `visitImageFolder`
 */
export async function visitUnlabelledFolder(
  folder: string,
  settings: VisitSettings,
  take: TakeImage,
): Promise<UnlabelledFolder> {
  const { images, others } = await listFolder(folder);
  if (images.length === 0) {
    throw new InkdigitError(
      'invalid_data',
      `There is no image (${IMAGE_EXTENSIONS.join(' ')}) in ${folder}.`,
    );
  }
  const { files, bad } = await visitAll(folder, images, settings, take);
  return { files, bad, notes: passedOver(folder, others) };
}

/** What could be read of some files. */
interface Visited extends Pick<ImageFolder, 'files' | 'bad'> {
  /** Of each file: its place among the paths. */
  readonly places: readonly number[];
}

async function visitAll(
  folder: string,
  paths: readonly string[],
  { skipBad = false, onProgress }: VisitSettings,
  take: (bytes: Uint8Array, file: string) => Promise<void>,
): Promise<Visited> {
  const total = paths.length;
  const files: string[] = [];
  const places: number[] = [];
  const bad: (BadFile & ItemError)[] = [];
  for (const [index, path] of paths.entries()) {
    const file = within(folder, path);
    try {
      await take(await readFile(path), file);
      files.push(file);
      places.push(index);
    } catch (thrown) {
      // Anything but a refused picture or a refused file is a fault of the program, not of the data.
      if (thrown instanceof InkdigitError ? !OF_PICTURES.has(thrown.code) : codeOf(thrown) === undefined)
        throw thrown;
      bad.push({ index, file, message: faultAndAdvice(thrown) });
    }
    onProgress?.(index + 1, total);
  }
  if (bad.length > 0 && (!skipBad || files.length === 0)) throw unreadable(folder, bad, total);
  return { files, places, bad: bad.map(({ file, message }) => ({ file, message })) };
}

/** A path as it is told: relative to the folder, with `/`. */
function within(folder: string, path: string): string {
  return relative(folder, path).replaceAll(sep, '/');
}

interface Layout {
  readonly files: readonly { readonly path: string; readonly digit: number }[];
  /** Paths of what lies in the folders of the digits and is no image by its name. */
  readonly others: readonly string[];
  /** Images that lie in the folder itself, or are no digits. */
  readonly outside: readonly string[];
}

/** A folder beside those of the digits, as collections of corrections have it; nothing is learned from it here. */
const NON_DIGITS = 'none';

async function findClasses(folder: string): Promise<Layout> {
  const names = await readdir(folder).catch((cause: unknown) => {
    const message = `Cannot read ${folder}: ${faultAndAdvice(cause, 'folder')} ${EXPECTED}`;
    throw new InkdigitError('missing_file', message, { cause });
  });
  const visible = names.filter((name) => !name.startsWith('.')).toSorted(naturalOrder);
  const classes: string[] = [];
  const outside: string[] = [];
  for (const name of visible) {
    if (await isFolder(join(folder, name))) classes.push(name);
    else if (/^\d$/.test(name)) throw noFolder(join(folder, name));
    else if (isImageName(name)) outside.push(name);
  }
  const unknown = classes.filter((name) => !/^\d$/.test(name) && name !== NON_DIGITS);
  if (unknown.length > 0) {
    throw new InkdigitError(
      'invalid_data',
      `${join(folder, unknown[0] ?? '')} names no ` +
        `digit${unknown.length > 1 ? ` (nor do ${unknown.length - 1} other folders in ${folder})` : ''}. ${EXPECTED}`,
    );
  }
  if (classes.length === 0) {
    const unlabelled =
      outside.length > 0 ? `, only ${countImages(outside.length)} of which nothing says what they show` : '';
    throw new InkdigitError(
      'invalid_data',
      `${folder} has no folders named by digits${unlabelled}. ${EXPECTED}`,
    );
  }
  const files: { path: string; digit: number }[] = [];
  const others: string[] = [];
  for (const name of classes) {
    const content = await listFolder(join(folder, name));
    if (name === NON_DIGITS) {
      outside.push(...content.images.map((path) => within(folder, path)));
      continue;
    }
    for (const path of content.images) files.push({ path, digit: Number(name) });
    others.push(...content.others);
  }
  if (files.length === 0) {
    throw new InkdigitError(
      'invalid_data',
      `There is no image (${IMAGE_EXTENSIONS.join(' ')}) in ` +
        `${classes.map((name) => join(folder, name)).join(', ')}. ${EXPECTED}`,
    );
  }
  return { files, others, outside };
}

function noFolder(path: string): InkdigitError {
  const message = `Cannot read the folder ${path}: it is a file, or a link that leads to none. ${EXPECTED}`;
  return new InkdigitError('invalid_data', message);
}

const EXPECTED =
  'Expected one folder a digit, named 0 to 9, with image files in it: 0/any-name.png, …, 7/img-12.jpg, …';

/** Named one by one; the others are counted. */
const MAX_NAMED = 10;

/** Bad files in words: the first ten, each with what is wrong with it, and how many more there are. */
export function nameBadFiles(bad: readonly BadFile[]): string[] {
  const named = bad.slice(0, MAX_NAMED).map(({ file, message }) => `${file}: ${message}`);
  return bad.length > MAX_NAMED ? [...named, `and ${bad.length - MAX_NAMED} more`] : named;
}

function unreadable(folder: string, bad: readonly (BadFile & ItemError)[], total: number): InkdigitError {
  const items = nameBadFiles(bad).map((message, i) => ({ index: bad[i]?.index ?? 0, message }));
  const advice =
    bad.length === total
      ? 'Repair or replace them.'
      : 'Repair them, remove them, or go without them with --skip-bad.';
  return new InkdigitError(
    'invalid_data',
    `${bad.length} of the ${countImages(total)} in ${folder} cannot be read. ${advice}`,
    { items },
  );
}

function missingDigits(labels: Uint8Array): string[] {
  const shown = new Set(labels);
  const missing = Array.from({ length: 10 }, (_, digit) => digit).filter((digit) => !shown.has(digit));
  return missing.length > 0 ? [`No image shows ${missing.join(', ')}.`] : [];
}

/** Photos in a format that is not read, as HEIC, would be missed without a word. */
function passedOver(folder: string, paths: readonly string[]): string[] {
  const files = paths.map((path) => within(folder, path));
  if (files.length === 0) return [];
  const them = files.length === 1 ? '1 file that is no image' : `${files.length} files that are no images`;
  return [`Passed over ${them}, as ${files[0]}.`];
}

function outsideClasses(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  return [`Passed over ${countImages(names.length)} outside the folders of the digits, as ${names[0]}.`];
}

function countImages(count: number): string {
  return count === 1 ? '1 image' : `${count} images`;
}
