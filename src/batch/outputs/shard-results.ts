import { readFile, mkdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { codeOf, InkdigitError } from '../../errors.js';
import { faultAndAdvice } from '../../files/file-fault.js';
import { removeFile, writeFileAtomically } from '../../files/write-file.js';
import type { RowFormat } from '../plan/batch-identity.js';
import type { ReadKind } from '../plan/result-rows.js';
import { addTallies, NOTHING, type Tally } from '../plan/tally.js';
import { OpenRows } from './open-rows.js';
import type { ShardPaths } from './shard-paths.js';
import { writeResults } from './write-results.js';

/** A file of results that is complete. */
export interface ResultFile {
  readonly file: string;
  readonly rows: number;
  readonly bytes: number;
}

/** What is kept of files that are complete. */
export interface ShardProgress {
  readonly files: readonly ResultFile[];
  readonly tally: Tally;
  /** Milliseconds of all runs, to the end of the last file. */
  readonly workedMs: number;
}

const BEGINNING: ShardProgress = { files: [], tally: NOTHING, workedMs: 0 };

export interface ResultSettings {
  readonly format: RowFormat;
  readonly read: ReadKind;
  readonly rowsPerFile: number;
}

/** The results of one shard: rows are appended in their order, and become files of `rowsPerFile` rows. */
export class ShardResults {
  readonly #paths: ShardPaths;
  readonly #settings: ResultSettings;
  #sinceMs = performance.now();
  #progress: ShardProgress;
  #open: OpenRows;

  private constructor(paths: ShardPaths, settings: ResultSettings, progress: ShardProgress, open: OpenRows) {
    this.#paths = paths;
    this.#settings = settings;
    this.#progress = progress;
    this.#open = open;
  }

  /**
   * Goes on where an earlier process was, or begins.
   * @throws InkdigitError `write_failed`, or `invalid_data` where what was kept is damaged
   */
  static async open(paths: ShardPaths, settings: ResultSettings): Promise<ShardResults> {
    const progress = await readProgress(paths.progress);
    const { files, tally } = progress;
    await mkdir(paths.work, { recursive: true });
    const open = await OpenRows.open(paths, files.length, tally.images);
    const results = new ShardResults(paths, settings, progress, open);
    await results.#completeFull();
    return results;
  }

  /** Of all rows. */
  get tally(): Tally {
    return addTallies(this.#progress.tally, this.#open.tally);
  }

  /** Of all files that are complete. */
  get progress(): ShardProgress {
    return this.#progress;
  }

  /**
   * Adds rows, which must not go beyond the end of a file.
   * @param lines of JSON
   * @throws InkdigitError `write_failed`
   */
  async append(lines: Uint8Array, tally: Tally): Promise<void> {
    await this.#open.append(lines, tally);
    await this.#completeFull();
  }

  /** Makes the last file of what is left. @throws InkdigitError `write_failed` */
  async finish(): Promise<void> {
    if (this.#open.tally.images > 0 || this.#progress.files.length === 0) await this.#complete();
    await this.#open.close();
    await removeFile(this.#open.path);
  }

  /** Leaves everything as it is, to go on later. */
  async close(): Promise<void> {
    await this.#open.close();
  }

  /** What was killed may have left all rows of a file, and not the file. */
  async #completeFull(): Promise<void> {
    while (this.#open.tally.images === this.#settings.rowsPerFile) await this.#complete();
  }

  /**
   * The file comes first, what is kept of it second, and its lines go last: whatever is interrupted, it is done again
   * with the same result.
   */
  async #complete(): Promise<void> {
    const { files, tally, workedMs } = this.#progress;
    const { format, read } = this.#settings;
    const path = this.#paths.results(files.length);
    const rows = this.#open.tally;
    await this.#open.close();
    const bytes = await writeResults(this.#open.path, path, format, read);
    const nowMs = performance.now();
    this.#progress = {
      files: [...files, { file: basename(path), rows: rows.images, bytes }],
      tally: addTallies(tally, rows),
      workedMs: workedMs + nowMs - this.#sinceMs,
    };
    this.#sinceMs = nowMs;
    await writeFileAtomically(this.#paths.progress, JSON.stringify(this.#progress));
    this.#open = await OpenRows.open(this.#paths, files.length + 1, this.#progress.tally.images);
  }
}

async function readProgress(path: string): Promise<ShardProgress> {
  try {
    const progress: ShardProgress = JSON.parse(await readFile(path, 'utf8'));
    return progress;
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return BEGINNING;
    const message = `Cannot read ${path}: ${faultAndAdvice(cause)} --force begins anew.`;
    throw new InkdigitError('invalid_data', message, { cause });
  }
}
