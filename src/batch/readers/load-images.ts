import { loadImage } from '../inputs/load-image.js';
import type { ObjectStore } from '../inputs/object-store.js';
import type { Fault, FoundImage } from '../plan/found-image.js';
import type { Plane } from '../../image/plane.js';

/** An image whose content is at hand, or cannot be had. */
export interface LoadedImage {
  readonly name: string;
  readonly content: Uint8Array | { readonly plane: Plane } | { readonly fault: Fault };
}

/** Files and objects that are fetched at a time. */
const TOGETHER = 8;

/**
 * The images with their content, in their order. The next ones are fetched meanwhile, so that a store that is far away
 * is not waited for once an image.
 * @throws InkdigitError `download_failed`
 */
export async function* loadImages(
  images: readonly FoundImage[],
  objects: ObjectStore,
): AsyncGenerator<LoadedImage> {
  const coming: Promise<LoadedImage>[] = [];
  let next = 0;
  try {
    while (next < images.length || coming.length > 0) {
      while (coming.length < TOGETHER && next < images.length) {
        const image = images[next++];
        if (image) coming.push(loaded(image, objects));
      }
      const first = await coming.shift();
      if (first) yield first;
    }
  } finally {
    // Those that are not waited for any more may fail without anyone to hear it.
    await Promise.allSettled(coming);
  }
}

async function loaded({ name, content }: FoundImage, objects: ObjectStore): Promise<LoadedImage> {
  if ('bytes' in content) return { name, content: content.bytes };
  if (!('path' in content)) return { name, content };
  const bytes = await loadImage(content.path, objects);
  return { name, content: bytes instanceof Uint8Array ? bytes : { fault: bytes } };
}
