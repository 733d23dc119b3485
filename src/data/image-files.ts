import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';

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

/** The image files in a folder and in those below it, in natural order; hidden files and folders are passed over. */
export async function imageFilesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.toSorted((a, b) => naturalOrder(a.name, b.name))) {
    if (entry.isDirectory()) {
      if (!entry.name.startsWith('.')) found.push(...(await imageFilesIn(join(folder, entry.name))));
    } else if (isImageName(entry.name)) found.push(join(folder, entry.name));
  }
  return found;
}
