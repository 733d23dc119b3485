import type { Dirent } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import picomatch from 'picomatch';
import { InkdigitError } from '../../errors.js';
import { faultAndAdvice } from '../../files/file-fault.js';

/**
 * The files of a folder and those below it, in the order in which the file system has them: nothing is sorted or held,
 * however many there are. Links are followed, a folder counts once, hidden names are passed over.
 * @param depth levels of folders to go down at most; 0 is the folder alone
 * @throws InkdigitError `missing_file` that names a folder which cannot be read
 */
export async function* walkFiles(folder: string, depth = Infinity): AsyncGenerator<string> {
  yield* walk(folder, depth, new Set());
}

async function* walk(folder: string, depth: number, seen: Set<string>): AsyncGenerator<string> {
  try {
    const place = await realpath(folder);
    if (seen.has(place)) return;
    seen.add(place);
    for await (const entry of await opendir(folder, { bufferSize: 256 })) {
      if (entry.name.startsWith('.')) continue;
      const path = join(folder, entry.name);
      const kind = await kindOf(entry, path);
      if (kind === 'file') yield path;
      else if (kind === 'folder' && depth > 0) yield* walk(path, depth - 1, seen);
    }
  } catch (cause) {
    if (cause instanceof InkdigitError) throw cause;
    const message = `Cannot read the folder ${folder}: ${faultAndAdvice(cause, 'folder')}`;
    throw new InkdigitError('missing_file', message, { cause });
  }
}

/** A link that leads nowhere is a file: reading it says what is wrong. What is neither is not waited for. */
async function kindOf(entry: Dirent, path: string): Promise<'file' | 'folder' | 'other'> {
  const found = entry.isSymbolicLink() ? await stat(path).catch(() => null) : entry;
  if (found === null || found.isFile()) return 'file';
  return found.isDirectory() ? 'folder' : 'other';
}

/** A pattern as `scans/2026-*.png`, and where it begins. */
export interface FilePattern {
  /** The folder, or the beginning of the address, that everything it matches lies in. */
  readonly base: string;
  /** Levels of folders below it. */
  readonly depth: number;
  matches(path: string): boolean;
}

/** `undefined` where a path is no pattern. */
export function patternOf(path: string): FilePattern | undefined {
  const { base, glob, isGlob } = picomatch.scan(path);
  if (!isGlob) return undefined;
  const depth = glob.includes('**') ? Infinity : glob.split('/').length - 1;
  return { base: base === '' ? '.' : base, depth, matches: picomatch(path) };
}
