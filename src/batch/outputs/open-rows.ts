import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, open, readdir, stat, truncate, type FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { InkdigitError } from '../../errors.js';
import { faultAndAdvice } from '../../files/file-fault.js';
import { readLines } from '../../files/read-lines.js';
import { removeFile } from '../../files/write-file.js';
import { groupEnd } from '../plan/chunks.js';
import { parseRow, type ResultRow } from '../plan/result-rows.js';
import { addTallies, NOTHING, tallyRows, type Tally } from '../plan/tally.js';
import type { ShardPaths } from './shard-paths.js';

/** Bytes that are written before the system is asked to save them: a complete file has to wait for few. */
const UNSAVED_BYTES = 8 * 1024 * 1024;

/** What a file of rows has that was read again. */
interface Recovered {
  readonly tally: Tally;
  /** Up to the end of the last row that counts. */
  readonly bytes: number;
}

/**
 * The rows of a file that is not complete yet, as lines of JSON. They are written as they come, so that a process that
 * is killed loses what it was reading, and no row that it had written.
 */
export class OpenRows {
  readonly path: string;
  readonly #file: FileHandle;
  #tally: Tally;
  #unsavedBytes = 0;
  #isSaving = false;

  private constructor(path: string, file: FileHandle, tally: Tally) {
    this.path = path;
    this.#file = file;
    this.#tally = tally;
  }

  /** What was written. */
  get tally(): Tally {
    return this.#tally;
  }

  /**
   * Goes on with the rows that earlier processes left of a file, those of the one that came farthest, or begins anew.
   * They are copied: a process that still runs somewhere, taken for dead, then writes where no one looks.
   * @param first the place of the file's first row; what is left of a group of images that are read together is read
   * again
   * @throws InkdigitError `write_failed`
   */
  static async open(paths: ShardPaths, file: number, first: number): Promise<OpenRows> {
    const owner = `${process.pid}-${randomBytes(4).toString('hex')}`;
    const path = paths.rows(file, owner);
    try {
      const left = await leftRows(paths, file);
      let best: { readonly from: string; readonly recovered: Recovered } | undefined;
      for (const from of left) {
        const recovered = await recover(from, first);
        if (!best || recovered.tally.images > best.recovered.tally.images) best = { from, recovered };
      }
      if (best) {
        await copyFile(best.from, path);
        await truncate(path, best.recovered.bytes);
      }
      const handle = await open(path, 'a');
      for (const old of left) await removeFile(old);
      return new OpenRows(path, handle, best?.recovered.tally ?? NOTHING);
    } catch (cause) {
      throw writeFailed(path, cause);
    }
  }

  /** @throws InkdigitError `write_failed` */
  async append(lines: Uint8Array, tally: Tally): Promise<void> {
    try {
      await this.#file.appendFile(lines);
      this.#tally = addTallies(this.#tally, tally);
      this.#unsavedBytes += lines.length;
      if (this.#unsavedBytes >= UNSAVED_BYTES && !this.#isSaving) void this.#save();
    } catch (cause) {
      throw writeFailed(this.path, cause);
    }
  }

  /** What cannot be saved is said when the file is complete. */
  async #save(): Promise<void> {
    this.#isSaving = true;
    this.#unsavedBytes = 0;
    await this.#file.datasync().catch(() => {});
    this.#isSaving = false;
  }

  /** More than one call does no harm. */
  async close(): Promise<void> {
    await this.#file.close();
  }
}

/** Files of rows that earlier processes left; those of files that are complete by now are removed. */
async function leftRows({ work, rows }: ShardPaths, file: number): Promise<string[]> {
  const start = basename(rows(file, ''), '.jsonl');
  const left: string[] = [];
  for (const name of await readdir(work)) {
    if (name.startsWith(start)) left.push(join(work, name));
    else if (name.startsWith('rows-')) await removeFile(join(work, name));
  }
  return left;
}

/** Looks at every row: a machine that lost its power may leave anything behind the last ones that it saved. */
async function recover(path: string, first: number): Promise<Recovered> {
  // The state after the last whole group, and after the last row.
  let whole: Recovered = { tally: NOTHING, bytes: 0 };
  let { tally, bytes } = whole;
  let end = groupEnd(first) - first;
  const { size } = await stat(path);
  let rows: ResultRow[] = [];
  for await (const lines of readLines(createReadStream(path, { highWaterMark: 1024 * 1024 }), path)) {
    for (const line of lines) {
      const row = parseRow(line);
      bytes += Buffer.byteLength(line) + 1;
      // A row whose line feed is missing may be one of which the end is missing.
      if (!row || bytes > size) return whole;
      rows.push(row);
      if (tally.images + rows.length < end) continue;
      tally = addTallies(tally, tallyRows(rows));
      rows = [];
      whole = { tally, bytes };
      end = groupEnd(first + tally.images) - first;
    }
  }
  return whole;
}

function writeFailed(path: string, cause: unknown): InkdigitError {
  if (cause instanceof InkdigitError) return cause;
  return new InkdigitError('write_failed', `Cannot write ${path}: ${faultAndAdvice(cause)}`, { cause });
}
