import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InkdigitError, messageOf } from '../errors.js';

/**
 * Writes a file whole or not at all: under a temporary name beside it first, then renamed. Its folder is made if
 * missing.
 * @throws InkdigitError `write_failed`
 */
export async function writeFileAtomically(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, content, { flush: true });
    await rename(temporary, path);
  } catch (cause) {
    // What cannot be written cannot always be removed either; the first reason is the one to tell.
    await rm(temporary, { force: true }).catch(() => {});
    throw new InkdigitError('write_failed', `Cannot write ${path}: ${messageOf(cause)}`, { cause });
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
 * Makes sure, before long work, that its result can be written.
 * @throws InkdigitError `write_failed`
 */
export async function requireWritable(path: string): Promise<void> {
  const probe = `${path}.probe`;
  await writeFileAtomically(probe, '');
  await rm(probe, { force: true });
}
