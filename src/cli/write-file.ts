import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InkdigitError, messageOf } from '../errors.js';

/**
 * Writes a file whole or not at all: under a temporary name beside it first, then renamed. Its folder is made if
 * missing.
 */
export async function writeFileAtomically(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new InkdigitError('missing_file', `Cannot write ${path}: ${messageOf(cause)}`, { cause });
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
