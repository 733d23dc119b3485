import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf, InkdigitError } from '../errors.js';
import { faultAndAdvice } from '../files/file-fault.js';

/** A new file, on the disk when this returns; its name is there for good once its folder is synced too. */
export async function writeDurably(path: string, content: Uint8Array | string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Appends a line by one write, so that lines of several processes never mix.
 * @throws Error where not all of it was taken; what was is no whole line, and stays so
 */
export async function appendDurably(path: string, line: string): Promise<void> {
  const file = await open(path, 'a');
  try {
    const bytes = Buffer.from(line);
    const { bytesWritten } = await file.write(bytes);
    await file.sync();
    if (bytesWritten !== bytes.length) throw new Error('the disk took a part of the line; is it full?');
  } finally {
    await file.close();
  }
}

/** Renames, and makes sure of the new name and of the old one's end. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncFolder(dirname(to));
  if (dirname(from) !== dirname(to)) await syncFolder(dirname(from));
}

/** Makes sure of the names in a folder. Systems that cannot sync a folder (Windows) do it by themselves. */
export async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (thrown) {
    if (!['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP'].includes(codeOf(thrown) ?? '')) throw thrown;
  }
}

/** Makes a folder and those around it. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first !== undefined) await syncFolder(dirname(first));
}

/** What the system said while a store was changed, in words. */
export function cannotChange(dir: string, cause: unknown): InkdigitError {
  if (cause instanceof InkdigitError) return cause;
  return new InkdigitError('write_failed', `Cannot change the store ${dir}: ${faultAndAdvice(cause)}`, {
    cause,
  });
}
