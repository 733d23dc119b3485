import { createReadStream } from 'node:fs';
import { copyFile, link, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InkdigitError } from '../../errors.js';
import { faultAndAdvice } from '../../files/file-fault.js';
import { readLines } from '../../files/read-lines.js';
import type { RowFormat } from '../plan/batch-identity.js';
import { parseRow, type ReadKind, type ResultRow } from '../plan/result-rows.js';
import { csvHeader, csvLine } from './csv-rows.js';

/**
 * Makes a file of results of the lines of JSON in another, to which nothing is added any more: whole or not at all, and
 * on the disk when this returns.
 * @returns its bytes
 * @throws InkdigitError `write_failed`
 */
export async function writeResults(
  rowsPath: string,
  path: string,
  format: RowFormat,
  read: ReadKind,
): Promise<number> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeAs[format](rowsPath, temporary, read);
    await rename(temporary, path);
    await syncFolder(dirname(path));
    return (await stat(path)).size;
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {});
    if (cause instanceof InkdigitError) throw cause;
    throw new InkdigitError('write_failed', `Cannot write ${path}: ${faultAndAdvice(cause)}`, { cause });
  }
}

const writeAs: Readonly<Record<RowFormat, (from: string, to: string, read: ReadKind) => Promise<void>>> = {
  async jsonl(from, to) {
    // The lines are the file already, and no one writes to them any more. Some systems give no second name.
    await rm(to, { force: true });
    await link(from, to).catch(() => copyFile(from, to));
    await usingFile(to, 'r+', (file) => file.sync());
  },
  async csv(from, to, read) {
    await usingFile(to, 'w', async (file) => {
      await file.appendFile(csvHeader(read));
      for await (const rows of rowsOf(from)) {
        await file.appendFile(rows.map((row) => csvLine(row, read)).join(''));
      }
      await file.sync();
    });
  },
  async parquet(from, to, read) {
    // Loaded only where it is used.
    const { writeParquet } = await import('./parquet-rows.js');
    await writeParquet(to, rowsOf(from), read);
  },
};

/** The rows of a file that this program wrote. */
async function* rowsOf(path: string): AsyncGenerator<readonly ResultRow[]> {
  for await (const lines of readLines(createReadStream(path, { highWaterMark: 512 * 1024 }), path)) {
    yield lines.map((line) => {
      const row = parseRow(line);
      if (row) return row;
      throw new InkdigitError('write_failed', `${path} was changed while it was read. --resume goes on.`);
    });
  }
}

async function usingFile(
  path: string,
  flags: string,
  use: (file: FileHandle) => Promise<void>,
): Promise<void> {
  const file = await open(path, flags);
  try {
    await use(file);
  } finally {
    await file.close();
  }
}

/** So that names are on the disk too. Systems that cannot open folders save them by themselves. */
async function syncFolder(path: string): Promise<void> {
  await usingFile(path, 'r', (folder) => folder.sync()).catch(() => {});
}
