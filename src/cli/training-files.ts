import { basename, dirname, join, resolve } from 'node:path';
import { readFile, rename, rm } from 'node:fs/promises';
import { codeOf, InkdigitError, messageOf } from '../errors.js';
import { cardPath } from '../model/model-paths.js';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from '../training/checkpoint.js';
import { refuseToOverwrite, writeFileAtomically } from './write-file.js';

/** Where the files of a training go. */
export interface TrainingPaths {
  readonly model: string;
  readonly card: string;
  /** `training.svg` beside `mnist.onnx`, `other.svg` beside `other.onnx`. */
  readonly curves: string;
  /** What a stopped training is continued from; it is there until the training has ended. */
  readonly checkpoint: string;
  /** The one before, for when the newest is damaged. */
  readonly previousCheckpoint: string;
}

/** @throws InkdigitError `invalid_option` */
export function trainingPaths(out: string): TrainingPaths {
  if (!out.endsWith('.onnx')) {
    throw new InkdigitError('invalid_option', `--out names the model's file, ending in .onnx; got ${out}.`);
  }
  const model = resolve(out);
  const name = basename(model, '.onnx');
  const checkpoint = join(dirname(model), `${name}.checkpoint`);
  return {
    model,
    card: cardPath(model),
    curves: join(dirname(model), name === 'mnist' ? 'training.svg' : `${name}.svg`),
    checkpoint,
    previousCheckpoint: `${checkpoint}.previous`,
  };
}

/** @throws InkdigitError `file_exists` where an earlier training left something behind */
export async function refuseToReplace(paths: TrainingPaths): Promise<void> {
  await refuseToOverwrite(
    [paths.checkpoint, paths.previousCheckpoint],
    'It is of a training that was stopped: --resume continues it, --force starts over.',
  );
  await refuseToOverwrite(
    [paths.model, paths.card, paths.curves],
    'Choose another --out, or --force to replace the earlier training.',
  );
}

/**
 * Writes a checkpoint, keeping the one before.
 * @throws InkdigitError `write_failed`
 */
export async function saveCheckpoint(paths: TrainingPaths, checkpoint: Checkpoint): Promise<void> {
  await rename(paths.checkpoint, paths.previousCheckpoint).catch((thrown: unknown) => {
    if (codeOf(thrown) !== 'ENOENT') throw thrown;
  });
  await writeFileAtomically(paths.checkpoint, encodeCheckpoint(checkpoint));
}

/**
 * The newest checkpoint that is whole.
 * @param warn is told of a newer one that is not
 * @throws InkdigitError `missing_file` where there is none, `invalid_data` where none is whole
 */
export async function loadCheckpoint(
  paths: TrainingPaths,
  warn: (line: string) => void,
): Promise<Checkpoint> {
  let damage: InkdigitError | undefined;
  for (const path of [paths.checkpoint, paths.previousCheckpoint]) {
    try {
      const checkpoint = decodeCheckpoint(await readFile(path), path);
      if (damage) warn(`${damage.message} Continuing from ${path} instead, an epoch earlier.`);
      return checkpoint;
    } catch (thrown) {
      if (thrown instanceof InkdigitError) damage ??= thrown;
      else if (codeOf(thrown) !== 'ENOENT') {
        throw new InkdigitError('missing_file', `Cannot read ${path}: ${messageOf(thrown)}`, {
          cause: thrown,
        });
      }
    }
  }
  if (damage) throw damage;
  throw new InkdigitError(
    'missing_file',
    `There is nothing to resume: expected ${paths.checkpoint}, which a training writes after every epoch until it ends.`,
  );
}

export async function removeCheckpoints(paths: TrainingPaths): Promise<void> {
  await rm(paths.checkpoint, { force: true });
  await rm(paths.previousCheckpoint, { force: true });
}
