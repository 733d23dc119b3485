import { access, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isFolder } from './list-images.js';
import { InkdigitError } from '../errors.js';
import { faultAndAdvice } from './file-fault.js';
import { isAlive } from './is-alive.js';

/** A file to write. */
export interface NewFile {
  readonly path: string;
  readonly content: Uint8Array | string;
}

/**
 * Writes a file whole or not at all: under a temporary name beside it first, then renamed. Its folder is made if
 * missing.
 * @throws InkdigitError `write_failed`
 */
export async function writeFileAtomically(path: string, content: Uint8Array | string): Promise<void> {
  await writeFilesAtomically([{ path, content }]);
}

/**
 * Writes files that belong together: none takes its place before all have been written, so that a full disk leaves
 * what was there before. They take their places in the order given.
 * @param beforeReplacing is called when all are written and none is in its place yet
 * @throws InkdigitError `write_failed`
 */
export async function writeFilesAtomically(
  files: readonly NewFile[],
  beforeReplacing: () => Promise<void> = async () => {},
): Promise<void> {
  let current = '';
  try {
    for (const { path, content } of files) {
      current = path;
      await mkdir(dirname(path), { recursive: true });
      await writeFile(temporaryPath(path), content, { flush: true });
    }
    await beforeReplacing();
    for (const { path } of files) {
      current = path;
      await rename(temporaryPath(path), path);
    }
  } catch (cause) {
    // What cannot be written cannot always be removed either; the first reason is the one to tell.
    for (const { path } of files) await rm(temporaryPath(path), { force: true }).catch(() => {});
    throw cannotWrite(current, cause);
  }
}

function cannotWrite(path: string, cause: unknown): InkdigitError {
  return new InkdigitError('write_failed', `Cannot write ${path}: ${faultAndAdvice(cause)}`, { cause });
}

/**
 * Removes a file, if there is one.
 * @throws InkdigitError `write_failed`
 */
export async function removeFile(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (cause) {
    throw new InkdigitError('write_failed', `Cannot remove ${path}: ${faultAndAdvice(cause)}`, { cause });
  }
}

function temporaryPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
}

/** Removes temporary files of these that a process left behind which was killed while it wrote. */
export async function removeStaleTemporaries(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const folder = dirname(path);
    // Where nothing was written yet, nothing was left behind.
    const names = await readdir(folder).catch(() => []);
    for (const name of names) {
      if (!name.startsWith(`.${basename(path)}.`)) continue;
      const owner = /^(\d+)\.tmp$/.exec(name.slice(basename(path).length + 2))?.[1];
      // A process of our own number was one before us.
      const isLeft = owner !== undefined && (Number(owner) === process.pid || !isAlive(Number(owner)));
      if (isLeft) await removeFile(join(folder, name));
    }
  }
}

/** @throws InkdigitError `file_exists` that names the first of `paths` that exists */
export async function refuseToOverwrite(paths: readonly string[], advice: string): Promise<void> {
  for (const path of paths) {
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (exists) throw new InkdigitError('file_exists', `${path} exists already. ${advice}`);
  }
}

/**
 * Makes sure, before long work, that its results can be written. Nothing is touched but the temporary names that they
 * will be written under.
 * @throws InkdigitError `write_failed`
 */
export async function requireWritable(...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    if (await isFolder(path)) {
      throw new InkdigitError('write_failed', `Cannot write ${path}: it is a folder. Name a file in it.`);
    }
    const probe = temporaryPath(path);
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(probe, '');
      await rm(probe);
    } catch (cause) {
      throw cannotWrite(path, cause);
    }
  }
}
