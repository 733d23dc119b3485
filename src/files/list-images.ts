import type { Dirent, Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { InkdigitError } from '../errors.js';
import { faultAndAdvice } from './file-fault.js';

/** Files in a folder that are taken for images. */
export const IMAGE_EXTENSIONS: readonly string[] = [
  '.png',
  '.jpg',
  '.jpeg',
  '.gif',
  '.bmp',
  '.webp',
  '.tif',
  '.tiff',
];

/** Made when it is first needed: that takes ten milliseconds, and most processes list nothing. */
let byNumbers: Intl.Collator | undefined;

/** `img_2` before `img_10`; the same everywhere, whatever order a file system lists names in. */
export function naturalOrder(a: string, b: string): number {
  byNumbers ??= new Intl.Collator('en', { numeric: true });
  // `img_1` and `img_01` are equal to the collator.
  return byNumbers.compare(a, b) || (a < b ? -1 : Number(a > b));
}

/** Whether a name has the extension of an image and is not hidden. */
export function isImageName(name: string): boolean {
  return !name.startsWith('.') && IMAGE_EXTENSIONS.includes(extname(name).toLowerCase());
}

/** Whether a path is that of a folder. Follows links: a class may be a link to a folder elsewhere. */
export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

/** What lies in a folder and in those below it, as paths in natural order; nothing that is hidden. */
export interface FolderContent {
  readonly images: readonly string[];
  /** Files whose names are not those of images. */
  readonly others: readonly string[];
}

/**
 * Follows links. A folder counts once, however many links lead to it: links may lead in circles, and the same pictures
 * must not both be learned from and validate.
 * @throws InkdigitError `missing_file` that names a folder which cannot be read
 */
export async function listFolder(folder: string): Promise<FolderContent> {
  const content = { images: [], others: [] };
  await collect(folder, content, new Set());
  return content;
}

async function collect(
  folder: string,
  content: { readonly images: string[]; readonly others: string[] },
  seen: Set<string>,
): Promise<void> {
  for (const { name, path, kind } of await entriesOf(folder, seen)) {
    if (kind === 'folder') await collect(path, content, seen);
    else (kind === 'file' && isImageName(name) ? content.images : content.others).push(path);
  }
}

interface Entry {
  readonly name: string;
  readonly path: string;
  /** `other`: what is neither is not read, as a pipe would be waited for. */
  readonly kind: 'file' | 'folder' | 'other';
}

/** What lies in a folder and is not hidden, in natural order; nothing where the folder was seen before. */
async function entriesOf(folder: string, seen: Set<string>): Promise<Entry[]> {
  try {
    const place = await realpath(folder);
    if (seen.has(place)) return [];
    seen.add(place);
    const entries = await readdir(folder, { withFileTypes: true });
    return await Promise.all(
      entries
        .filter(({ name }) => !name.startsWith('.'))
        .toSorted((a, b) => naturalOrder(a.name, b.name))
        .map(async (entry) => {
          const path = join(folder, entry.name);
          return {
            name: entry.name,
            path,
            kind: kindOf(entry.isSymbolicLink() ? await linked(path) : entry),
          };
        }),
    );
  } catch (cause) {
    const message = `Cannot read the folder ${folder}: ${faultAndAdvice(cause, 'folder')}`;
    throw new InkdigitError('missing_file', message, { cause });
  }
}

/** What a link leads to; `null` for one that leads nowhere, of which reading it as a file says what is wrong. */
function linked(path: string): Promise<Stats | null> {
  return stat(path).catch(() => null);
}

function kindOf(entry: Stats | Dirent | null): Entry['kind'] {
  if (entry === null || entry.isFile()) return 'file';
  return entry.isDirectory() ? 'folder' : 'other';
}
