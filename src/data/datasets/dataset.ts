import { InkdigitError } from '../../errors.js';

/** What identifies a file's content; where it is packed, the unpacked one. */
export interface FileForm {
  /** Its length. */
  readonly bytes: number;
  readonly sha256: string;
}

/** One file of a data set. */
export interface DatasetFile extends FileForm {
  /** Its path within the folder of data sets, with `/`; packed by gzip it has `.gz` added. */
  readonly name: string;
  /** Other forms of the same content that are taken as well. */
  readonly otherForms?: readonly FileForm[];
  /** Where it can be had, packed or not, asked in this order; empty where only the set's page leads to it. */
  readonly urls: readonly string[];
}

/** The content of each file of a data set, unpacked, by its name. */
export type DatasetContent = ReadonlyMap<string, Uint8Array>;

/** A data set: where it comes from, of which files it is made, and how to read them. */
export interface Dataset<T> {
  readonly name: string;
  readonly title: string;
  /** The page that describes it. */
  readonly page: string;
  readonly licence: string;
  readonly files: readonly DatasetFile[];
  /**
   * Pure over the files' content.
   * @throws InkdigitError `invalid_data` that names the file and what is wrong with it
   */
  readonly parse: (content: DatasetContent) => T;
}

/**
 * The content of one file.
 * @throws InkdigitError `missing_file`
 */
export function contentOf(content: DatasetContent, name: string): Uint8Array {
  const bytes = content.get(name);
  if (bytes) return bytes;
  throw new InkdigitError('missing_file', `Expected the content of ${name}, got ${listOf(content)}.`);
}

function listOf(content: DatasetContent): string {
  return content.size === 0 ? 'no file at all' : `only that of ${[...content.keys()].join(', ')}`;
}

/** What a parser throws: the file and what is wrong with it. */
export function invalidFile(source: string, reason: string, cause?: unknown): InkdigitError {
  return new InkdigitError('invalid_data', `${source}: ${reason}.`, cause === undefined ? {} : { cause });
}
