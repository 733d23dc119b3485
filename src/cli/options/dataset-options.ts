import type { Option } from 'commander';
import { option } from './declare-option.js';

/** The folder of the data sets other than MNIST, for every command that reads them. */
export function datasetsDirOption(): Option {
  return option(
    '--datasets-dir <folder>',
    "folder of the data sets other than MNIST (default: datasets in the user's cache folder)",
  );
}

/** The data sets to take digits from. */
export function datasetsOption(description: string): Option {
  return option('--datasets <names>', description, { parse: (names) => splitNames([names]) });
}

/** Splits names at commas, in every value of a repeatable option. */
export function splitNames(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.split(',')).map((name) => name.trim());
}
