import { parseIdx } from '../mnist/idx.js';
import { contentOf, invalidFile, type DatasetContent } from './dataset.js';
import { parseSquareImages, type LabelledSquares } from './parse-squares.js';
import { parseTar } from './tar.js';

/** A picture in its file's bytes, and what it shows. */
export interface LabelledPicture {
  /** What it is called in its archive. */
  readonly name: string;
  /** The truth as text: a digit, a letter, or a number of several digits. */
  readonly truth: string;
  /** An image file. */
  readonly bytes: Uint8Array;
}

/**
 * Reads an archive of pictures named `<index>_<truth>.png`.
 * @param truths what a truth looks like
 * @throws InkdigitError `invalid_data`
 */
export function parsePictureTar(
  bytes: Uint8Array,
  source: string,
  truths: RegExp,
): readonly LabelledPicture[] {
  return parseTar(bytes, source).map(({ name, bytes: picture }) => {
    const truth = /^\d+_(.*)\.png$/.exec(name)?.[1];
    if (truth === undefined || !truths.test(truth)) {
      throw invalidFile(
        source,
        `expected files <index>_<truth>.png with a truth like ${truths}, got ${JSON.stringify(name)}`,
      );
    }
    return { name, truth, bytes: picture };
  });
}

/** A photo of a sudoku and its 81 digits, row by row; 0 where the cell is empty. */
export interface SudokuPhoto {
  readonly name: string;
  /** An image file. */
  readonly bytes: Uint8Array;
  /** `[81]` */
  readonly digits: Uint8Array;
}

/** Rows and columns of a sudoku. */
const SUDOKU_SIDE = 9;

/**
 * Reads the photos of which the digits are known: `name.dat` beside `name.jpg`, two lines about the photo, then nine
 * lines of nine digits.
 * @throws InkdigitError `invalid_data`
 */
export function parseSudokus(content: DatasetContent): readonly SudokuPhoto[] {
  const photos: SudokuPhoto[] = [];
  for (const [name, bytes] of content) {
    if (!name.endsWith('.dat')) continue;
    const photo = name.replace(/\.dat$/, '.jpg');
    photos.push({ name: photo, bytes: contentOf(content, photo), digits: parseGrid(bytes, name) });
  }
  return photos;
}

function parseGrid(bytes: Uint8Array, source: string): Uint8Array {
  const lines = new TextDecoder().decode(bytes.subarray(0, 4096)).split(/\r?\n/);
  const digits = lines
    .slice(2)
    .filter((line) => line.trim() !== '')
    .flatMap((line) => line.trim().split(/\s+/));
  if (digits.length !== SUDOKU_SIDE ** 2 || !digits.every((digit) => /^\d$/.test(digit))) {
    throw invalidFile(source, `expected two lines and then 81 digits, got ${digits.length} words`);
  }
  return Uint8Array.from(digits, Number);
}

/** Renderings of one character, one by each of as many people, in the same order of people within an alphabet. */
export const RENDERINGS = 20;

/** Characters of Omniglot: `labels` are the alphabets' numbers. */
export type OmniglotCharacters = LabelledSquares;

/**
 * Reads characters: picture i is the rendering `i % 20` of character `floor(i / 20)`.
 * @throws InkdigitError `invalid_data`
 */
export function parseOmniglot(images: Uint8Array, labels: Uint8Array, source: string): OmniglotCharacters {
  const { count, side, masks } = parseSquareImages(images, source);
  const { dimensions: labelled, values: alphabets } = parseIdx(labels, source);
  if (labelled.length !== 1 || alphabets.length !== count || count % RENDERINGS !== 0) {
    throw invalidFile(
      source,
      `expected ${RENDERINGS} images of each character and a label for each image, ` +
        `got ${count} images and ${alphabets.length} labels`,
    );
  }
  return { side, masks, labels: alphabets };
}
