import type { Option } from 'commander';
import { option } from './declare-option.js';

/** `--models`: the folder of a store of versions, for every command that reads or changes one. */
export function modelsDirOption(description = 'folder of the store'): Option {
  return option('--models <folder>', description, { env: 'INKDIGIT_MODELS_DIR' });
}
