import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { codeOf, InkdigitError, messageOf } from '../errors.js';

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

const byNumbers = new Intl.Collator('en', { numeric: true });

/** `img_2` before `img_10`; the same everywhere, whatever order a file system lists names in. */
export function naturalOrder(a: string, b: string): number {
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

/** @throws InkdigitError `missing_file` that names a folder which cannot be read */
export async function listFolder(folder: string): Promise<FolderContent> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    const reason = codeOf(cause) === 'ENOENT' ? 'there is no such folder' : messageOf(cause);
    throw new InkdigitError('missing_file', `Cannot read the folder ${folder}: ${reason}`, { cause });
  });
  const images: string[] = [];
  const others: string[] = [];
  for (const entry of entries.toSorted((a, b) => naturalOrder(a.name, b.name))) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      const below = await listFolder(path);
      images.push(...below.images);
      others.push(...below.others);
    } else (isImageName(entry.name) ? images : others).push(path);
  }
  return { images, others };
}
