import type { Option } from 'commander';
import { option } from './declare-option.js';

/** The folder of MNIST's files, for every command that reads them. */
export function dataDirOption(): Option {
  return option('--data-dir <folder>', "folder of MNIST's four files (default: the user's cache folder)", {
    env: 'MNIST_DATA_DIR',
  });
}
