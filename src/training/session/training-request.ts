import type { NormalizeMode } from '../../image/normalize-mode.js';
import type { Device } from '../compute.js';
import type { RecipeSettings } from '../recipe-settings.js';

/** What `inkdigit train` was asked to do. */
export interface TrainingRequest extends RecipeSettings {
  readonly quick?: boolean;
  readonly device: Device;
  readonly threads: number;
  readonly trainImages?: number;
  /** A folder of images, one folder a digit, to train on instead of MNIST. */
  readonly images?: string;
  /** Whether to train on MNIST as well. */
  readonly withMnist?: boolean;
  readonly skipBad?: boolean;
  /** Whether to look for the digit in each picture of the folder. */
  readonly normalize?: NormalizeMode;
  /** Share of the folder's images, 0..1, that validates. */
  readonly validationShare?: number;
  /** Whether to measure the result on the test images. */
  readonly test: boolean;
  readonly out: string;
  /** A model, or its weights, to begin from. */
  readonly from?: string;
  /** Models to distil from. */
  readonly teachers?: readonly string[];
  readonly resume?: boolean;
  readonly force?: boolean;
  readonly dataDir?: string;
  /** Data sets by name, and their folder. */
  readonly datasets?: readonly string[];
  readonly datasetsDir?: string;
}
