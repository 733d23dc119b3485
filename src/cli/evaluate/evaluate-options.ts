import { InkdigitError } from '../../errors.js';
import type { NormalizeMode } from '../../image/normalize-mode.js';

/** What `inkdigit evaluate` was asked to do. */
export interface EvaluateOptions {
  readonly model: string;
  readonly split: 'test' | 'validation';
  readonly images?: string;
  readonly numbers?: string;
  /** A CSV file. */
  readonly truth?: string;
  readonly skipBad?: boolean;
  readonly normalize?: NormalizeMode;
  readonly robustness?: boolean;
  /** A folder; `true` for the held-out kinds. */
  readonly outliers?: string | true;
  readonly html?: string;
  readonly force?: boolean;
  readonly threads: number;
  readonly json?: boolean;
  readonly record?: boolean;
  readonly seeds?: readonly string[];
  readonly candidates?: readonly string[];
  readonly dataDir?: string;
}

/** @throws InkdigitError `invalid_option` for an option that has no effect or a contradictory one */
export function refuseWithoutPartner(options: EvaluateOptions): void {
  const {
    record,
    seeds,
    candidates,
    split,
    images,
    outliers,
    skipBad,
    normalize,
    html,
    force,
    numbers,
    truth,
  } = options;
  const refuse = (message: string): never => {
    throw new InkdigitError('invalid_option', message);
  };
  if (record && (split !== 'test' || images !== undefined)) {
    refuse(`--record is for the test images; leave ${images === undefined ? '--split' : '--images'} out.`);
  }
  if (seeds && !record) refuse('--seeds goes with --record, which writes into the card.');
  if (candidates && !record) refuse('--candidates goes with --record, which writes into the card.');
  const ofFolders = [skipBad && '--skip-bad', normalize && '--normalize'].find(Boolean);
  if (ofFolders && images === undefined && typeof outliers !== 'string') {
    refuse(
      `${ofFolders} goes with --images DIR or --outliers DIR, folders of your own pictures; MNIST is read as it is.`,
    );
  }
  if (truth !== undefined && numbers === undefined) {
    refuse('--truth goes with --numbers DIR, whose images it gives their numbers.');
  }
  if (force && html === undefined) refuse('--force goes with --html FILE, which it lets replace a file.');
}
