import { basename, dirname, join, resolve } from 'node:path';
import { InkdigitError } from '../../errors.js';
import { refuseToOverwrite, removeStaleTemporaries, requireWritable } from '../../files/write-file.js';
import { cardPath } from '../../model/model-paths.js';
import { weightsPath } from '../../network/load-weights.js';

/** Where the files of a training go. */
export interface TrainingPaths {
  readonly model: string;
  readonly card: string;
  /** Weights that another training can begin from. */
  readonly weights: string;
  /** `training.svg` beside `mnist.onnx`, `other.svg` beside `other.onnx`. */
  readonly curves: string;
  /** There until the training has ended. */
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
    weights: weightsPath(model),
    curves: join(dirname(model), name === 'mnist' ? 'training.svg' : `${name}.svg`),
    checkpoint,
    previousCheckpoint: `${checkpoint}.previous`,
  };
}

/**
 * The paths of a training, checked before the work: all can be written, and nothing is replaced without being asked to.
 * Temporary files that a killed training left are removed.
 * @throws InkdigitError `invalid_option`, `write_failed`, or `file_exists` where an earlier training left a file
 */
export async function claimTrainingPaths({
  out,
  resume = false,
  force = false,
}: {
  readonly out: string;
  readonly resume?: boolean;
  readonly force?: boolean;
}): Promise<TrainingPaths> {
  const paths = trainingPaths(out);
  // The model first: the other files are named after it.
  await requireWritable(paths.model, ...Object.values(paths));
  if (!resume && !force) {
    await refuseToOverwrite(
      [paths.checkpoint, paths.previousCheckpoint],
      'It is of a training that was stopped: --resume continues it, --force starts over.',
    );
    await refuseToOverwrite(
      [paths.model, paths.card, paths.weights, paths.curves],
      'Choose another --out, or --force to replace the earlier training.',
    );
  }
  await removeStaleTemporaries(Object.values(paths));
  return paths;
}
