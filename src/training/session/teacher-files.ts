import { resolve } from 'node:path';
import { InkdigitError } from '../../errors.js';
import { createClassifier } from '../../model/classifier.js';
import { readModelFile } from '../../model/read-model-files.js';
import { sha256Of } from '../../sha256.js';
import type { TeacherFile } from '../checkpoint/checkpoint.js';

/** Teachers, and the files that they come from. */
export interface LoadedTeachers {
  readonly files: readonly TeacherFile[];
  readonly models: readonly Uint8Array[];
}

/**
 * Reads the teachers of a training.
 * @param side of the pictures that they read; by default that of a frame
 * @throws InkdigitError `missing_file`, or `invalid_model` for a file that is no model for digits
 */
export async function loadTeachers(paths: readonly string[], side?: number): Promise<LoadedTeachers> {
  const models: Uint8Array[] = [];
  const files: TeacherFile[] = [];
  for (const path of paths) {
    const model = await readModelFile(path);
    await (await createClassifier(model, { side }, path)).close();
    models.push(model);
    files.push({ file: resolve(path), sha256: sha256Of(model) });
  }
  return { files, models };
}

/**
 * Reads the teachers of a training that is resumed.
 * @param asked where they are now, if they were moved
 * @throws InkdigitError `invalid_option` for another number of them, `missing_file` for one that is not there,
 * `invalid_data` for another file
 */
export async function loadSameTeachers(
  files: readonly TeacherFile[],
  asked: readonly string[] | undefined,
  side?: number,
): Promise<LoadedTeachers> {
  if (asked && asked.length !== files.length) {
    throw new InkdigitError(
      'invalid_option',
      `--teachers: the training was started with ${files.length} of them, got ${asked.length}. ` +
        'Pass the same ones, or leave --teachers out.',
    );
  }
  const loaded = await loadTeachers(asked ?? files.map(({ file }) => file), side).catch((thrown: unknown) => {
    if (!(thrown instanceof InkdigitError) || thrown.code !== 'missing_file') throw thrown;
    throw new InkdigitError('missing_file', `${thrown.message} ${ADVICE}`, { cause: thrown });
  });
  for (const [i, { sha256, file }] of files.entries()) {
    const got = loaded.files[i];
    if (got?.sha256 === sha256) continue;
    throw new InkdigitError(
      'invalid_data',
      `${got?.file} is not the teacher that the training was started with (${file}): expected SHA-256 ${sha256}, ` +
        `got ${got?.sha256}. ` +
        ADVICE,
    );
  }
  return loaded;
}

const ADVICE = 'Put it back, pass --teachers with its new place, or start over with --force.';
