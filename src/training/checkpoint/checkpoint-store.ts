import { readFile, rename } from 'node:fs/promises';
import { codeOf, InkdigitError } from '../../errors.js';
import { faultAndAdvice } from '../../files/file-fault.js';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from './checkpoint.js';
import type { TrainingPaths } from './training-paths.js';
import { removeFile, writeFilesAtomically } from '../../files/write-file.js';

/** The checkpoints of one training on disk: the newest and the one before. At any time one of them is whole. */
export class CheckpointStore {
  readonly #paths: Pick<TrainingPaths, 'checkpoint' | 'previousCheckpoint'>;
  #newestIsWhole = true;
  #savedEpoch: number | null = null;

  constructor(paths: Pick<TrainingPaths, 'checkpoint' | 'previousCheckpoint'>) {
    this.#paths = paths;
  }

  /** The epoch that can be resumed after; `null` where no checkpoint was read or written. */
  get savedEpoch(): number | null {
    return this.#savedEpoch;
  }

  /**
   * Writes a checkpoint and keeps the one before.
   * @throws InkdigitError `write_failed`; the earlier files are still there
   */
  async save(checkpoint: Checkpoint): Promise<void> {
    const { checkpoint: newest, previousCheckpoint } = this.#paths;
    // A kill between the two renames leaves the one before.
    await writeFilesAtomically([{ path: newest, content: encodeCheckpoint(checkpoint) }], async () => {
      // A damaged file must not replace the one that was read instead of it.
      if (this.#newestIsWhole) await unlessMissing(rename(newest, previousCheckpoint));
    });
    this.#newestIsWhole = true;
    this.#savedEpoch = checkpoint.snapshot.epochs.length;
  }

  /**
   * The newest checkpoint that is whole.
   * @param warn called with a line for each newer one that is damaged
   * @throws InkdigitError `missing_file` where there is none, `invalid_data` where none is whole
   */
  async load(warn: (line: string) => void): Promise<Checkpoint> {
    const damages: InkdigitError[] = [];
    for (const path of [this.#paths.checkpoint, this.#paths.previousCheckpoint]) {
      try {
        const checkpoint = decodeCheckpoint(await readFile(path), path);
        for (const { message } of damages) {
          warn(`${message} Continuing from ${path} instead, an epoch earlier.`);
        }
        this.#newestIsWhole = damages.length === 0;
        this.#savedEpoch = checkpoint.snapshot.epochs.length;
        return checkpoint;
      } catch (thrown) {
        if (thrown instanceof InkdigitError) damages.push(thrown);
        else if (codeOf(thrown) !== 'ENOENT') {
          const message = `Cannot read ${path}: ${faultAndAdvice(thrown)}`;
          throw new InkdigitError('missing_file', message, { cause: thrown });
        }
      }
    }
    if (damages.length === 0) {
      throw new InkdigitError(
        'missing_file',
        `There is nothing to resume: expected ${this.#paths.checkpoint}, which a training writes after every epoch ` +
          'until it ends.',
      );
    }
    throw new InkdigitError(
      'invalid_data',
      `${damages.map(({ message }) => message).join(' ')} There is no other to continue from; start over with --force.`,
      { cause: damages[0] },
    );
  }

  async clear(): Promise<void> {
    await removeFile(this.#paths.checkpoint);
    await removeFile(this.#paths.previousCheckpoint);
    this.#savedEpoch = null;
  }
}

async function unlessMissing(done: Promise<void>): Promise<void> {
  await done.catch((thrown: unknown) => {
    if (codeOf(thrown) !== 'ENOENT') throw thrown;
  });
}
