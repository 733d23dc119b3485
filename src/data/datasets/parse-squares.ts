import { parseIdx, parseIdxLabels } from '../mnist/idx.js';
import { invalidFile } from './dataset.js';

/** Square pictures of ink with what they show. */
export interface LabelledSquares {
  readonly side: number;
  /** `[count, side, side]`: 0 paper, 255 full ink. */
  readonly masks: Uint8Array;
  /** `[count]` */
  readonly labels: Uint8Array;
}

/**
 * Reads square pictures `[count, side, side]` and their labels, 0-9, from IDX files.
 * @throws InkdigitError `invalid_data`
 */
export function parseSquares(images: Uint8Array, labels: Uint8Array, source: string): LabelledSquares {
  const { count, side, masks } = parseSquareImages(images, source);
  const digits = parseIdxLabels(labels, source);
  if (digits.length !== count) {
    throw invalidFile(
      source,
      `expected one label for each image, got ${count} images and ${digits.length} labels`,
    );
  }
  return { side, masks, labels: digits };
}

/**
 * Reads square pictures `[count, side, side]` from an IDX file.
 * @throws InkdigitError `invalid_data`
 */
export function parseSquareImages(
  images: Uint8Array,
  source: string,
): { readonly count: number; readonly side: number; readonly masks: Uint8Array } {
  const { dimensions, values } = parseIdx(images, source);
  const [count, height, width] = dimensions;
  if (
    dimensions.length !== 3 ||
    count === undefined ||
    height === undefined ||
    height !== width ||
    height === 0
  ) {
    throw invalidFile(source, `expected square images, got the dimensions ${dimensions.join('x')}`);
  }
  return { count, side: height, masks: values };
}

const SEMEION_SIDE = 16;
const SEMEION_COLUMNS = SEMEION_SIDE * SEMEION_SIDE + 10;
const MAX_SEMEION_LINES = 100_000;

/**
 * Reads Semeion's own form: a line a digit, 256 pixels 0 or 1 row by row, then ten columns of which one is 1, the
 * digit's.
 * @throws InkdigitError `invalid_data` that names the line
 */
export function parseSemeion(bytes: Uint8Array, source: string): LabelledSquares {
  const lines = new TextDecoder().decode(bytes).split('\n');
  while (lines.at(-1)?.trim() === '') lines.pop();
  if (lines.length > MAX_SEMEION_LINES) throw invalidFile(source, `has more than ${MAX_SEMEION_LINES} lines`);
  const pixels = SEMEION_SIDE * SEMEION_SIDE;
  const masks = new Uint8Array(lines.length * pixels);
  const labels = new Uint8Array(lines.length);
  lines.forEach((line, row) => {
    const columns = line.trim().split(/\s+/).map(Number);
    const marks = columns.slice(pixels);
    const label = marks.indexOf(1);
    if (columns.length !== SEMEION_COLUMNS || label === -1 || marks.lastIndexOf(1) !== label) {
      throw invalidFile(
        `${source}, line ${row + 1}`,
        `expected ${SEMEION_COLUMNS} columns, one 1 among the last ten; got ${columns.length} columns`,
      );
    }
    for (let i = 0; i < pixels; i++) {
      const value = columns[i];
      if (value !== 0 && value !== 1) {
        throw invalidFile(
          `${source}, line ${row + 1}`,
          `expected pixels 0 or 1, got ${value} in column ${i + 1}`,
        );
      }
      masks[row * pixels + i] = 255 * value;
    }
    labels[row] = label;
  });
  return { side: SEMEION_SIDE, masks, labels };
}
