import { framesBetween, type Chunk, type Found, type FoundFrames, type FoundImage } from './found-image.js';

/**
 * Images of one inference, all of them between two multiples of it: which images are read together follows from their
 * places alone, whenever the work was begun, so that a batch that was stopped ends with the same answers. With 256 an
 * inference takes the least time a frame.
 */
export const GROUP_IMAGES = 256;

/** Bytes of image files in one chunk. */
const CHUNK_BYTES = 16 * 1024 * 1024;

export interface ChunkSettings {
  /** The place of the first image. */
  readonly first: number;
  /** A chunk ends where a file of rows does. */
  readonly rowsPerFile: number;
  /** Image files of one chunk, which divide `GROUP_IMAGES`. */
  readonly maxImages: number;
  /** Frames of one chunk, a multiple of `GROUP_IMAGES`. */
  readonly maxFrames: number;
}

/** Where the next group ends that has the image at a place. */
export function groupEnd(place: number): number {
  return place - (place % GROUP_IMAGES) + GROUP_IMAGES;
}

/** Puts what was found together, in its order. At most one chunk is held. */
export async function* inChunks(
  found: AsyncIterable<Found>,
  { first, rowsPerFile, maxImages, maxFrames }: ChunkSettings,
): AsyncGenerator<Chunk> {
  let place = first;
  let images: FoundImage[] = [];
  let byteCount = 0;
  let pieces: FoundFrames[] = [];
  let frameCount = 0;
  const imagesChunk = (): Chunk => {
    const chunk: Chunk = { kind: 'images', first: place - images.length, images };
    images = [];
    byteCount = 0;
    return chunk;
  };
  const framesChunk = (): Chunk => {
    const chunk: Chunk = { kind: 'frames', first: place - frameCount, pieces };
    pieces = [];
    frameCount = 0;
    return chunk;
  };
  for await (const item of found) {
    if (item.kind === 'image') {
      if (frameCount > 0) yield framesChunk();
      images.push({ name: item.name, content: item.content });
      byteCount += 'bytes' in item.content ? item.content.bytes.length : 0;
      place++;
      const isFull = place % maxImages === 0 || byteCount >= CHUNK_BYTES;
      if (isFull || place % rowsPerFile === 0) yield imagesChunk();
      continue;
    }
    if (images.length > 0) yield imagesChunk();
    const count = item.places.length;
    for (let from = 0; from < count;) {
      const end = Math.min(nextMultiple(place, maxFrames), nextMultiple(place, rowsPerFile));
      const to = Math.min(count, from + end - place);
      pieces.push(framesBetween(item, from, to));
      frameCount += to - from;
      place += to - from;
      from = to;
      if (place === end) yield framesChunk();
    }
  }
  if (images.length > 0) yield imagesChunk();
  if (frameCount > 0) yield framesChunk();
}

/** The least multiple of `step` above `place`. */
function nextMultiple(place: number, step: number): number {
  return place - (place % step) + step;
}
