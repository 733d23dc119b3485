import { basename, isAbsolute, join } from 'node:path';
import { InkdigitError } from '../../errors.js';
import { trueNumberOf } from '../read/read-report.js';

/** An image and the number in it: digits, lines between line feeds. */
export interface TrueNumber {
  readonly file: string;
  readonly truth: string;
}

/** Columns go by these names; the first is the one of `inkdigit read --csv`. */
const FILE_COLUMNS = ['file', 'image', 'name', 'filename'];
const NUMBER_COLUMNS = ['number', 'truth', 'text', 'label'];

/** Digits, spaces for empty cells, lines; nothing where the image shows no digit. */
const NUMBER = /^[0-9 \n]*$/;

/** The images whose names carry their number. @param files paths of images */
export function numbersInNames(files: readonly string[]): TrueNumber[] {
  return files.flatMap((file) => {
    const truth = trueNumberOf(file);
    return truth === null ? [] : [{ file, truth }];
  });
}

/**
 * The numbers that a CSV file gives to images of a folder.
 * @param csv a header and rows as RFC 4180 has them; what other columns hold is passed over
 * @param source where it is from, for messages
 * @param folder names in the file are those of images in it
 * @param files paths of the images in the folder and in those below
 * @throws InkdigitError `invalid_data` where a row is no image's, names one that there is not, or holds no number
 */
export function numbersInCsv(
  csv: string,
  source: string,
  folder: string,
  files: readonly string[],
): TrueNumber[] {
  const [header = [], ...rows] = rowsOf(csv, source);
  const columnOf = (names: readonly string[]): number =>
    header.findIndex((name) => names.includes(name.trim().toLowerCase()));
  const [fileColumn, numberColumn] = [columnOf(FILE_COLUMNS), columnOf(NUMBER_COLUMNS)];
  const invalid = (message: string): InkdigitError => new InkdigitError('invalid_data', message);
  if (fileColumn < 0 || numberColumn < 0) {
    throw invalid(
      `Expected the first line of ${source} to name the columns file and number, as inkdigit read --csv does; ` +
        `got ${JSON.stringify(header.join(',').slice(0, 80))}.`,
    );
  }
  const known = new Set(files);
  const byName = new Map(files.map((file) => [basename(file), file]));
  const given = new Set<string>();
  return rows.map((row, i) => {
    const place = `Row ${i + 1} of ${source}`;
    const name = (row[fileColumn] ?? '').trim();
    const truth = (row[numberColumn] ?? '').replaceAll('\r\n', '\n').replace(/\n$/, '');
    const paths = [name, ...(isAbsolute(name) ? [] : [join(folder, name)])];
    const file = paths.find((path) => known.has(path)) ?? byName.get(name);
    if (file === undefined) {
      throw invalid(`${place} names ${JSON.stringify(name.slice(0, 200))}, which is no image in ${folder}.`);
    }
    if (given.has(file))
      throw invalid(`${place} names ${JSON.stringify(name)} again: give each image one row.`);
    given.add(file);
    if (!NUMBER.test(truth)) {
      throw invalid(
        `${place} should hold digits as its number, and holds ${JSON.stringify(truth.slice(0, 40))}.`,
      );
    }
    return { file, truth };
  });
}

/** The fields of each row; blank lines are no rows. */
function rowsOf(csv: string, source: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  // A field in quotes, with quotes in it doubled, or one without; and what ends it.
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  field.lastIndex = csv.startsWith('\ufeff') ? 1 : 0;
  while (field.lastIndex <= csv.length) {
    const match = field.exec(csv);
    if (!match) {
      throw new InkdigitError(
        'invalid_data',
        `Expected ${source} to be CSV; row ${rows.length} has a quote in the middle of a field, or one that never ends.`,
      );
    }
    const [, quoted, plain = '', end] = match;
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end !== ',') {
      if (row.length > 1 || row[0] !== '') rows.push(row);
      row = [];
    }
    if (end === '') break;
  }
  return rows;
}
