import type { Option } from 'commander';
import { option } from './options.js';

/** The folder of the data sets other than MNIST, for every command that reads them. */
export function datasetsDirOption(): Option {
  return option(
    '--datasets-dir <folder>',
    "folder of the data sets other than MNIST (default: datasets in the user's cache folder)",
  );
}

/** The data sets that scenes are made of, for every command that makes some. */
export function datasetsOption(): Option {
  return option(
    '--datasets <names>',
    'for the networks reader, thumbnail and finder: the data sets that their pictures are made of (a,b; default: all)',
    { parse: (names) => splitNames([names]) },
  );
}

/** Names with commas between them, as a repeatable option collects them. */
export function splitNames(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.split(',')).map((name) => name.trim());
}
